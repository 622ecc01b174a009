// Trains one run in a worker thread; the task contains the shared data set.
// A run with a state file saves its state every few seconds, and when it is stopped.

import { readFile } from "node:fs/promises";
import type { MessagePort } from "node:worker_threads";
import { writeFileAtomically } from "@fanin/formats/node";
import { type CompareConfig, type Run, type RunProgress, type RunResult, TrainRun } from "@fanin/lab";
import type { Dataset } from "@fanin/lab/data";
import { loadEngine } from "./load-engine.ts";

/** The task of a worker for one run. */
export interface RunTask {
  readonly config: CompareConfig;
  /** The data, in shared memory. */
  readonly dataset: Dataset;
  readonly run: Run;
  /** The file of the unfinished run's state; null to keep none. */
  readonly checkpoint: string | null;
  /** Milliseconds between two saves. */
  readonly saveEvery: number;
  /** Shared with the pool, which sets it to 1 to save and stop the run. */
  readonly stop: Int32Array;
  /** The port for progress and warnings. */
  readonly port: MessagePort;
}

/** A message of a training worker. */
export type RunMessage =
  | { readonly kind: "progress"; readonly progress: RunProgress }
  | { readonly kind: "warning"; readonly text: string };

const REPORT_EVERY = 80; // milliseconds between two messages

function readState(checkpoint: string | null): Promise<Uint8Array> | undefined {
  if (checkpoint === null) return undefined;
  return readFile(checkpoint);
}

/** Opens the run at its checkpoint, or at its start if the checkpoint is missing or damaged. */
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
      const text = `${checkpoint} is unusable (${reason}); ${run.initializer} seed ${run.seed} starts over`;
      port.postMessage({ kind: "warning", text } satisfies RunMessage);
    }
  }
  return TrainRun.open(config, dataset, run, undefined, engine);
}

/** Saves the state. If that fails, the run continues and may have to start over after an interruption. */
async function save(training: TrainRun, { checkpoint, port }: RunTask): Promise<void> {
  if (checkpoint === null) return;
  try {
    await writeFileAtomically(checkpoint, await training.save(), { force: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    port.postMessage({ kind: "warning", text: `cannot save the run's state: ${reason}` } satisfies RunMessage);
  }
}

/** The outcome of a task whose thread survived; `result` is null if the run was saved and stopped. */
export type RunOutcome = { readonly result: RunResult | null } | { readonly error: unknown };

/** Trains one run and reports its progress. */
export async function train(task: RunTask): Promise<RunOutcome> {
  try {
    return { result: await trainTask(task) };
  } catch (error) {
    // Return the error, so that only the death of the thread throws.
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
