// `fanin merge`: the parts of one comparison, or of weights, computed on several machines, as if one had computed it.

import { relative, resolve } from "node:path";
import { planRuns, type Run, type RunResult, VERSION } from "@fanin/lab";
import type { Command, Invocation } from "../command.ts";
import { finishComparison } from "../compare/finish-comparison.ts";
import { type Plan, RunFolder } from "../compare/run-folder.ts";
import { CommandError, type ExitCode, exitCodes, usageError } from "../exit-codes.ts";
import { isOfWeights, mergeWeightFolders } from "../materialize/merge-folders.ts";
import { areSweeps, mergeSweeps } from "../sweep/merge-sweeps.ts";

const NAMED = 5; // missing runs that the message names

export const mergeCommand: Command = {
  summary: "Put the parts of a comparison, a sweep or weights together: the bytes that one machine would have written.",
  usage: "<DIR...> --out DIR",
  examples: [
    "fanin compare --seeds 20 --shard 1/2 --out part-1",
    "fanin compare --seeds 20 --shard 2/2 --out part-2",
    "fanin merge part-1 part-2 --out whole",
    "fanin merge sweep-shard-* --out sweep",
    "fanin merge weights-1 weights-2 --out weights      # of fanin materialize --shard",
  ],
  positionals: ["DIR..."],
  options: { out: { value: "DIR", help: "where the whole goes; required" } },
  run,
};

/** The plan of the whole that a part belongs to. */
function wholeOf({ shard: _, ...whole }: Plan): Plan {
  return whole;
}

/** What two parts must have in common, as text. The data may lie elsewhere on another machine. */
function essenceOf({ version, config, dataset }: Plan): string {
  return JSON.stringify({ version, config, dataset });
}

/** Which of what two plans must share is not the same. */
function differenceOf(a: Plan, b: Plan): string {
  if (a.version !== b.version) return `versions ${a.version} and ${b.version}`;
  if (a.dataset.sha256 !== b.dataset.sha256)
    return `data sets ${a.dataset.name} and ${b.dataset.name}, by their hashes`;
  const keys = Object.keys({ ...a.config, ...b.config }) as (keyof Plan["config"])[];
  const differing = keys.filter((key) => JSON.stringify(a.config[key]) !== JSON.stringify(b.config[key]));
  return differing.length > 0 ? `configs, in ${differing.join(", ")}` : "descriptions of the data set";
}

async function readPlans(folders: readonly RunFolder[]): Promise<Plan> {
  const plans: Plan[] = [];
  for (const folder of folders) plans.push(await folder.readPlan("merge"));
  const [first] = plans;
  if (!first) throw usageError("expected <DIR...>; see fanin merge --help");
  if (first.version !== VERSION) {
    throw usageError(`merge: ${folders[0]?.path} was computed by version ${first.version}; this is ${VERSION}`);
  }
  for (const [i, plan] of plans.entries()) {
    if (essenceOf(plan) === essenceOf(first)) continue;
    const paths = `${folders[0]?.path} and ${folders[i]?.path}`;
    throw new CommandError(
      exitCodes.malformed,
      `merge: ${paths} are not parts of one comparison: different ${differenceOf(first, plan)}`,
    );
  }
  return wholeOf(first);
}

const nameOf = ({ initializer, seed }: Run): string => `${initializer} seed ${seed}`;

/** The runs of all folders; the same run may be in several if it is the same. */
async function collect(folders: readonly RunFolder[], runs: readonly Run[]): Promise<RunResult[]> {
  const results: RunResult[] = [];
  const missing: Run[] = [];
  for (const [position, run] of runs.entries()) {
    let found: { folder: RunFolder; result: RunResult } | undefined;
    for (const folder of folders) {
      const result = await folder.loadRun(run, position);
      if (!result) continue;
      if (found && JSON.stringify(found.result) !== JSON.stringify(result)) {
        const paths = `${found.folder.path} and ${folder.path}`;
        throw new CommandError(exitCodes.malformed, `merge: ${paths} contradict each other on ${nameOf(run)}`);
      }
      found ??= { folder, result };
    }
    if (found) results.push(found.result);
    else missing.push(run);
  }
  if (missing.length > 0) {
    const named = missing.slice(0, NAMED).map(nameOf).join(", ");
    const rest = missing.length > NAMED ? `, and ${missing.length - NAMED} more` : "";
    throw new CommandError(
      exitCodes.malformed,
      `merge: ${missing.length} of ${runs.length} runs are missing: ${named}${rest}`,
    );
  }
  return results;
}

async function run(invocation: Invocation): Promise<ExitCode> {
  const out = invocation.option("out");
  if (out === undefined) throw usageError("--out: expected DIR, got nothing");
  const paths = invocation.positionals.map((path) => resolve(path));
  if (await isOfWeights(invocation.positionals)) return mergeWeightFolders(invocation.positionals, out, invocation);
  if (await areSweeps(paths)) return mergeSweeps(paths, resolve(out), invocation);
  const folders = paths.map((path) => new RunFolder(path));
  const plan = await readPlans(folders);
  const runs = planRuns(plan.config);
  const results = await collect(folders, runs);
  const target = new RunFolder(resolve(out));
  await target.create(plan);
  try {
    for (const [position, result] of results.entries()) await target.saveRun(result, position, result);
    await finishComparison(plan, results, target, invocation);
  } finally {
    await target.release();
  }
  if (!invocation.isSet("quiet")) {
    invocation.stderr.write(
      `merged ${results.length} runs of ${folders.length} folders into ${relative(process.cwd(), target.path) || "."}\n`,
    );
  }
  return exitCodes.fine;
}
