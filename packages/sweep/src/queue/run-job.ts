// The jobs of a queue: one per run, under the run's address, which is the hash of the job's content.
// A worker recomputes the address, because anybody may have written the job.

import { VERSION } from "@fanin/core";
import { type CompareConfig, compareConfig, type Run } from "@fanin/lab";
import { runAddress, type SweepPlan, type SweepRun } from "../grid/sweep-plan.ts";
import type { SweepSpec } from "../grid/sweep-spec.ts";

/** The name of the queue, and the beginning of its keys. */
export const QUEUE_NAME = "runs";
/** See {@link QUEUE_NAME}. */
export const QUEUE_PREFIX = "fanin";

/** The inputs of one run for a worker. */
export interface RunJob {
  /** The version that queued it; another version may give other bits. */
  readonly version: string;
  readonly data: string;
  readonly examples: SweepSpec["examples"];
  /** SHA-256 of the data. */
  readonly dataset: string;
  readonly config: CompareConfig;
  readonly run: Run;
}

/** A job in BullMQ's format. */
export interface QueuedRun {
  readonly name: string;
  readonly data: RunJob;
  readonly opts: {
    readonly jobId: string;
    readonly attempts: number;
    readonly backoff: { readonly type: "exponential"; readonly delay: number };
  };
}

/** The job of a run. Its config names only this run, so its size does not depend on the number of seeds. */
export function queuedRun({ id, config, run }: SweepRun, { version, spec, dataset }: SweepPlan): QueuedRun {
  const { initializer, seed } = run;
  const solo: CompareConfig = { ...config, initializers: [initializer], seeds: [seed], reference: initializer };
  return {
    name: "run",
    data: { version, data: spec.data, examples: spec.examples, dataset: dataset.sha256, config: solo, run },
    // One machine may lack the data or memory, so another should try.
    opts: { jobId: id, attempts: 3, backoff: { type: "exponential", delay: 500 } },
  };
}

/** The error of a job with a wrong address or of another version. */
export class JobError extends Error {
  override readonly name: string = "JobError";
  /** The version of a worker that can take the job; undefined if none can. */
  readonly otherVersion: string | undefined;

  constructor(message: string, otherVersion?: string) {
    super(message);
    this.otherVersion = otherVersion;
  }
}

/** A short npm version; it is printed. */
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
 * Checks the untrusted `value` of the job `id`.
 *
 * @throws JobError if it is of another version, does not describe a run, or its content does not match its id.
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

/** The fields of a config that determine a result; the others have the values of a comparison of one run. */
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
