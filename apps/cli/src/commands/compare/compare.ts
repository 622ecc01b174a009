// `fanin compare`: trains the same network from different initial weights and seeds; writes a table, a report and JSON.

import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import { splitList, VERSION } from "@fanin/core";
import {
  type CompareConfig,
  compareConfig,
  defaultConfig,
  describeDataset,
  engineNames,
  expectFit,
  planRuns,
  type Run,
  type RunResult,
  sha256,
} from "@fanin/lab";
import type { Dataset } from "@fanin/lab/data";
import { loadEngine, trainAll } from "@fanin/sweep";
import { type Command, type Invocation, seedOption } from "../../command.ts";
import { isPublishedDataset } from "../../datasets/dataset-cache.ts";
import { loadDataset } from "../../datasets/load-dataset.ts";
import { CommandError, type ExitCode, exitCodes, usageError } from "../../exit-codes.ts";
import { isScheduledPart, readShard, shardOf, tellShard } from "../../experiment/shard.ts";
import { interruptible } from "../../interruption.ts";
import {
  activationOption,
  initListOption,
  optimizerOption,
  outputInitOption,
  streamOption,
} from "../../network-options.ts";
import { readInteger, readLayers, readNumber } from "../../read-values.ts";
import { ProgressBoard } from "../../terminal/progress-board.ts";
import { fromUser, fromUserLater } from "../../user-arguments.ts";
import { ComparisonFolder, type Plan } from "./comparison-folder.ts";
import { finishComparison } from "./finish-comparison.ts";

const MAX_SEEDS = 10_000;
const SAVE_EVERY = 2; // seconds

/** The options that define the experiment; with `--resume`, the folder defines it. */
const experimentOptions = {
  data: {
    value: "DIR|fashion-mnist|procedural",
    help: "a folder with the four IDX files, a data set fetched by fanin data, or generated images",
    default: "procedural",
  },
  layers: { value: "LIST", help: "sizes, such as 784,128,10 or 784,64x30,10", default: "784,128,10" },
  activation: activationOption,
  init: initListOption(defaultConfig.initializers),
  "output-init": outputInitOption,
  stream: streamOption,
  seeds: { value: "N", help: "number of seeds, starting at --seed", default: String(defaultConfig.seeds.length) },
  epochs: { value: "N", help: "passes over the training data", default: "5" },
  batch: { value: "N", help: "examples per step", default: "64" },
  optimizer: { ...optimizerOption, default: "adam" },
  lr: { value: "X", help: "learning rate (default: that of Keras for the optimizer)" },
  "validation-split": { value: "X", help: "share of the training data held out", default: "0.2" },
  engine: {
    value: engineNames.join("|"),
    help: "training engine: dense, or TensorFlow.js on Fanin's backend, if installed",
    default: defaultConfig.engine,
    choices: engineNames,
  },
  reference: { value: "NAME", help: "reference initializer of the comparison (default: the first of --init)" },
  target: { value: "X", help: "validation accuracy to reach (default: 95 % of the best)" },
} as const;

export const compareCommand: Command = {
  summary: "Train the same network from different initial weights, and compare the results.",
  usage: "[options]",
  examples: [
    "fanin compare",
    'fanin compare --data fashion-mnist/ --init "zeros,random_normal(stddev=1),glorot_normal,he_normal" --seeds 8',
    "fanin compare --layers 784,64x30,10 --init glorot_uniform,he_normal --optimizer sgd --lr 0.03",
    "fanin compare --resume runs/1f0c9a2b3c4d",
    "fanin compare --seeds 40 --shard 2/8 --out part-2      # then: fanin merge part-* --out whole",
  ],
  positionals: [],
  options: {
    seed: seedOption,
    ...experimentOptions,
    jobs: { value: "N", help: "number of parallel runs (default: one per core)" },
    out: { value: "DIR", help: "output folder (default: runs/ and a hash of the experiment)" },
    resume: { value: "DIR", help: "resume an interrupted comparison" },
    shard: { value: "i/n", help: "compute only part i of n; auto reads it from SLURM or Kubernetes (auto/n)" },
    "save-every": { value: "SECONDS", help: "time between two saves of a run's state", default: String(SAVE_EVERY) },
  },
  run,
};

