// One training run in a worker thread; the data set comes shared with the task.
// A run that has a file for its state saves it every few seconds, and where it is told to stop.

import { readFile } from "node:fs/promises";
import type { MessagePort } from "node:worker_threads";
import { writeFileAtomically } from "@fanin/formats/node";
import { type CompareConfig, type Dataset, type Run, type RunProgress, type RunResult, TrainRun } from "@fanin/lab";
import { loadEngine } from "./load-engine.ts";

/** What the pool gives to a worker for one run. */
export interface RunTask {
  readonly config: CompareConfig;
  /** Its bytes in memory that threads share. */
  readonly dataset: Dataset;
  readonly run: Run;
  /** The file of the run's state while it is under way; null where none is kept. */
  readonly checkpoint: string | null;
  /** Milliseconds between two saves. */
  readonly saveEvery: number;
  /** Shared with the pool, which sets it to 1 to have the run saved and stopped. */
  readonly stop: Int32Array;
  /** Where progress and warnings go. */
  readonly port: MessagePort;
}

/** What a worker tells while it trains. */
export type RunMessage =
  | { readonly kind: "progress"; readonly progress: RunProgress }
  | { readonly kind: "warning"; readonly text: string };

const REPORT_EVERY = 80; // milliseconds between two messages

function readState(checkpoint: string | null): Promise<Uint8Array> | undefined {
  if (checkpoint === null) return undefined;
  return readFile(checkpoint);
}

/** The run where its checkpoint says it was; at its start where there is none, or one that is damaged. */
async function open({ config, dataset, run, checkpoint, port }: RunTask): Promise<TrainRun> {
  const saved = await readState(checkpoint)?.catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  const engine = await loadEngine(config.engine);
  if (saved) {
    try {
      return await TrainRun.open(config, dataset, run, saved, engine);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (!(error instanceof RangeError) || !/^(checkpoint|arrays): /.test(reason)) throw error;
      const text = `${checkpoint} is of no use (${reason}); ${run.initializer} seed ${run.seed} starts over`;
      port.postMessage({ kind: "warning", text } satisfies RunMessage);
    }
  }
  return TrainRun.open(config, dataset, run, undefined, engine);
}

/** Saves the state; where that fails the run goes on, at the risk of starting over after an interruption. */
async function save(training: TrainRun, { checkpoint, port }: RunTask): Promise<void> {
  if (checkpoint === null) return;
  try {
    await writeFileAtomically(checkpoint, await training.save(), { force: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    port.postMessage({ kind: "warning", text: `the run's state is not saved: ${reason}` } satisfies RunMessage);
  }
}

/** How a task ended, other than by the death of its thread; `result` is null where the run was stopped and saved. */
export type RunOutcome = { readonly result: RunResult | null } | { readonly error: unknown };

/** Trains one run, telling its progress now and then. */
export async function train(task: RunTask): Promise<RunOutcome> {
  try {
    return { result: await trainTask(task) };
  } catch (error) {
    // Returned, so that what is thrown can only be the thread's own end.
    return { error };
  }
}

async function trainTask(task: RunTask): Promise<RunResult | null> {
  const { saveEvery, stop, port } = task;
  const isStopped = (): boolean => Atomics.load(stop, 0) === 1;
  try {
    if (isStopped()) return null;
    const training = await open(task);
    try {
      let reported = 0;
      let saved = performance.now();
      while (!training.isDone) {
        const progress = await training.step();
        const now = performance.now();
        if (isStopped() && !training.isDone) {
          await save(training, task);
          return null;
        }
        if (now - reported >= REPORT_EVERY) {
          reported = now;
          port.postMessage({ kind: "progress", progress } satisfies RunMessage);
        }
        if (now - saved >= saveEvery && !training.isDone) {
          await save(training, task);
          saved = performance.now();
        }
      }
      return await training.finish();
    } finally {
      training.dispose();
    }
  } finally {
    port.close();
  }
}
