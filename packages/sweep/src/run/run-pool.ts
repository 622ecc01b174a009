// Training runs on worker threads (piscina); the results do not depend on how many there are.

import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import type { CompareConfig, Dataset, Run, RunProgress, RunResult } from "@fanin/lab";
import type { Piscina } from "piscina";
import type { RunMessage, RunTask } from "./run-worker.ts";

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

const NEVER = Number.POSITIVE_INFINITY;

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
 * const pool = await RunPool.start(4);
 * const result = await pool.train({ config, run, checkpoint: null }, sharedDataset(dataset), observer);
 * await pool.close();
 */
export class RunPool {
  readonly #threads: Piscina;
  readonly #saveEvery: number;
  // Workers are busy with a run and read no messages; shared memory reaches them between two steps.
  readonly #stop: Int32Array = new Int32Array(new SharedArrayBuffer(4));

  private constructor(threads: Piscina, saveEvery: number) {
    this.#threads = threads;
    this.#saveEvery = saveEvery;
  }

  /** A pool of `jobs` threads; the state of runs that keep one is saved every `saveEvery` ms. */
  static async start(jobs: number, saveEvery: number = NEVER): Promise<RunPool> {
    // Loaded here, so that a command that trains nothing does not wait for it.
    const { Piscina } = await import("piscina");
    const filename = new URL("./run-worker.js", import.meta.url).href;
    return new RunPool(new Piscina({ filename, minThreads: 1, maxThreads: jobs }), saveEvery);
  }

  /**
   * Trains one run; null where the pool was stopped before its end.
   *
   * @throws what the run throws.
   */
  async train(
    { config, run, checkpoint }: PoolRun,
    dataset: Dataset,
    observer: RunObserver,
  ): Promise<RunResult | null> {
    const { port1, port2 } = new MessageChannel();
    const hear = (message: RunMessage): void => {
      if (message.kind === "progress") observer.progress(message.progress);
      else observer.warning(message.text);
    };
    port1.on("message", hear);
    try {
      const [saveEvery, stop] = [this.#saveEvery, this.#stop];
      const task: RunTask = { config, dataset, run, checkpoint, saveEvery, stop, port: port2 };
      return (await this.#threads.run(task, { name: "train", transferList: [port2] })) as RunResult | null;
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
    await this.#threads.destroy();
  }
}
