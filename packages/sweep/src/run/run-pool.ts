// Training runs on worker threads; the results do not depend on how many there are.

import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import type { CompareConfig, Dataset, Run, RunProgress, RunResult } from "@fanin/lab";
import { endThreads, ThreadPool, ThreadStartError } from "@fanin/models/threads";
import type { RunMessage, RunOutcome, RunTask } from "./run-worker.ts";

/** One run for a pool. */
export interface PoolRun {
  readonly config: CompareConfig;
  readonly run: Run;
  /** The file for the state of the run while it is under way; null keeps none. */
  readonly checkpoint: string | null;
}

/** What is told of one run while it is under way. */
export interface RunObserver {
  progress(progress: RunProgress): void;
  warning(text: string): void;
}

/**
 * A thread that has died twice in the same run, or one that cannot even start.
 *
 * @example
 * const isDeath = (error: unknown): boolean => error instanceof ThreadDeathError; // of what trainAll throws
 * isDeath(new RangeError("layers: expected two or more")); // => false
 */
export class ThreadDeathError extends Error {
  override readonly name: string = "ThreadDeathError";
}

/** How a pool works. */
export interface PoolOptions {
  /** Milliseconds between two saves of the state of runs that keep one; never unless given. */
  readonly saveEvery?: number;
  /** The module of the threads, whose `train` takes a {@link RunTask}; `run-worker.js` beside this file unless given. */
  readonly worker?: URL;
}

const NEVER = Number.POSITIVE_INFINITY;
// A thread that dies may have been killed for the memory that all of them took; one that dies again will go on dying.
const ATTEMPTS = 2;

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** `dataset` with its bytes in memory that threads share: it is sent to a thread without a copy. */
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
 * Threads that train.
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
  // Workers are busy with a run and read no messages; shared memory reaches them between two steps.
  readonly #stop: Int32Array = new Int32Array(new SharedArrayBuffer(4));

  /** A pool of up to `jobs` threads. */
  constructor(jobs: number, { saveEvery = NEVER, worker }: PoolOptions = {}) {
    this.#threads = new ThreadPool(worker ?? new URL("./run-worker.js", import.meta.url), jobs);
    this.#saveEvery = saveEvery;
  }

  /**
   * Trains one run; null where the pool was stopped before its end. A run whose thread dies is tried once more, from the
   * state that it had saved.
   *
   * @throws what the run throws, and ThreadDeathError for one whose thread has died twice.
   */
  async train(one: PoolRun, dataset: Dataset, observer: RunObserver): Promise<RunResult | null> {
    const { initializer, seed } = one.run;
    for (let left = ATTEMPTS - 1; ; left--) {
      let outcome: RunOutcome;
      try {
        outcome = await this.#attempt(one, dataset, observer);
      } catch (cause) {
        // Where the pool is given up its threads are ended, which is no death of theirs.
        if (this.#isClosed) throw cause;
        if (cause instanceof ThreadStartError)
          throw new ThreadDeathError(`no thread can train: ${reasonOf(cause)}`, { cause });
        const died = `the thread of ${initializer} seed ${seed} died (${reasonOf(cause)})`;
        if (left === 0)
          throw new ThreadDeathError(`${died}, the second time; the state it had saved is kept`, { cause });
        observer.warning(`${died}; the run is tried once more`);
        continue;
      }
      if ("error" in outcome) throw outcome.error;
      return outcome.result;
    }
  }

  /** @throws where the thread dies. */
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

  /** Has the runs under way saved and stopped between two steps; they, and all that come later, give null. */
  stop(): void {
    Atomics.store(this.#stop, 0, 1);
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await endThreads(this.#threads);
  }
}
