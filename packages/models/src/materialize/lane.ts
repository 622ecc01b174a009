// One lane: a thread that writes whole shards, hashing what it writes, and helps others once no shard is left.
// Every job does the same work on one core, generator, hash and copy, so that twice the jobs take half the time.

import { createHash, type Hash } from "node:crypto";
import { closeSync, fdatasync, fsync, openSync, readSync, writeSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setImmediate, setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { syncFolder } from "@fanin/formats/node";
import { type ControlMemory, LaneControl, stops } from "./lane-control.ts";
import { layoutOf, SEGMENT_BYTES, type Segment, type ShardLayout, type ShardPlan } from "./shard-layout.ts";
import { TensorSource, viewOf, type WeightsPlan } from "./tensor-plan.ts";
import { writeText } from "./text-file.ts";

/** Where one shard is written. */
export interface ShardTask {
  readonly shard: ShardPlan;
  /** The name under which it is written, in the file system of `path`. */
  readonly temporary: string;
  readonly path: string;
  /** The file that says that it is finished, and its hash. */
  readonly record: string;
}

/** Everything that a lane is given. */
export interface LaneTask {
  readonly plan: Pick<WeightsPlan, "tensors" | "keras" | "metadata">;
  readonly shards: readonly ShardTask[];
  readonly control: ControlMemory;
}

/** What went wrong, as plain data: an Error loses its code on the way between threads. */
export interface LaneFailure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** The system's code, such as ENOSPC; null where it is no system call that failed. */
  readonly code: string | null;
  /** The file that was being written. */
  readonly file: string;
}

/** What the record of a finished shard says. */
export interface ShardRecord {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

const FLUSH_BYTES = 128 * 2 ** 20; // written between two requests to begin with the disk's work
const PAUSE = 1; // milliseconds between two looks at what others have written

const flush = promisify(fdatasync);
const flushWhole = promisify(fsync);

/** Writes shards until none is left; returns what went wrong, here first, or null. */
export async function runLane(task: LaneTask): Promise<LaneFailure | null> {
  const control = new LaneControl(task.control);
  const lane = new Lane(task, control);
  try {
    for (;;) {
      const shard = control.stop === stops.none ? control.takeShard() : undefined;
      if (shard === undefined) break;
      await lane.write(shard);
    }
    while (control.stop === stops.none) {
      const shard = control.openShard();
      if (shard !== undefined) await lane.help(shard);
      else if (control.isAnyWaiting) await setTimeout(PAUSE);
      else break;
    }
    await lane.settle();
    return null;
  } catch (error) {
    control.stopAll(stops.failed);
    await lane.settle().catch(() => undefined);
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    const code = (error as NodeJS.ErrnoException).syscall ? ((error as NodeJS.ErrnoException).code ?? null) : null;
    return { name, message, stack, code, file: lane.file };
  }
}

class Lane {
  /** The file that is or was being written. */
  file = "";
  readonly #task: LaneTask;
  readonly #control: LaneControl;
  readonly #source: TensorSource;
  readonly #buffer: Uint8Array = new Uint8Array(SEGMENT_BYTES);
  /** The shard that is complete and on its way to the disk, while the next one is filled. */
  #placing: Promise<void> = Promise.resolve();

  constructor(task: LaneTask, control: LaneControl) {
    this.#task = task;
    this.#control = control;
    this.#source = new TensorSource(task.plan);
  }

  /** Waits for what is on its way to the disk. */
  settle(): Promise<void> {
    return this.#placing;
  }

