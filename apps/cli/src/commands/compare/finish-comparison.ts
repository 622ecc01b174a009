// Finishes a comparison: writes result and report to its folder, and prints a table or JSON.

import { type CompareResult, compareResult, type InitializerSummary, type RunResult, seedsToJudge } from "@fanin/lab";
import { compareReport, epochsText } from "@fanin/lab/report";
import type { Invocation } from "../../command.ts";
import { comparisonCells, spreadText, titled, writeResult } from "../../experiment/write-result.ts";
import { plural } from "../../terminal/plural.ts";
import { table } from "../../terminal/table.ts";
import { commandLine } from "./command-line.ts";
import type { ComparisonFolder, Plan } from "./comparison-folder.ts";

/** Writes and prints the result of all runs of `plan`. */
export async function finishComparison(
  plan: Plan,
  runs: readonly RunResult[],
  folder: ComparisonFolder,
  invocation: Invocation,
): Promise<void> {
  const result = compareResult(plan.config, plan.dataset, runs);
  const report = compareReport(result, { command: commandLine(plan) });
  await writeResult(folder, result, report, () => summaryText(result, invocation), invocation);
}

function summaryText(result: CompareResult, invocation: Invocation): string {
  const { config, dataset } = result;
  const header = ["initializer", "test accuracy", "95 % interval of the mean", "test loss", " runs"];
  const seeds = `${config.seeds.length === 1 ? "seed" : "seeds"} ${config.seeds[0]}${config.seeds.length > 1 ? `-${config.seeds.at(-1)}` : ""}`;
  return [
    `${dataset.name}: ${dataset.trainCount} training, ${dataset.validationCount} validation, ${dataset.testCount} test images`,
    `${config.layers.join("-")} ${config.activation}, ${config.optimizer} ${config.learningRate}, batch ${config.batch}, ${plural(config.epochs, "epoch")}, ${seeds}, ${config.stream}`,
    ...titled(table(header, result.summary.map(summaryRow)), invocation),
    ...titled(pairedTable(result), invocation),
    ...pairedNote(result),
    "",
  ].join("\n");
}

function summaryRow({ initializer, runs, diverged, testAccuracy, testLoss }: InitializerSummary): string[] {
  const { interval } = testAccuracy;
  return [
    initializer,
    spreadText(testAccuracy),
    interval ? `[${interval.map((end) => end.toFixed(3)).join(", ")}]` : "one seed only",
    testLoss ? testLoss.mean.toFixed(3) : "none",
    diverged > 0 ? `${runs} (${diverged} diverged)` : String(runs),
  ];
}

/** Formats the speed of learning, and the paired differences of test accuracy from the reference. */
function pairedTable({ summary, comparisons, config, target }: CompareResult): string {
  const epochs = `epochs to ${target === null ? "target" : target.toFixed(2).replace(/^0/, "")}`;
  const header = ["initializer", epochs, "loss AUC", `vs ${config.reference} (paired)`, ""];
  const rows = summary.map((row) => {
    const comparison = comparisons.find((one) => one.initializer === row.initializer && one.metric === "testAccuracy");
    const area = row.lossAuc === null ? "none" : row.lossAuc.mean.toFixed(3);
    return [row.initializer, epochsText(row), area, ...comparisonCells(comparison)];
  });
  return table(header, rows);
}

/** Formats the number of seeds needed, if there were too few. */
function pairedNote({ comparisons }: CompareResult): string[] {
  const byAccuracy = comparisons.filter(({ metric }) => metric === "testAccuracy");
  if (!byAccuracy.some(({ verdict }) => verdict === "too few seeds to judge")) return [];
  const { length } = byAccuracy;
  return [
    `${seedsToJudge(length)} seeds are needed to judge ${length === 1 ? "one comparison" : `${length} comparisons`}: --seeds`,
  ];
}
