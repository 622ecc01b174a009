// What a queue holds: one job for each run, under the run's address, which is the hash of what the job says.
// Who takes a job from a queue computes the address again: anybody may have written it.

import { VERSION } from "@fanin/core";
import { type CompareConfig, compareConfig, type Run } from "@fanin/lab";
import { runAddress, type SweepPlan, type SweepRun } from "../grid/sweep-plan.ts";
import type { SweepSpec } from "../grid/sweep-spec.ts";

/** The name of the queue, and the beginning of its keys. */
export const QUEUE_NAME = "runs";
/** See {@link QUEUE_NAME}. */
export const QUEUE_PREFIX = "fanin";

/** Everything that a worker needs for one run. */
export interface RunJob {
  /** Of the sweep that queued it: another version may give other bits. */
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

/** A job that is not what its address says, or that is of another version. */
export class JobError extends Error {
  override readonly name: string = "JobError";
  /** The version of a job that another worker may take; undefined for one that nobody can. */
  readonly otherVersion: string | undefined;

  constructor(message: string, otherVersion?: string) {
    super(message);
    this.otherVersion = otherVersion;
  }
}

/** The text of a version as npm has it, and short: it is shown. */
const isVersion = (value: unknown): value is string =>
  typeof value === "string" && value.length <= 64 && /^\d+\.\d+\.\d+[\w.+-]*$/.test(value);

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(name: string, value: unknown): Fields {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Fields;
  const kind = value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
  throw new JobError(`${name}: expected an object, got ${value === undefined ? "nothing" : kind}`);
}

function countOf(name: string, value: unknown): number | null {
  if (value === null || (typeof value === "number" && Number.isSafeInteger(value) && value > 0)) return value;
  throw new JobError(`examples.${name}: expected a whole number above 0, or null`);
}

/**
 * The job called `id`, checked: `value` may be anything.
 *
 * @throws JobError for one of another version, one that does not describe a run, and one whose content does not give its id.
 */
export async function readRunJob(id: unknown, value: unknown, version: string = VERSION): Promise<RunJob> {
  const job = fieldsOf("the job", value);
  if (isVersion(job["version"]) && job["version"] !== version) {
    throw new JobError(`it is of fanin ${job["version"]}, and this is ${version}`, job["version"]);
  }
  if (job["version"] !== version) throw new JobError("version: expected the version of a fanin");
  const { data, dataset } = job;
  if (typeof data !== "string" || data === "" || data.length > 4096)
    throw new JobError("data: expected the name or folder of a data set");
  if (typeof dataset !== "string" || !/^[0-9a-f]{64}$/.test(dataset))
    throw new JobError("dataset: expected a SHA-256 in hex");
  const examples = fieldsOf("examples", job["examples"]);
  const { initializer, seed } = fieldsOf("run", job["run"]);
  if (typeof initializer !== "string" || initializer.length > 1000)
    throw new JobError("run.initializer: expected the name of an initializer");
  if (typeof seed !== "number" || !Number.isSafeInteger(seed)) throw new JobError("run.seed: expected an integer");
  const run: Run = { initializer, seed };
  const config = readConfig(fieldsOf("config", job["config"]), run);
  if ((await runAddress(version, dataset, config, run)) !== id)
    throw new JobError("its content does not give its id, which is the SHA-256 of it");
  return {
    version,
    data,
    dataset,
    config,
    run,
    examples: { train: countOf("train", examples["train"]), test: countOf("test", examples["test"]) },
  };
}

/** The fields of a config that decide a result; the others are those of a comparison of this run alone. */
function readConfig(config: Fields, { initializer, seed }: Run): CompareConfig {
  const { layers, activation, outputInitializer, stream, epochs, batch, optimizer, learningRate, validationSplit } =
    config as Partial<CompareConfig>;
  const training = { layers, activation, outputInitializer, stream, epochs, batch, optimizer, learningRate };
  try {
    return compareConfig({ ...training, validationSplit, initializers: [initializer], seeds: [seed] });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new JobError(`config: ${error.message.slice(0, 300)}`);
  }
}