/** Reads the config from the options. */
function configOf(invocation: Invocation): CompareConfig {
  const { option } = invocation;
  const init = option("init");
  const first = readInteger("seed", option("seed")) ?? 0;
  const count = readInteger("seeds", option("seeds")) ?? defaultConfig.seeds.length;
  if (count < 1 || count > MAX_SEEDS)
    throw usageError(`--seeds: expected an integer from 1 to ${MAX_SEEDS}, got ${count}`);
  const given = {
    layers: readLayers(option("layers")),
    activation: option("activation") as CompareConfig["activation"] | undefined,
    initializers: init === undefined ? undefined : splitList(init),
    outputInitializer: option("output-init"),
    stream: option("stream"),
    seeds: Array.from({ length: count }, (_, i) => first + i),
    epochs: readInteger("epochs", option("epochs")),
    batch: readInteger("batch", option("batch")),
    optimizer: option("optimizer") as CompareConfig["optimizer"] | undefined,
    learningRate: readNumber("lr", option("lr")),
    validationSplit: readNumber("validation-split", option("validation-split")),
    reference: option("reference"),
    target: readNumber("target", option("target")),
    engine: option("engine") as CompareConfig["engine"] | undefined,
  };
  return fromUser(() => compareConfig(given));
}

/** A comparison that is ready to start or resume, with its folder locked. */
interface Prepared {
  readonly plan: Plan;
  readonly dataset: Dataset;
  readonly folder: ComparisonFolder;
}

/** Prepares a new comparison from the options. */
async function begin(invocation: Invocation): Promise<Prepared> {
  const { option } = invocation;
  const config = configOf(invocation);
  const shard = readShard(option("shard"), invocation.environment);
  if (shard === undefined && isScheduledPart(invocation.environment) && !invocation.isSet("quiet")) {
    invocation.stderr.write("fanin: this task of several computes all runs; --shard auto computes only its part\n");
  }
  const data = option("data") ?? "procedural";
  const dataset = await loadDataset(data);
  fromUser(() => expectFit(config, dataset));
  await fromUserLater(() => loadEngine(config.engine));
  const info = await describeDataset(dataset, config);
  const plan: Plan = {
    version: VERSION,
    data: data === "procedural" || isPublishedDataset(data) ? data : resolve(data),
    dataset: info,
    config,
    ...(shard && { shard }),
  };
  const experiment = { version: VERSION, config, dataset: info.sha256 };
  const hash = await sha256(new TextEncoder().encode(JSON.stringify(experiment)));
  const part = shard ? `-shard-${shard.index}-of-${shard.count}` : "";
  const folder = new ComparisonFolder(resolve(option("out") ?? join("runs", hash.slice(0, 12) + part)));
  await folder.create(plan);
  return { plan, dataset, folder };
}

/** Prepares an interrupted comparison from its folder. */
async function resume(path: string, { option }: Invocation): Promise<Prepared> {
  const given = [...Object.keys(experimentOptions), "out", "seed", "shard"];
  const conflicting = given.find((name) => option(name) !== undefined);
  if (conflicting)
    throw usageError(`--${conflicting}: not allowed with --resume, which reads the experiment from the folder`);
  const folder = new ComparisonFolder(resolve(path));
  const saved = await folder.readPlan("--resume");
  if (saved.version !== VERSION) {
    throw usageError(`--resume: expected a comparison of version ${VERSION} in ${path}, got version ${saved.version}`);
  }
  const plan = saved;
  await fromUserLater(() => loadEngine(plan.config.engine));
  const dataset = await loadDataset(plan.data);
  const info = await describeDataset(dataset, plan.config);
  if (info.sha256 !== plan.dataset.sha256) {
    throw new CommandError(
      exitCodes.malformed,
      `--resume: the data in ${plan.data} differ from those of the comparison`,
    );
  }
  await folder.open();
  return { plan, dataset, folder };
}

