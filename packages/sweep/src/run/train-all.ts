// A list of training runs on the threads of this machine, as many at a time as there are jobs.

import type { Dataset, RunProgress, RunResult } from "@fanin/lab";
import { type PoolRun, RunPool, sharedDataset } from "./run-pool.ts";

const WRITING = 16; // results that are written at a time

/** What whoever has runs trained is told while they are. */
export interface TrainObserver<T> {
  progress(run: T, progress: RunProgress): void;
  warning(text: string): void;
  finished(run: T, result: RunResult): Promise<void>;
}

/** How runs are trained. */
export interface TrainOptions {
  /** How many runs at a time. */
  readonly jobs: number;
  /** Milliseconds between two saves of a run's state. */
  readonly saveEvery: number;
  /** Aborted to have all runs saved and stopped. */
  readonly signal: AbortSignal;
  /** The module of the threads; the package's own `run-worker.js` unless said. */
  readonly worker?: URL;
}

/**
 * Trains all `runs` and returns when the last is finished; or, when the signal is aborted, as soon as those under way
 * have saved their state.
 *
 * @throws what a run, or `observer.finished`, throws; the others are then stopped.
 * @example
 * import { proceduralDataset, type RunResult } from "@fanin/lab";
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
    // The others are saved and stopped: nobody would write their results.
    pool.stop();
  };
  // Each takes the next run when it has finished one: a list of any length costs no more than the runs under way.
  const work = async (): Promise<void> => {
    for (const run of left) {
      if (failure || signal.aborted) return;
      const result = await pool.train(run, shared, {
        progress: (progress) => observer.progress(run, progress),
        warning: (text) => observer.warning(text),
      });
      if (!result) continue;
      // A slow disk is no reason for a thread to wait, until many results do.
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