  /** Writes a shard, with others' help if they have nothing better to do, and puts it in place. */
  async write(index: number): Promise<void> {
    const { shard, temporary } = this.#task.shards[index] as ShardTask;
    this.file = shard.file;
    const layout = layoutOf(this.#task.plan, shard);
    const file = new ShardFile(openSync(temporary, "wx+"));
    let isWhole = false;
    try {
      this.#control.open(index);
      const sha256 = await this.#fill(index, layout, file);
      if (sha256 === undefined) return;
      // One at a time: a lane does not run ahead of the disk by more than a shard.
      await this.#placing;
      isWhole = true;
      this.#placing = this.#place(index, file, sha256);
      // It is awaited later; until then a failure must not count as unhandled.
      this.#placing.catch(() => undefined);
    } finally {
      if (!isWhole) await this.#drop(file, temporary);
    }
  }

  /** Fills segments of another lane's shard until it has none left. */
  async help(index: number): Promise<void> {
    const { shard, temporary } = this.#task.shards[index] as ShardTask;
    this.file = shard.file;
    const layout = layoutOf(this.#task.plan, shard);
    let descriptor: number;
    try {
      descriptor = openSync(temporary, "r+");
    } catch (error) {
      // It went into place, or was given up, in the meantime.
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
      throw error;
    }
    const file = new ShardFile(descriptor);
    try {
      while (this.#control.stop === stops.none) {
        const taken = this.#control.takeSegment(index);
        if (taken === undefined) break;
        const segment = layout.segments[taken] as Segment;
        file.write(this.#valuesOf(layout, segment), segment.start);
        this.#control.markWritten(index, taken, segment.bytes);
        await setImmediate();
      }
    } finally {
      await file.close();
    }
  }

  /** Fills a shard; its hash, or undefined where it was stopped. */
  async #fill(index: number, layout: ShardLayout, file: ShardFile): Promise<string | undefined> {
    const { segments } = layout;
    const hash = createHash("sha256");
    let hashed = 0;
    while (hashed < segments.length) {
      if (this.#control.stop !== stops.none) return undefined;
      const next = segments[hashed] as Segment;
      if (this.#control.isWritten(index, hashed)) {
        file.hash(hash, next, this.#buffer);
        hashed++;
        continue;
      }
      const taken = this.#control.takeSegment(index);
      if (taken === undefined) {
        await setTimeout(PAUSE);
        continue;
      }
      const segment = segments[taken] as Segment;
      const bytes = this.#valuesOf(layout, segment);
      file.write(bytes, segment.start);
      this.#control.markWritten(index, taken, segment.bytes);
      if (taken === hashed) {
        hash.update(bytes);
        hashed++;
      }
      // Lets the flushes that are done tell so.
      await setImmediate();
    }
    return hash.digest("hex");
  }

  /** The bytes of a segment; they stay valid until the next call. */
  #valuesOf({ header }: ShardLayout, { bytes, runs }: Segment): Uint8Array {
    if (runs.length === 0) return header;
    // Only a tensor that cannot be sliced is larger than the buffer; nothing keeps it afterwards.
    const values = bytes <= this.#buffer.length ? this.#buffer.subarray(0, bytes) : new Uint8Array(bytes);
    for (const { tensor, offset, length, at } of runs) {
      const { dtype } = this.#task.plan.tensors[tensor] as WeightsPlan["tensors"][number];
      this.#source.fill(tensor, viewOf(dtype, values, at, length), offset);
    }
    return values;
  }

  /** Flushes a shard, records it, and gives it its name: in this order, so that a name always stands for a whole file. */
  async #place(index: number, file: ShardFile, sha256: string): Promise<void> {
    const { shard, temporary, path, record } = this.#task.shards[index] as ShardTask;
    try {
      await file.flushWhole();
      await file.close();
      const content: ShardRecord = { file: shard.file, bytes: shard.bytes, sha256 };
      await writeText(record, `${JSON.stringify(content)}\n`, dirname(temporary));
      await rename(temporary, path);
      await syncFolder(dirname(path));
      this.#control.finish(index);
    } catch (error) {
      this.file = shard.file;
      await this.#drop(file, temporary);
      throw error;
    }
  }

  async #drop(file: ShardFile, temporary: string): Promise<void> {
    await file.close();
    await rm(temporary, { force: true });
  }
}

/** An open file that is written at positions, in any order, and read back. */
class ShardFile {
  readonly #descriptor: number;
  #sinceFlush = 0;
  #flushing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #isOpen = true;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  write(bytes: Uint8Array, position: number): void {
    let done = 0;
    while (done < bytes.length) {
      done += writeSync(this.#descriptor, bytes, done, Math.min(bytes.length - done, 2 ** 30), position + done);
    }
    this.#sinceFlush += bytes.length;
    if (this.#sinceFlush < FLUSH_BYTES || this.#flushing) return;
    // The disk begins now, and not when the shard is complete.
    this.#sinceFlush = 0;
    this.#flushing = flush(this.#descriptor)
      .catch((error: unknown) => {
        // The system tells it once: the flush at the end would know nothing of it.
        this.#failure = { error };
      })
      .finally(() => {
        this.#flushing = undefined;
      });
  }

  /** Hashes a segment that another lane has written, out of the system's cache. */
  hash(hash: Hash, { start, bytes }: Segment, buffer: Uint8Array): void {
    for (let done = 0; done < bytes; ) {
      const length = readSync(this.#descriptor, buffer, 0, Math.min(buffer.length, bytes - done), start + done);
      if (length === 0) throw new RangeError(`segment: expected ${bytes} bytes at ${start}, got ${done}`);
      hash.update(buffer.subarray(0, length));
      done += length;
    }
  }

  async flushWhole(): Promise<void> {
    await this.#flushing;
    if (this.#failure) throw this.#failure.error;
    await flushWhole(this.#descriptor);
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    await this.#flushing;
    closeSync(this.#descriptor);
  }
}
