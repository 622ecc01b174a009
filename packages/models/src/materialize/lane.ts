// A shard writer: a thread that writes and hashes whole shards, and helps other writers when no shard is left.
// Every writer generates, hashes and copies on one core, so that twice the jobs take half the time.

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

/** The paths of one shard. */
export interface ShardTask {
  readonly shard: ShardPlan;
  /** The temporary file, in the file system of `path`. */
  readonly temporary: string;
  readonly path: string;
  /** The record of the finished shard with its hash. */
  readonly record: string;
}

/** The task of a shard writer. */
export interface LaneTask {
  readonly plan: Pick<WeightsPlan, "tensors" | "keras" | "metadata">;
  readonly shards: readonly ShardTask[];
  readonly control: ControlMemory;
}

/** A failure as plain data: an Error loses its code between threads. */
export interface LaneFailure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** The system's code, such as ENOSPC; null if no system call failed. */
  readonly code: string | null;
  /** The file of the failed write. */
  readonly file: string;
}

/** The record of a finished shard. */
export interface ShardRecord {
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

const FLUSH_BYTES = 128 * 2 ** 20; // written between two requests to flush to the disk
const PAUSE = 1; // milliseconds between two looks at the progress of others

const flush = promisify(fdatasync);
const flushWhole = promisify(fsync);

/** Writes shards until none is left; returns the failure if it is the first of the run, else null. */
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
  /** The current or last file. */
  file = "";
  readonly #task: LaneTask;
  readonly #control: LaneControl;
  readonly #source: TensorSource;
  readonly #buffer: Uint8Array = new Uint8Array(SEGMENT_BYTES);
  /** The flush of the complete shard, which overlaps with filling the next one. */
  #placing: Promise<void> = Promise.resolve();

  constructor(task: LaneTask, control: LaneControl) {
    this.#task = task;
    this.#control = control;
    this.#source = new TensorSource(task.plan);
  }

  /** Waits for the pending flush. */
  settle(): Promise<void> {
    return this.#placing;
  }

  /** Writes a shard, with the help of idle writers, and puts it in place. */
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
      // One flush at a time, so that a writer is at most one shard ahead of the disk.
      await this.#placing;
      isWhole = true;
      this.#placing = this.#place(index, file, sha256);
      // It is awaited later; a failure before that must not count as unhandled.
      this.#placing.catch(() => undefined);
    } finally {
      if (!isWhole) await this.#drop(file, temporary);
    }
  }

  /** Fills segments of another writer's shard until none is left. */
  async help(index: number): Promise<void> {
    const { shard, temporary } = this.#task.shards[index] as ShardTask;
    this.file = shard.file;
    const layout = layoutOf(this.#task.plan, shard);
    let descriptor: number;
    try {
      descriptor = openSync(temporary, "r+");
    } catch (error) {
      // It was put in place or given up in the meantime.
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

  /** Fills a shard and returns its hash; undefined if stopped. */
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
      // Lets finished flushes resolve.
      await setImmediate();
    }
    return hash.digest("hex");
  }

  /** The bytes of a segment, valid until the next call. */
  #valuesOf({ header }: ShardLayout, { bytes, runs }: Segment): Uint8Array {
    if (runs.length === 0) return header;
    // Only a tensor without random access is larger than the buffer, and it is not kept.
    const values = bytes <= this.#buffer.length ? this.#buffer.subarray(0, bytes) : new Uint8Array(bytes);
    for (const { tensor, offset, length, at } of runs) {
      const { dtype } = this.#task.plan.tensors[tensor] as WeightsPlan["tensors"][number];
      this.#source.fill(tensor, viewOf(dtype, values, at, length), offset);
    }
    return values;
  }

  /** Flushes a shard, records it and renames it, in this order, so that a final name always belongs to a whole file. */
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

/** An open file with writes at positions in any order, and reads. */
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
    // Start the disk's work before the shard is complete.
    this.#sinceFlush = 0;
    this.#flushing = flush(this.#descriptor)
      .catch((error: unknown) => {
        // The system reports a write error once, so the final flush would miss it.
        this.#failure = { error };
      })
      .finally(() => {
        this.#flushing = undefined;
      });
  }

  /** Hashes a segment of another writer from the system's cache. */
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