async function run(invocation: Invocation): Promise<ExitCode> {
  const jobs = readInteger("jobs", invocation.option("jobs")) ?? availableParallelism();
  if (jobs < 1 || jobs > 1024) throw usageError(`--jobs: expected an integer from 1 to 1024, got ${jobs}`);
  const seconds = readNumber("save-every", invocation.option("save-every")) ?? SAVE_EVERY;
  if (!(seconds >= 0)) throw usageError(`--save-every: expected 0 seconds or more, got ${seconds}`);
  const resumed = invocation.option("resume");
  const prepared = resumed === undefined ? await begin(invocation) : await resume(resumed, invocation);
  try {
    return await train(prepared, jobs, 1000 * seconds, resumed !== undefined, invocation);
  } finally {
    await prepared.folder.release();
  }
}

/** Trains the missing runs, and finishes the comparison or prints how to resume it. */
async function train(
  { plan, dataset, folder }: Prepared,
  jobs: number,
  saveEvery: number,
  isResumed: boolean,
  invocation: Invocation,
): Promise<ExitCode> {
  const { config, shard } = plan;
  const all = planRuns(config);
  const positions = new Map(all.map((runOf, position) => [runOf, position]));
  const positionOf = (runOf: Run): number => positions.get(runOf) ?? 0;
  const runs = shardOf(all, shard);
  const results: RunResult[] = [];
  if (isResumed) {
    for (const runOf of runs) {
      const result = await folder.loadRun(runOf, positionOf(runOf), config);
      if (!result) continue;
      // A killed process may have left the state beside the result.
      await folder.dropCheckpoint(runOf, positionOf(runOf));
      results.push(result);
    }
  }
  const missing = runs.filter((runOf) => !results.some((result) => isSame(result, runOf)));
  const shown = relative(process.cwd(), folder.path) || ".";

  const board = invocation.isSet("quiet")
    ? null
    : new ProgressBoard(invocation.stderr, runs.length, results.length, config.epochs);
  const label = ({ initializer, seed }: Run): string => `${initializer} seed ${seed}`;
  try {
    await interruptible((signal) => {
      // Printed after Ctrl-C, not before.
      if (!invocation.isSet("quiet")) {
        const part = shard === undefined ? "" : ` of shard ${shard.index}/${shard.count}`;
        invocation.stderr.write(`${missing.length} run${missing.length === 1 ? "" : "s"}${part} into ${shown}\n`);
      }
      return trainAll(
        dataset,
        missing.map((runOf) => ({
          config,
          run: runOf,
          checkpoint: folder.checkpointPath(runOf, positionOf(runOf)),
        })),
        { jobs: Math.min(jobs, Math.max(1, missing.length)), saveEvery, signal },
        {
          progress: ({ run: runOf }, progress) => board?.update(label(runOf), progress),
          warning: (text) => invocation.stderr.write(`fanin: ${text}\n`),
          finished: async ({ run: runOf }, result) => {
            await folder.saveRun(runOf, positionOf(runOf), result);
            results.push(result);
            board?.finish(label(runOf), result);
          },
        },
      );
    });
  } finally {
    board?.close();
  }
  if (results.length < runs.length) {
    invocation.stderr.write(
      `fanin: interrupted; ${results.length} of ${runs.length} runs are saved. Resume with: fanin compare --resume ${shown}\n`,
    );
    return exitCodes.interrupted;
  }
  if (shard === undefined) await finishComparison(plan, results, folder, invocation);
  else {
    const ordered = runs.map((runOf) => results.find((result) => isSame(result, runOf)));
    tellShard(shard, runs.length, shown, { version: VERSION, config, runs: ordered }, invocation);
  }
  return exitCodes.fine;
}

const isSame = (a: Run, b: Run): boolean => a.seed === b.seed && a.initializer === b.initializer;
