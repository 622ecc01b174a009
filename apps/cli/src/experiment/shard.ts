// Selects the part of the runs that this machine computes.
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

/** The schema of a shard in a file. */
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

/** Returns the part that a scheduler assigned to this process. */
function scheduledShard(environment: Environment, given: number | undefined): Shard {
  const task = readCount(environment["SLURM_ARRAY_TASK_ID"]);
  const tasks = given ?? readCount(environment["SLURM_ARRAY_TASK_COUNT"]);
  if (task !== undefined && tasks !== undefined) {
    // An array may start anywhere and count in steps, as with --array=0-12:4.
    const first = readCount(environment["SLURM_ARRAY_TASK_MIN"]) ?? 0;
    const step = Math.max(1, readCount(environment["SLURM_ARRAY_TASK_STEP"]) ?? 1);
    return { index: Math.floor((task - first) / step) + 1, count: tasks };
  }
  const completion = readCount(environment["JOB_COMPLETION_INDEX"]);
  const completions = given ?? readCount(environment["JOB_COMPLETIONS"]);
  if (completion !== undefined && completions !== undefined) return { index: completion + 1, count: completions };
  if (completion !== undefined) {
    throw usageError("--shard: Kubernetes gives only the index; pass auto/n with the number of completions");
  }
  throw usageError(
    "--shard: auto needs SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT, or JOB_COMPLETION_INDEX; otherwise pass i/n",
  );
}

/**
 * Parses a shard: `2/8` is the second of eight; `auto` reads the scheduler's variables, `auto/8` only the index.
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

/** Whether a scheduler runs this process as one of several of the same job. */
export function isScheduledPart(environment: Environment): boolean {
  const tasks = readCount(environment["SLURM_ARRAY_TASK_COUNT"]) ?? 1;
  return (environment["SLURM_ARRAY_TASK_ID"] !== undefined && tasks > 1) || "JOB_COMPLETION_INDEX" in environment;
}

/** Selects every n-th of `runs`, to spread slow initializers over the shards; all runs without a shard. */
export function shardOf<T>(runs: readonly T[], shard: Shard | undefined): T[] {
  return runs.filter((_, i) => shard === undefined || i % shard.count === shard.index - 1);
}

/** Reports a finished shard: the number of runs, the folder, and the command to merge; with --json, `result`. */
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
    stdout.write("After all shards have finished, run: fanin merge DIR... --out DIR\n");
  }
}
