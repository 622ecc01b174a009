// `fanin sweep`: trains a grid of comparisons on the threads of this machine, in parts on several machines, or on a queue.

import { availableParallelism } from "node:os";
import { join, relative, resolve } from "node:path";
import { VERSION } from "@fanin/core";
import { sha256 } from "@fanin/lab";
import type { Dataset } from "@fanin/lab/data";
import {
  type PoolRun,
  type QueueAddress,
  readSweepSpec,
  runLabel,
  type SweepPlan,
  type SweepRun,
  type SweepSpec,
  sweepPlan,
  type TrainObserver,
  takeExamples,
  trainAll,
  trainOnQueue,
} from "@fanin/sweep";
import { type Command, type Invocation, seedOption } from "../../command.ts";
import { isPublishedDataset } from "../../datasets/dataset-cache.ts";
import { loadDataset } from "../../datasets/load-dataset.ts";
import { type ExitCode, exitCodes, usageError } from "../../exit-codes.ts";
import { readShard, shardOf, tellShard } from "../../experiment/shard.ts";
import { interruptible } from "../../interruption.ts";
import { passwordOption, readQueueOption } from "../../queue/queue-option.ts";
import { readTextFile } from "../../read-text-file.ts";
import { readInteger, readNumber } from "../../read-values.ts";
import { ProgressBoard } from "../../terminal/progress-board.ts";
import { fromUser, fromUserLater } from "../../user-arguments.ts";
import { finishSweep } from "./finish-sweep.ts";
import { SweepFolder, type SweepHeader } from "./sweep-folder.ts";

const SAVE_EVERY = 2_000; // milliseconds
const MAX_SPEC_BYTES = 2 ** 20;

export const sweepCommand: Command = {
  summary: "Train a grid of networks from different initial weights. Run it again to resume.",
  usage: "SPEC.json|SPEC.yaml [options]",
  examples: [
    "fanin sweep depths.yaml",
    "fanin sweep depths.yaml --shard 2/8 --out part-2      # then: fanin merge part-* --out whole",
    "fanin sweep depths.yaml --shard auto                  # in a SLURM array or a Kubernetes Indexed Job",
    "fanin sweep depths.yaml --queue redis://queue:6379    # and anywhere: fanin worker --queue redis://queue:6379",
  ],
  positionals: ["FILE"],
  options: {
    seed: seedOption,
    out: { value: "DIR", help: "output folder (default: runs/sweep- and a hash of the sweep)" },
    jobs: { value: "N", help: "number of parallel runs (default: one per core)" },
    shard: { value: "i/n", help: "compute only part i of n; auto reads it from SLURM or Kubernetes (auto/n)" },
    queue: {
      value: "URL",
      help: "queue of fanin worker: redis://[:password@]host:port (rediss:// for TLS); also FANIN_REDIS_URL",
    },
    ...passwordOption,
    "verify-fraction": {
      value: "X",
      help: "share from 0 to 1 of a queue's results to recompute on this machine",
      default: "0",
    },
  },
  run,
};

/** A sweep that is ready to train. */
interface Sweep {
  readonly plan: SweepPlan;
  readonly header: SweepHeader;
  readonly dataset: Dataset;
  readonly folder: SweepFolder;
  readonly runs: readonly SweepRun[];
}

async function readSpec({ positionals: [file = ""], option }: Invocation): Promise<SweepSpec> {
  const text = readTextFile("SPEC", file, MAX_SPEC_BYTES);
  const seed = readInteger("seed", option("seed"));
  const spec = await fromUserLater(() => readSweepSpec(text, file, seed));
  const isNamed = spec.data === "procedural" || isPublishedDataset(spec.data);
  return isNamed ? spec : { ...spec, data: resolve(spec.data) };
}

async function prepare(invocation: Invocation): Promise<Sweep> {
  const { option, environment } = invocation;
  const shard = readShard(option("shard"), environment);
  const spec = await readSpec(invocation);
  const all = await loadDataset(spec.data);
  const dataset = fromUser(() => takeExamples(all, spec.examples));
  const plan = await fromUserLater(() => sweepPlan(spec, dataset));
  const header: SweepHeader = { version: VERSION, spec, dataset: plan.dataset, ...(shard && { shard }) };
  const { data: _, ...essence } = spec;
  const content = JSON.stringify({ version: VERSION, spec: essence, dataset: plan.dataset.sha256 });
  const hash = (await sha256(new TextEncoder().encode(content))).slice(0, 12);
  const part = shard ? `-shard-${shard.index}-of-${shard.count}` : "";
  const folder = new SweepFolder(resolve(option("out") ?? join("runs", `sweep-${hash}${part}`)));
  return { plan, header, dataset, folder, runs: shardOf(plan.runs, shard) };
}

