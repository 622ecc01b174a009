// Trains a list of runs on threads of this machine.

import type { RunProgress, RunResult } from "@fanin/lab";
import type { Dataset } from "@fanin/lab/data";
import { type PoolRun, RunPool, sharedDataset } from "./run-pool.ts";

const WRITING = 16; // concurrent writes of results

/** Callbacks for a list of runs. */
export interface TrainObserver<T> {
  progress(run: T, progress: RunProgress): void;
  warning(text: string): void;
  finished(run: T, result: RunResult): Promise<void>;
}

/** Options of training. */
export interface TrainOptions {
  /** The number of concurrent runs. */
  readonly jobs: number;
  /** Milliseconds between two saves of a run's state. */
  readonly saveEvery: number;
  /** Abort it to save and stop all runs. */
  readonly signal: AbortSignal;
  /** The module of the threads. Defaults to the package's `run-worker.js`. */
  readonly worker?: URL;
}

/**
 * Trains all `runs` and returns when the last is finished, or, if the signal is aborted, when the current runs have saved
 * their state.
 *
 * @throws the error of a run or of `observer.finished`, after stopping the others.
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
import { type RunResult } from "@fanin/lab";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const plan = await sweepPlan(sweepSpec({ initializers: ["he_normal"], widths: [4], seeds: 2, epochs: 1 }), dataset);
 * const results = new Map<string, RunResult>();
 * const runs = plan.runs.map((run) => ({ ...run, checkpoint: null }));
 * await trainAll(dataset, runs, { jobs: 2, saveEvery: 1000, signal: AbortSignal.timeout(60_000) }, {
 *   progress: () => {},
 *   warning: console.warn,
 *   finished: async ({ id }, result) => void results.set(id, result),
 * });
 * results.size; // => 2
 */
export async function trainAll<T extends PoolRun>(
  dataset: Dataset,
  runs: readonly T[],
  { jobs, signal, ...pooled }: TrainOptions,
  observer: TrainObserver<T>,
): Promise<void> {
  const shared = sharedDataset(dataset);
  const pool = new RunPool(jobs, pooled);
  const stop = (): void => pool.stop();
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });
  const left = runs.values();
  const writes = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const fail = (error: unknown): void => {
    failure ??= { error };
    // Save and stop the others, because nothing would write their results.
    pool.stop();
  };
  // Each loop takes the next run when it finishes one, so memory depends only on the number of jobs.
  const work = async (): Promise<void> => {
    for (const run of left) {
      if (failure || signal.aborted) return;
      const result = await pool.train(run, shared, {
        progress: (progress) => observer.progress(run, progress),
        warning: (text) => observer.warning(text),
      });
      if (!result) continue;
      // Threads wait for a slow disk only when many results are pending.
      const write = observer.finished(run, result).catch(fail);
      writes.add(write);
      void write.finally(() => writes.delete(write));
      if (writes.size >= WRITING) await Promise.race(writes);
    }
  };
  try {
    await Promise.all(Array.from({ length: jobs }, () => work().catch(fail)));
    await Promise.all(writes);
    if (failure) throw (failure as { readonly error: unknown }).error;
  } finally {
    signal.removeEventListener("abort", stop);
    await pool.close();
  }
}
