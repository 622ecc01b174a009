// `fanin materialize`: writes weights of any size from a specification to sharded .safetensors, in constant memory.

import { availableParallelism } from "node:os";
import { dirname, resolve } from "node:path";
import { streamNames } from "@fanin/core";
import {
  expectWholeFits,
  formatBytes,
  materialize,
  outlineOf,
  planShards,
  readWeightsSpec,
  type ShardPlan,
  WeightsFolder,
  WeightsFolderError,
  type WeightsManifest,
  type WeightsOutline,
  type WeightsPlan,
  WeightsSpecError,
  WHOLE_BYTES,
} from "@fanin/models";
import { FLOAT_DTYPES } from "@fanin/tensor";
import { expectOneOf } from "@fanin/tensor/arguments";
import { type Command, type Invocation, seedOption } from "../../command.ts";
import { CommandError, type ExitCode, exitCodes, usageError } from "../../exit-codes.ts";
import { readShard, type Shard, shardOf } from "../../experiment/shard.ts";
import { withFolderLock } from "../../folder-lock.ts";
import { interruptible } from "../../interruption.ts";
import { readTextFile } from "../../read-text-file.ts";
import { readChoice, readInteger, readSeed } from "../../read-values.ts";
import { fromUser } from "../../user-arguments.ts";
import { removeFinishedParts } from "./finished-parts.ts";
import { commandErrorOf } from "./merge-folders.ts";
import { readBytes } from "./read-bytes.ts";
import { TransferBoard } from "./transfer-board.ts";
import { printWeights, shownFolder } from "./weights-result.ts";

/** Maximum length of a specification; a longer file is one given by mistake. */
const MAX_SECONDS = 64 * 2 ** 20;
const SHARD_SIZE = 2e9;

export const materializeCommand: Command = {
  summary: "Write weights of any size from a specification as sharded .safetensors.",
  usage: "<SPEC.json> --out DIR [options]",
  examples: [
    "fanin materialize spec.json --out weights",
    "fanin materialize config.json --seed 42 --dtype bfloat16 --out llama      # Hugging Face's config.json",
    "fanin materialize model.json --seed 42 --out keras                        # Keras's model.to_json()",
    "fanin materialize spec.json --shard 2/8 --out part-2                      # then: fanin merge part-* --out weights",
  ],
  positionals: ["SPEC.json"],
  options: {
    seed: seedOption,
    out: { value: "DIR", help: "output folder (required); run the same command again to resume" },
    "shard-size": {
      value: "SIZE",
      help: "maximum bytes of values per file, such as 500MB or 2GiB",
      default: "2GB",
    },
    jobs: { value: "N", help: "number of threads (default: one per core)" },
    shard: {
      value: "i/n",
      help: "write only part i of n of the files; auto reads it from SLURM or Kubernetes (auto/n)",
    },
    stream: {
      value: "NAME",
      help: "random number stream, if the specification has none (default: keras/tensorflow)",
      choices: streamNames,
    },
    dtype: { value: "NAME", help: "dtype of tensors, if the specification has none", choices: FLOAT_DTYPES },
    "whole-limit": {
      value: "SIZE",
      help: "maximum size of a tensor whose values must be computed in memory as a whole",
      default: "64MiB",
    },
  },
  run,
};

/** The checked work; nothing has been written yet. */
interface Work {
  readonly plan: WeightsPlan;
  readonly outline: WeightsOutline;
  /** The files of this part. */
  readonly shards: readonly ShardPlan[];
  readonly shard: Shard;
  readonly folder: WeightsFolder;
  readonly jobs: number;
}

/** Plans the work; errors of the specification name the file and the path in it. */
function readPlan(path: string, { option }: Invocation): WeightsPlan {
  const text = readTextFile("SPEC", path, MAX_SECONDS);
  const seed = option("seed");
  const stream = option("stream");
  try {
    const defaults = {
      seed: seed === undefined ? undefined : readSeed(seed),
      stream: stream === undefined ? undefined : fromUser(() => expectOneOf("stream", stream, streamNames)),
      dtype: readChoice("dtype", option("dtype"), FLOAT_DTYPES),
      readFile: (name: string) => readTextFile(name, resolve(dirname(path), name), MAX_SECONDS),
    };
    return fromUser(() => readWeightsSpec(text, defaults));
  } catch (cause) {
    if (!(cause instanceof WeightsSpecError)) throw cause;
    throw new CommandError(exitCodes.malformed, `${path}: ${cause.message}`, { cause });
  }
}

