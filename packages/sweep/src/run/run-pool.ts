// Trains runs on worker threads. The results do not depend on the number of threads.

import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import type { CompareConfig, Run, RunProgress, RunResult } from "@fanin/lab";
import type { Dataset } from "@fanin/lab/data";
import { endThreads, ThreadPool, ThreadStartError } from "@fanin/models/threads";
import type { RunMessage, RunOutcome, RunTask } from "./run-worker.ts";

/** A run for a pool. */
export interface PoolRun {
  readonly config: CompareConfig;
  readonly run: Run;
  /** The file for the state of the unfinished run; null keeps none. */
  readonly checkpoint: string | null;
}

/** Callbacks for one run. */
export interface RunObserver {
  progress(progress: RunProgress): void;
  warning(text: string): void;
}

/**
 * The error of a thread that died twice in the same run, or that cannot start.
 *
 * @example
 * const isDeath = (error: unknown): boolean => error instanceof ThreadDeathError; // of what trainAll throws
 * isDeath(new RangeError("layers: expected two or more")); // => false
 */
export class ThreadDeathError extends Error {
  override readonly name: string = "ThreadDeathError";
}

/** Options of a pool. */
export interface PoolOptions {
  /** Milliseconds between two saves of a run's state. Defaults to never. */
  readonly saveEvery?: number;
  /** The module of the threads; its `train` takes a {@link RunTask}. Defaults to `run-worker.js` beside this file. */
  readonly worker?: URL;
}

const NEVER = Number.POSITIVE_INFINITY;
// A thread may die because all threads exhausted memory, so one retry makes sense; a second death would repeat.
const ATTEMPTS = 2;

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** Copies `dataset` to shared memory, so that sending it to a thread does not copy it. */
export function sharedDataset(dataset: Dataset): Dataset {
  const shared = (bytes: Uint8Array): Uint8Array => {
    const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
    copy.set(bytes);
    return copy;
  };
  const share = ({ images, labels }: Dataset["train"]) => ({ images: shared(images), labels: shared(labels) });
  return { ...dataset, train: share(dataset.train), test: share(dataset.test) };
}

/**
 * A pool of training threads.
 *
 * @example
 * const pool = new RunPool(4);
 * const result = await pool.train({ config, run, checkpoint: null }, sharedDataset(dataset), observer);
 * await pool.close();
 */
export class RunPool {
  readonly #threads: ThreadPool;
  readonly #saveEvery: number;
  #isClosed = false;
  // A busy worker reads no messages; shared memory reaches it between two steps.
  readonly #stop: Int32Array = new Int32Array(new SharedArrayBuffer(4));

  /** Makes a pool of up to `jobs` threads. */
  constructor(jobs: number, { saveEvery = NEVER, worker }: PoolOptions = {}) {
    this.#threads = new ThreadPool(worker ?? new URL("./run-worker.js", import.meta.url), jobs);
    this.#saveEvery = saveEvery;
  }

  /**
   * Trains one run; null if the pool was stopped before its end. If its thread dies, the run is retried once from its
   * saved state.
   *
   * @throws ThreadDeathError if its thread dies twice. Errors of the run pass through.
   */
  async train(one: PoolRun, dataset: Dataset, observer: RunObserver): Promise<RunResult | null> {
    const { initializer, seed } = one.run;
    for (let left = ATTEMPTS - 1; ; left--) {
      let outcome: RunOutcome;
      try {
        outcome = await this.#attempt(one, dataset, observer);
      } catch (cause) {
        // Closing the pool ends its threads; this is not a death.
        if (this.#isClosed) throw cause;
        if (cause instanceof ThreadStartError)
          throw new ThreadDeathError(`no thread can train: ${reasonOf(cause)}`, { cause });
        const died = `the thread of ${initializer} seed ${seed} died (${reasonOf(cause)})`;
        if (left === 0) throw new ThreadDeathError(`${died} for the second time; its saved state is kept`, { cause });
        observer.warning(`${died}; the run is retried once`);
        continue;
      }
      if ("error" in outcome) throw outcome.error;
      return outcome.result;
    }
  }

  /** @throws Error if the thread dies. */
  async #attempt({ config, run, checkpoint }: PoolRun, dataset: Dataset, observer: RunObserver): Promise<RunOutcome> {
    const { port1, port2 } = new MessageChannel();
    const hear = (message: RunMessage): void => {
      if (message.kind === "progress") observer.progress(message.progress);
      else observer.warning(message.text);
    };
    port1.on("message", hear);
    try {
      const [saveEvery, stop] = [this.#saveEvery, this.#stop];
      const task: RunTask = { config, dataset, run, checkpoint, saveEvery, stop, port: port2 };
      return (await this.#threads.run("train", task, [port2])) as RunOutcome;
    } finally {
      for (let left = receiveMessageOnPort(port1); left; left = receiveMessageOnPort(port1)) {
        const message = left.message as RunMessage;
        if (message.kind === "warning") hear(message);
      }
      port1.close();
    }
  }

  /** Saves and stops the current runs between two steps. They and all later runs return null. */
  stop(): void {
    Atomics.store(this.#stop, 0, 1);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await endThreads(this.#threads);
  }
}
