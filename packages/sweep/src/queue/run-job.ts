// What a queue holds: one job for each run, under the run's address, so that the same run is queued once.

import type { CompareConfig, Run } from "@fanin/lab";
import type { SweepPlan, SweepRun } from "../grid/sweep-plan.ts";
import type { SweepSpec } from "../grid/sweep-spec.ts";

/** The name of the queue, and the beginning of its keys. */
export const QUEUE_NAME = "runs";
/** See {@link QUEUE_NAME}. */
export const QUEUE_PREFIX = "fanin";

/** Everything that a worker needs for one run. */
export interface RunJob {
  /** Of whoever queued it: another version may give other bits. */
  readonly version: string;
  readonly data: string;
  readonly examples: SweepSpec["examples"];
  /** SHA-256 of the data. */
  readonly dataset: string;
  readonly config: CompareConfig;
  readonly run: Run;
}

/** A job as BullMQ takes it. */
export interface QueuedRun {
  readonly name: string;
  readonly data: RunJob;
  readonly opts: {
    readonly jobId: string;
    readonly attempts: number;
    readonly backoff: { readonly type: "exponential"; readonly delay: number };
  };
}

/** The job of a run. Its config names this run alone: a job is as small for one seed of ten thousand as for the only one. */
export function queuedRun({ id, config, run }: SweepRun, { version, spec, dataset }: SweepPlan): QueuedRun {
  const { initializer, seed } = run;
  const solo: CompareConfig = { ...config, initializers: [initializer], seeds: [seed], reference: initializer };
  return {
    name: "run",
    data: { version, data: spec.data, examples: spec.examples, dataset: dataset.sha256, config: solo, run },
    // A failure may be that of one machine, which lacks the data or memory: another is to try.
    opts: { jobId: id, attempts: 3, backoff: { type: "exponential", delay: 500 } },
  };
}
