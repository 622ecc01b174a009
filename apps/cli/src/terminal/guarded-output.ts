// Stdout and stderr of a command. Control characters are escaped as in `printable`. A failed write is reported at the end
// instead of ending the process. A closed pipe is not a failure.
// Source: POSIX write(2) for short writes and EPIPE.

import { randomBytes } from "node:crypto";
import { fstatSync, writeSync } from "node:fs";
import { isatty } from "node:tty";
import { visibleText } from "./printable.ts";

// Replaces ESC in text of this program: a random word follows that files cannot know.
const MARK = `\u001b${randomBytes(8).toString("hex")}`;
const guardedStreams = new WeakSet<NodeJS.WritableStream>();

/** Marks a sequence of this program, such as `\x1b[2K`, for a guarded stream, which escapes unmarked ones. */
export function controlSequence(sequence: string): string {
  return sequence.replaceAll("\u001b", MARK);
}

/** Writes cursor and clear sequences to a guarded or an ordinary stream. */
export function writeControl(stream: NodeJS.WritableStream, sequence: string): void {
  stream.write(guardedStreams.has(stream) ? controlSequence(sequence) : sequence);
}

/** Escapes `text` for a terminal. */
export function guardedText(text: string): string {
  const [first = "", ...rest] = text.split(MARK);
  const marked = rest.map((part) => {
    const [sequence = ""] = /^\[[\d;]*[A-Za-z]/.exec(part) ?? [];
    return `${sequence === "" ? "" : `\u001b${sequence}`}${visibleText(part.slice(sequence.length))}`;
  });
  return visibleText(first) + marked.join("");
}

/** A guarded stream of the process. */
export interface GuardedOutput {
  readonly stream: NodeJS.WriteStream;
  /** Waits until everything is written; returns the failure, if any. */
  settle(): Promise<NodeJS.ErrnoException | undefined>;
}

/** Whether writes can be short: not to a pipe, and Node handles terminals. */
function isFile(descriptor: number): boolean {
  if (isatty(descriptor)) return false;
  try {
    // As bigints: after numbers of a pipe, Node 20 resolves links of modules wrongly.
    const found = fstatSync(descriptor, { bigint: true });
    return found.isFile() || found.isCharacterDevice();
  } catch {
    return false;
  }
}

/** Writes all of `bytes`; a nearly full disk accepts a part of them without an error. */
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

/** Guards a stream of the process until its end. */
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
      // Called back after previous writes have finished or failed.
      if (!file && !isOver) await new Promise<void>((resolve) => void write("", () => resolve()));
      await new Promise((resolve) => setImmediate(resolve));
      return failure;
    },
  };
}
