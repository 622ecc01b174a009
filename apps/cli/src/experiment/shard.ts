// Which part of the runs one machine of several computes.
// Source: SLURM's sbatch (job arrays); Kubernetes' Indexed Jobs, whose pods find their index in JOB_COMPLETION_INDEX.

import { integerFrom, recordOf, type Schema } from "@fanin/formats/record-schema";
import { describeValue } from "@fanin/tensor/arguments";
import type { Invocation } from "../command.ts";
import { usageError } from "../exit-codes.ts";
import { plural } from "../terminal/plural.ts";

/** The `index`-th of `count` parts, from 1. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

const MAX_COUNT = 100_000;

/** A shard as a file has it. */
export const shardSchema: Schema = (value, field) => {
  const wrong = recordOf({ index: integerFrom(1), count: integerFrom(1, MAX_COUNT) })(value, field);
  if (wrong !== undefined) return wrong;
  const { index, count } = value as Shard;
  return index <= count ? undefined : `${field}.index: expected an integer from 1 to ${count}, got ${index}`;
};

type Environment = Readonly<Record<string, string | undefined>>;

function readCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** The part that a scheduler has given to this process. */
function scheduledShard(environment: Environment, given: number | undefined): Shard {
  const task = readCount(environment["SLURM_ARRAY_TASK_ID"]);
  const tasks = given ?? readCount(environment["SLURM_ARRAY_TASK_COUNT"]);
  if (task !== undefined && tasks !== undefined) {
    // An array may begin anywhere and count in steps, as --array=0-12:4 does.
    const first = readCount(environment["SLURM_ARRAY_TASK_MIN"]) ?? 0;
    const step = Math.max(1, readCount(environment["SLURM_ARRAY_TASK_STEP"]) ?? 1);
    return { index: Math.floor((task - first) / step) + 1, count: tasks };
  }
  const completion = readCount(environment["JOB_COMPLETION_INDEX"]);
  const completions = given ?? readCount(environment["JOB_COMPLETIONS"]);
  if (completion !== undefined && completions !== undefined) return { index: completion + 1, count: completions };
  if (completion !== undefined) {
    throw usageError("--shard: Kubernetes tells the index only; write auto/n with the number of completions");
  }
  throw usageError(
    "--shard: auto needs SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT, or JOB_COMPLETION_INDEX; write i/n instead",
  );
}

/**
 * A shard as it was typed: `2/8` is the second of eight; `auto` asks the scheduler, `auto/8` for its index alone.
 *
 * @throws CommandError for anything else, or an index beyond the count.
 */
export function readShard(text: string | undefined, environment: Environment): Shard | undefined {
  if (text === undefined) return undefined;
  const [, index, count] = /^(\d+|auto)(?:\/(\d+))?$/.exec(text) ?? [];
  if (index === undefined || (index !== "auto" && count === undefined)) {
    throw usageError(`--shard: expected i/n, such as 1/4, or auto, got ${describeValue(text)}`);
  }
  const given = readCount(count);
  const shard = index === "auto" ? scheduledShard(environment, given) : { index: Number(index), count: given ?? 0 };
  if (shard.count < 1 || shard.count > MAX_COUNT || shard.index < 1 || shard.index > shard.count) {
    throw usageError(
      `--shard: expected i/n with i from 1 to n, n up to ${MAX_COUNT}, got ${shard.index}/${shard.count}`,
    );
  }
  return shard;
}

/** Whether a scheduler runs this process as one of several of one job. */
export function isScheduledPart(environment: Environment): boolean {
  const tasks = readCount(environment["SLURM_ARRAY_TASK_COUNT"]) ?? 1;
  return (environment["SLURM_ARRAY_TASK_ID"] !== undefined && tasks > 1) || "JOB_COMPLETION_INDEX" in environment;
}

/** Every n-th of `runs`, so that slow initializers are spread over the shards; all of them without a shard. */
export function shardOf<T>(runs: readonly T[], shard: Shard | undefined): T[] {
  return runs.filter((_, i) => shard === undefined || i % shard.count === shard.index - 1);
}

/** Says what a shard gives: how many runs are where, and how to put them together; with --json what `result` has. */
export function tellShard(
  { index, count }: Shard,
  runs: number,
  folder: string,
  { version, ...result }: { readonly version: string; readonly [name: string]: unknown },
  { isSet, stdout }: Invocation,
): void {
  const shard = `${index}/${count}`;
  if (isSet("json")) {
    stdout.write(`${JSON.stringify({ schemaVersion: 1, version, shard, ...result })}\n`);
  } else {
    stdout.write(`shard ${shard}: ${plural(runs, "run")} in ${folder}\n`);
    stdout.write("When all shards are there: fanin merge DIR... --out DIR\n");
  }
}
