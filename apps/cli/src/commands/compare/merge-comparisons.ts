// Merges the parts of a comparison from several machines.

import { planRuns, type Run, type RunResult } from "@fanin/lab";
import type { Invocation } from "../../command.ts";
import { type ExitCode, exitCodes } from "../../exit-codes.ts";
import { locateRuns, type PartKind, tellMerged, wholeOf } from "../../experiment/merge-parts.ts";
import { ComparisonFolder, type Plan, runName } from "./comparison-folder.ts";
import { finishComparison } from "./finish-comparison.ts";

const comparison: PartKind<Plan> = { whole: "comparison", settings: "configs", settingsOf: ({ config }) => config };

/** Merges the comparisons in `paths` into the folder `out`. */
export async function mergeComparisons(
  paths: readonly string[],
  out: string,
  invocation: Invocation,
): Promise<ExitCode> {
  const folders = paths.map((path) => new ComparisonFolder(path));
  const plan: Plan = await wholeOf(folders, (folder) => folder.readPlan("merge"), comparison);
  const runs = planRuns(plan.config);
  const positions = new Map(runs.map((run, position) => [run, position]));
  const positionOf = (run: Run): number => positions.get(run) ?? 0;
  // Everything is checked before anything is written.
  const places = await locateRuns(folders, runs, {
    textOf: (folder, run) => folder.runText(runName(run, positionOf(run))),
    check: (folder, run) => folder.loadRun(run, positionOf(run), plan.config),
    labelOf: ({ initializer, seed }) => `${initializer} seed ${seed}`,
    fileOf: (run) => runName(run, positionOf(run)),
  });
  const results: RunResult[] = [];
  for (const [run, folder] of places) {
    const result = await folder.loadRun(run, positionOf(run), plan.config);
    if (result) results.push(result);
  }
  const target = new ComparisonFolder(out);
  await target.create(plan);
  try {
    for (const [position, result] of results.entries()) await target.saveRun(result, position, result);
    await finishComparison(plan, results, target, invocation);
  } finally {
    await target.release();
  }
  tellMerged(invocation, runs.length, folders.length, target.path);
  return exitCodes.fine;
}
