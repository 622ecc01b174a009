// Writes the shards of a plan with several shard writers and reports the progress.

import { statfs } from "node:fs/promises";
import { endThreads, ThreadPool } from "../threads/thread-pool.ts";
import type { LaneFailure, LaneTask } from "./lane.ts";
import { controlMemory, LaneControl, stops } from "./lane-control.ts";
import { formatBytes, layoutOf, type ShardPlan } from "./shard-layout.ts";
import type { WeightsPlan } from "./tensor-plan.ts";
import type { WeightsFolder } from "./weights-folder.ts";

/** Callbacks for the progress. */
export interface MaterializeObserver {
  /** Called periodically with the bytes written by this run. */
  progress(written: number): void;
  /** Called when a shard is in place. */
  finished(shard: ShardPlan): void;
}

/** Options of the writing. */
export interface MaterializeOptions {
  /** The number of threads. */
  readonly jobs: number;
  /** The name of the part that this process writes, such as `1-of-2`. */
  readonly part: string;
  /** Abort it to stop between two segments; unfinished shards are removed. */
  readonly signal: AbortSignal;
  readonly observer: MaterializeObserver;
}

/**
 * The error of a failed system call, with `syscall` like the system's own errors.
 *
 * @example
 * const isFull = (error: unknown): boolean => error instanceof WriteError && error.code === "ENOSPC"; // of what materialize throws
 * isFull(new WriteError("ENOSPC", "weights: 28 GB are needed, and 3 GB are free")); // => true
 */
export class WriteError extends Error {
  override readonly name: string = "WriteError";
  readonly syscall: string = "write";
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

const LOOK_EVERY = 100; // milliseconds

/** Codes of a system without room for a file. */
const FULL: readonly string[] = ["ENOSPC", "EDQUOT", "EFBIG"];

/** Refuses to start if the shards cannot fit. */
async function expectRoom(path: string, shards: readonly ShardPlan[]): Promise<void> {
  const needed = shards.reduce((sum, { bytes }) => sum + bytes, 0);
  const { bavail, bsize } = await statfs(path);
  const free = bavail * bsize;
  if (needed <= free) return;
  const what = `${path}: ${formatBytes(needed)} are needed, and ${formatBytes(free)} are free`;
  throw new WriteError("ENOSPC", `${what}; make room, or write parts on several disks with --shard i/n`);
}

/** Converts the failure of a shard writer to an error. */
function errorOf({ name, message, stack, code, file }: LaneFailure, path: string): Error {
  if (code !== null && FULL.includes(code)) {
    const what = `${path}: no room for ${file} (${code})`;
    return new WriteError(code, `${what}; finished shards are kept: make room and run the same command again`);
  }
  if (code !== null) return new WriteError(code, `${path}: cannot write ${file}: ${message}`);
  const error = new (name === "RangeError" ? RangeError : name === "TypeError" ? TypeError : Error)(
    `${file}: ${message}`,
  );
  if (stack !== undefined) error.stack = stack;
  return error;
}

/**
 * Writes `shards` of `plan` into `folder`, which must be claimed for it. The bytes do not depend on the number of jobs.
 *
 * @returns Whether all of them are in place; false if the signal stopped it.
 * @throws WriteError if the system refuses; if possible, ENOSPC before anything is written.
 * @example
 * import { mkdtemp, rm } from "node:fs/promises";
 * const plan = readWeightsSpec('{ "tensors": [{ "name": "w", "shape": [784, 128], "initializer": "he_normal" }] }');
 * const shards = planShards(plan, 1e6);
 * const folder = new WeightsFolder(await mkdtemp("build/weights-"));
 * const outline = outlineOf(plan, shards);
 * await folder.claim(outline);
 * await folder.begin(outline, "1-of-1");
 * const observer = { progress: () => {}, finished: () => {} };
 * const signal = AbortSignal.timeout(60_000);
 * await materialize(plan, shards, folder, { jobs: 1, part: "1-of-1", signal, observer }); // => true
 * "shards" in (await folder.complete(outline, "1-of-1")); // => true
 * await rm(folder.path, { recursive: true });
 */
export async function materialize(
  plan: WeightsPlan,
  shards: readonly ShardPlan[],
  folder: WeightsFolder,
  { jobs, part, signal, observer }: MaterializeOptions,
): Promise<boolean> {
  if (shards.length === 0) return true;
  await expectRoom(folder.path, shards);
  const { tensors, keras, metadata } = plan;
  const memory = controlMemory(shards.map((shard) => layoutOf(plan, shard).segments.length));
  const control = new LaneControl(memory);
  const task: LaneTask = {
    plan: { tensors, keras, metadata },
    shards: shards.map((shard) => folder.taskOf(shard, part)),
    control: memory,
  };
  const lanes = Math.min(
    jobs,
    memory.segments.reduce((sum, count) => sum + count, 0),
  );
  const pool = new ThreadPool(new URL("./materialize-worker.js", import.meta.url), lanes);
  const stop = (): void => control.stopAll(stops.interrupted);
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const reported = new Set<number>();
  const look = (): void => {
    observer.progress(control.written);
    for (const [i, shard] of shards.entries()) {
      if (reported.has(i) || !control.isFinished(i)) continue;
      reported.add(i);
      observer.finished(shard);
    }
  };
  const timer = setInterval(look, LOOK_EVERY);
  try {
    const run = async (): Promise<LaneFailure | null> => {
      try {
        return (await pool.run("runLane", task)) as LaneFailure | null;
      } catch (error) {
        // The thread is dead, and the others would wait for it.
        control.stopAll(stops.failed);
        throw error;
      }
    };
    const outcomes = await Promise.allSettled(Array.from({ length: lanes }, run));
    look();
    for (const outcome of outcomes) {
      if (outcome.status === "rejected") throw outcome.reason;
      if (outcome.value) throw errorOf(outcome.value, folder.path);
    }
    return control.stop === stops.none;
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", stop);
    await endThreads(pool);
  }
}
