// Runs of a comparison on worker threads (piscina); the results do not depend on how many there are.

import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import type { CompareConfig, Dataset, Run, RunProgress, RunResult } from "@fanin/lab";
import { Piscina } from "piscina";
import { CommandError, exitCodes } from "../exit-codes.ts";
import type { RunMessage, RunOutcome, RunTask } from "./compare-worker.ts";

/** What the pool tells while it works. */
export interface PoolObserver {
  progress(run: Run, progress: RunProgress): void;
  warning(text: string): void;
  finished(run: Run, result: RunResult): Promise<void>;
}

/** What the pool has to know beside the runs. */
export interface PoolOptions {
  /** How many runs at a time. */
  readonly jobs: number;
  /** The file for the state of a run. */
  readonly checkpointOf: (run: Run) => string;
  /** Milliseconds between two saves of a run's state. */
  readonly saveEvery: number;
  /** Aborted to have all runs saved and stopped. */
  readonly signal: AbortSignal;
  /** The module of the threads, whose `train` takes a {@link RunTask}; `compare-worker.js` beside this file unless given. */
  readonly worker?: URL;
}

// A thread that dies may have been killed for the memory that all of them took; one that dies again will go on dying.
const ATTEMPTS = 2;

/** `bytes` in memory that threads share. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}

/**
 * Trains all `runs` and returns when the last is finished; or, when the signal is aborted, as soon as those under way
 * have saved their state. A run whose thread dies is tried once more, from the state it had saved.
 *
 * @throws what a run throws, and CommandError for one whose thread has died twice; the others are then given up.
 */
export async function trainAll(
  config: CompareConfig,
  dataset: Dataset,
  runs: readonly Run[],
  { jobs, checkpointOf, saveEvery, signal, worker = new URL("./compare-worker.js", import.meta.url) }: PoolOptions,
  observer: PoolObserver,
): Promise<void> {
  const share = ({ images, labels }: Dataset["train"]) => ({ images: shared(images), labels: shared(labels) });
  const pool = new Piscina({
    filename: worker.href,
    workerData: { ...dataset, train: share(dataset.train), test: share(dataset.test) },
    minThreads: 1,
    maxThreads: jobs,
  });
  // Of threads that do not even start: their tasks would wait for ever.
  const broken = new Promise<never>((_, reject) => pool.on("error", reject));
  broken.catch(() => undefined);
  // Workers are busy with a run and read no messages; shared memory reaches them between two steps.
  const stop = new Int32Array(new SharedArrayBuffer(4));
  const abort = () => void Atomics.store(stop, 0, 1);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  /** @throws where the thread dies. */
  const attempt = async (run: Run): Promise<RunOutcome> => {
    const { port1, port2 } = new MessageChannel();
    const hear = (message: RunMessage): void => {
      if (message.kind === "progress") observer.progress(run, message.progress);
      else observer.warning(message.text);
    };
    port1.on("message", hear);
    try {
      const task: RunTask = { config, run, checkpoint: checkpointOf(run), saveEvery, stop, port: port2 };
      return (await Promise.race([pool.run(task, { name: "train", transferList: [port2] }), broken])) as RunOutcome;
    } finally {
      for (let left = receiveMessageOnPort(port1); left; left = receiveMessageOnPort(port1)) {
        const message = left.message as RunMessage;
        if (message.kind === "warning") hear(message);
      }
      port1.close();
    }
  };
  let isOver = false;
  const train = async (run: Run): Promise<void> => {
    for (let left = ATTEMPTS - 1; ; left--) {
      let outcome: RunOutcome;
      try {
        outcome = await attempt(run);
      } catch (cause) {
        // Where the pool is given up its threads are ended, which is no death of theirs.
        if (isOver) throw cause;
        const reason = cause instanceof Error ? cause.message : String(cause);
        const died = `the thread of ${run.initializer} seed ${run.seed} died (${reason})`;
        if (left === 0) {
          const text = `${died}, the second time; the runs that are finished are kept, --resume goes on with the others`;
          throw new CommandError(exitCodes.internal, text, { cause });
        }
        observer.warning(`${died}; the run is tried once more`);
        continue;
      }
      if ("error" in outcome) throw outcome.error;
      if (outcome.result) await observer.finished(run, outcome.result);
      return;
    }
  };
  try {
    await Promise.all(runs.map(train));
  } finally {
    isOver = true;
    signal.removeEventListener("abort", abort);
    await pool.destroy();
  }
}