function prepare(invocation: Invocation): Work {
  const { option, positionals, environment } = invocation;
  const out = option("out");
  if (out === undefined) throw usageError("--out: expected DIR, got nothing");
  const jobs = readInteger("jobs", option("jobs")) ?? availableParallelism();
  if (jobs < 1 || jobs > 1024) throw usageError(`--jobs: expected an integer from 1 to 1024, got ${jobs}`);
  const shard = readShard(option("shard"), environment) ?? { index: 1, count: 1 };
  const shardSize = readBytes("shard-size", option("shard-size")) ?? SHARD_SIZE;
  const wholeLimit = readBytes("whole-limit", option("whole-limit")) ?? WHOLE_BYTES;
  const plan = readPlan(positionals[0] ?? "", invocation);
  fromUser(() => expectWholeFits(plan, wholeLimit));
  const shards = fromUser(() => planShards(plan, shardSize));
  const outline = outlineOf(plan, shards);
  return { plan, outline, shards: shardOf(shards, shard), shard, folder: new WeightsFolder(resolve(out)), jobs };
}

/** Writes missing files; returns whether this part is complete. */
async function write(work: Work, part: string, invocation: Invocation): Promise<boolean> {
  const { plan, outline, shards, folder, jobs } = work;
  const present = await folder.finished(outline);
  const missing = shards.filter(({ file }) => !present.has(file));
  const kept = shards.length - missing.length;
  const isQuiet = invocation.isSet("quiet");
  if (kept > 0 && !isQuiet) invocation.stderr.write(`${kept} of ${shards.length} files exist already\n`);
  const total = missing.reduce((sum, { bytes }) => sum + bytes, 0);
  const board = isQuiet ? null : new TransferBoard(invocation.stderr, total, missing.length);
  try {
    return await interruptible((signal) =>
      materialize(plan, missing, folder, {
        ...{ jobs, part, signal },
        observer: {
          progress: (written) => board?.progress(written),
          finished: (shard) => board?.finished(shard),
        },
      }),
    );
  } finally {
    board?.close();
  }
}

/** Reports a finished part of an incomplete whole. */
async function tellPart(
  { outline, shard, shards, folder }: Work,
  missing: readonly string[],
  invocation: Invocation,
): Promise<void> {
  const part = `${shard.index}/${shard.count}`;
  if (invocation.isSet("json")) {
    const { version, plan, seed, totalSize, parameters } = outline;
    const records = await folder.finished(outline);
    const files = shards.map(({ file, bytes, tensors }) => ({
      ...{ file, bytes, tensors: tensors.length },
      sha256: records.get(file)?.sha256,
    }));
    const result = {
      version,
      plan,
      seed,
      out: folder.path,
      shard: part,
      complete: false,
      totalSize,
      parameters,
      files,
    };
    invocation.stdout.write(`${JSON.stringify({ schemaVersion: 1, ...result })}\n`);
    return;
  }
  const bytes = formatBytes(shards.reduce((sum, shardPlan) => sum + shardPlan.bytes, 0));
  invocation.stdout.write(`shard ${part}: ${shards.length} files, ${bytes}, in ${shownFolder(folder.path)}\n`);
  invocation.stdout.write(
    `${missing.length} of ${outline.shards.length} files belong to other parts. The last part to finish in this folder completes it; if parts use several folders, run: fanin merge DIR... --out DIR\n`,
  );
}

async function run(invocation: Invocation): Promise<ExitCode> {
  const work = prepare(invocation);
  const { folder, outline, shard } = work;
  const part = `${shard.index}-of-${shard.count}`;
  try {
    const before = await folder.readManifest();
    // A complete folder stays unchanged, except for the leftovers of a run that was killed at its end.
    if (before?.plan === outline.plan && (await folder.finished(outline)).size === outline.shards.length) {
      await removeFinishedParts(folder, outline);
      if (!invocation.isSet("quiet")) invocation.stderr.write("all files exist already\n");
      printWeights(invocation, folder.path, before);
      return exitCodes.fine;
    }
    await folder.claim(outline);
    let whole: WeightsManifest | readonly string[] | undefined;
    try {
      whole = await withFolderLock(await folder.makePart(part), async () => {
        try {
          await folder.begin(outline, part);
          return (await write(work, part, invocation)) ? await folder.complete(outline, part) : undefined;
        } finally {
          await folder.removePart(part);
        }
      });
    } finally {
      if (whole === undefined) await folder.abandon(outline);
    }
    if (whole === undefined) return await tellInterruption(work, invocation);
    if (isManifest(whole)) {
      await removeFinishedParts(folder, outline);
      printWeights(invocation, folder.path, whole);
    } else await tellPart(work, whole, invocation);
    return exitCodes.fine;
  } catch (error) {
    if (!(error instanceof WeightsFolderError)) throw error;
    throw commandErrorOf("--out", error);
  }
}

function isManifest(whole: WeightsManifest | readonly string[]): whole is WeightsManifest {
  return !Array.isArray(whole);
}

async function tellInterruption({ folder, outline, shards }: Work, { stderr }: Invocation): Promise<ExitCode> {
  const present = await folder.finished(outline);
  const kept = shards.filter(({ file }) => present.has(file)).length;
  stderr.write(
    `fanin: interrupted; ${kept} of ${shards.length} files are finished. Run the same command again to resume\n`,
  );
  return exitCodes.interrupted;
}
