// Stdout and stderr of a command: every text passes `printable`'s rule on its way, and a write that fails is remembered and
// told at the end instead of ending the process in its midst. A reader of a pipe that has enough is no failure.
// Source: POSIX write(2) for short writes and EPIPE.

import { randomBytes } from "node:crypto";
import { fstatSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import { visibleText } from "./printable.ts";

// What stands for ESC in the text of this program: a word follows it that no file can know.
const MARK = `\u001b${randomBytes(8).toString("hex")}`;
const guardedStreams = new WeakSet<NodeJS.WritableStream>();

/** A sequence of this program, such as `\x1b[2K`, as part of a text for a guarded stream, which escapes what is not marked. */
export function controlSequence(sequence: string): string {
  return sequence.replaceAll("\u001b", MARK);
}

/** Writes sequences that move the cursor or clear, to a guarded stream or another one. */
export function writeControl(stream: NodeJS.WritableStream, sequence: string): void {
  stream.write(guardedStreams.has(stream) ? controlSequence(sequence) : sequence);
}

/** `text` as a terminal may get it. */
export function guardedText(text: string): string {
  const [first = "", ...rest] = text.split(MARK);
  const marked = rest.map((part) => {
    const [sequence = ""] = /^\[[\d;]*[A-Za-z]/.exec(part) ?? [];
    return `${sequence === "" ? "" : `\u001b${sequence}`}${visibleText(part.slice(sequence.length))}`;
  });
  return visibleText(first) + marked.join("");
}

/** A stream of the process that is guarded. */
export interface GuardedOutput {
  readonly stream: NodeJS.WriteStream;
  /** Waits until all is written; returns why something was not. */
  settle(): Promise<NodeJS.ErrnoException | undefined>;
}

/** Whether writes to it can be short: a pipe's are not, and those of a terminal are Node's. */
function isFile(descriptor: number): boolean {
  if (isatty(descriptor)) return false;
  try {
    // As bigints: Node 20 keeps the last numbers, and where those are of a pipe it resolves the links of modules wrongly.
    const found = fstatSync(descriptor, { bigint: true });
    return found.isFile() || found.isCharacterDevice();
  } catch {
    return false;
  }
}

/** Writes all of `bytes`: a disk that is nearly full takes a part of them without an error. */
function writeWhole(descriptor: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(descriptor, bytes, done);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** Guards a stream of the process, once and until it ends. */
export function guardOutput(stream: NodeJS.WriteStream, descriptor: number): GuardedOutput {
  const write = stream.write.bind(stream);
  const file = isFile(descriptor);
  let isOver = false;
  let failure: NodeJS.ErrnoException | undefined;
  const fail = (error: NodeJS.ErrnoException): void => {
    if (isOver) return;
    isOver = true;
    if (error.code !== "EPIPE") failure = error;
  };
  stream.on("error", fail);
  const guarded = (text: string | Uint8Array): boolean => {
    if (isOver) return true;
    const clean = guardedText(typeof text === "string" ? text : new TextDecoder().decode(text));
    try {
      if (!file) return write(clean);
      writeWhole(descriptor, new TextEncoder().encode(clean));
    } catch (error) {
      fail(error as NodeJS.ErrnoException);
    }
    return true;
  };
  stream.write = guarded as typeof stream.write;
  guardedStreams.add(stream);
  return {
    stream,
    async settle() {
      // Called back when what was written before is out, or has failed.
      if (!file && !isOver) await new Promise<void>((resolve) => void write("", () => resolve()));
      await new Promise((resolve) => setImmediate(resolve));
      return failure;
    },
  };
}