/** A queue that trains the runs, and the share of its results to recompute. */
interface SweepQueue {
  readonly address: QueueAddress;
  readonly verifyFraction: number;
}

/** Reads the queue from the options or, if no option selects local training, from the environment. */
function readQueue(invocation: Invocation): SweepQueue | null {
  const { option } = invocation;
  const verifyFraction = readNumber("verify-fraction", option("verify-fraction"));
  if (verifyFraction !== undefined && !(verifyFraction >= 0 && verifyFraction <= 1)) {
    throw usageError(`--verify-fraction: expected a number from 0 to 1, got ${verifyFraction}`);
  }
  if (option("queue") !== undefined) {
    if (option("jobs") !== undefined) {
      throw usageError("--jobs: not allowed with --queue; set --concurrency of fanin worker");
    }
    if (option("shard") !== undefined) {
      throw usageError("--shard: not allowed with --queue, whose workers share all runs");
    }
  }
  const isLocal = option("queue") === undefined && (option("jobs") ?? option("shard")) !== undefined;
  const address = isLocal ? undefined : readQueueOption(invocation);
  if (address !== undefined) return { address, verifyFraction: verifyFraction ?? 0 };
  if (verifyFraction === undefined) return null;
  throw usageError("--verify-fraction: expected --queue as well; local runs need no verification");
}

async function run(invocation: Invocation): Promise<ExitCode> {
  const { option } = invocation;
  const jobs = readInteger("jobs", option("jobs")) ?? availableParallelism();
  if (jobs < 1 || jobs > 1024) throw usageError(`--jobs: expected an integer from 1 to 1024, got ${jobs}`);
  const queue = readQueue(invocation);
  const sweep = await prepare(invocation);
  await sweep.folder.create(sweep.header);
  try {
    return await train(sweep, jobs, queue, invocation);
  } finally {
    await sweep.folder.release();
  }
}

/** Trains the missing runs, and finishes the sweep or prints how to resume it. */
async function train(
  { plan, header, dataset, folder, runs }: Sweep,
  jobs: number,
  queue: SweepQueue | null,
  invocation: Invocation,
): Promise<ExitCode> {
  const { stderr } = invocation;
  const present = await folder.loadRuns(runs);
  const missing = runs.filter(({ id }) => !present.has(id));
  let saved = present.size;
  present.clear();
  const shown = relative(process.cwd(), folder.path) || ".";
  const board = invocation.isSet("quiet") ? null : new ProgressBoard(stderr, runs.length, saved, plan.spec.epochs);
  const observer: TrainObserver<SweepRun> = {
    progress: (one, progress) => board?.update(runLabel(one), progress),
    warning: (text) => stderr.write(`fanin: ${text}\n`),
    finished: async (one, result) => {
      await folder.saveRun(one, header, result);
      saved++;
      board?.finish(runLabel(one), result);
    },
  };
  try {
    await interruptible((signal) => {
      if (queue) {
        const verification = { fraction: queue.verifyFraction, dataset, jobs };
        return trainOnQueue(queue.address, plan, missing, signal, observer, verification);
      }
      const tasks = missing.map((one) => ({ ...one, checkpoint: folder.checkpointPath(one.id) }));
      const options = { jobs: Math.min(jobs, Math.max(1, missing.length)), saveEvery: SAVE_EVERY, signal };
      return trainAll<SweepRun & PoolRun>(dataset, tasks, options, observer);
    });
  } finally {
    board?.close();
  }
  if (saved < runs.length) {
    const rest = queue ? "; the queue continues" : "";
    stderr.write(
      `fanin: interrupted; ${saved} of ${runs.length} runs are saved in ${shown}${rest}. Resume with the same command: ${invocation.commandLine}\n`,
    );
    return exitCodes.interrupted;
  }
  const { shard, version } = header;
  if (shard) tellShard(shard, runs.length, shown, { version, runs: runs.map(({ id }) => id) }, invocation);
  else await finishSweep(plan, await folder.loadRuns(runs), folder, invocation);
  return exitCodes.fine;
}
