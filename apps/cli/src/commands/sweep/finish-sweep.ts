// Finishes a sweep: writes result and report to its folder, and prints a table or JSON.

import type { RunResult } from "@fanin/lab";
import {
  bestSetting,
  type SweepCellResult,
  type SweepPlan,
  type SweepResult,
  selectionWords,
  sweepReport,
  sweepResult,
} from "@fanin/sweep";
import type { Invocation } from "../../command.ts";
import { comparisonCells, spreadText, titled, writeResult } from "../../experiment/write-result.ts";
import { plural } from "../../terminal/plural.ts";
import { table } from "../../terminal/table.ts";
import type { SweepFolder } from "./sweep-folder.ts";

const ROWS = 60; // of the table on the terminal; the report has all

/** Writes and prints the result of all runs of `plan`. */
export async function finishSweep(
  plan: SweepPlan,
  runs: ReadonlyMap<string, RunResult>,
  folder: SweepFolder,
  invocation: Invocation,
): Promise<void> {
  const result = sweepResult(plan, runs);
  await writeResult(folder, result, sweepReport(result), () => summaryText(result, invocation), invocation);
}

function summaryText(result: SweepResult, invocation: Invocation): string {
  const { dataset, spec, cells, runs } = result;
  const header = ["initializer", " depth", " width", "activation", "optimizer", " lr", "test accuracy"];
  const paired = [`vs ${spec.reference} (paired)`, ""];
  const rows = cells.flatMap((cell) => cellRows(cell));
  const best = spec.initializers.map((initializer) => bestRow(cells, initializer));
  return [
    `${dataset.name}: ${dataset.trainCount} training, ${dataset.validationCount} validation, ${dataset.testCount} test images`,
    `${plural(runs.length, "run")}: ${plural(cells.length, "setting")}, ${plural(spec.initializers.length, "initializer")}, ${plural(spec.seeds.length, "seed")}; batch ${spec.batch}, ${plural(spec.epochs, "epoch")}, ${spec.stream}`,
    ...(cells.length > 1
      ? [
          ...titled(table(["best of each", ...header.slice(1)], best), invocation),
          `best: the setting that ${selectionWords(dataset)}`,
        ]
      : []),
    ...(rows.length <= ROWS
      ? titled(table([...header, ...paired], rows), invocation)
      : ["", `The report contains all ${rows.length} rows.`]),
    "",
    "",
  ].join("\n");
}

function settings({ depth, width, activation, optimizer, learningRate }: SweepCellResult): string[] {
  return [String(depth), String(width), activation, optimizer, String(learningRate)];
}

function accuracyCell({ summary }: SweepCellResult, initializer: string): string {
  const row = summary.find((one) => one.initializer === initializer);
  if (!row) return "none";
  const lost = row.diverged > 0 ? ` (${row.diverged} of ${row.runs} diverged)` : "";
  return spreadText(row.testAccuracy) + lost;
}

function cellRows(cell: SweepCellResult): string[][] {
  return cell.summary.map(({ initializer }) => {
    const comparison = cell.comparisons.find((one) => one.initializer === initializer && one.metric === "testAccuracy");
    return [initializer, ...settings(cell), accuracyCell(cell, initializer), ...comparisonCells(comparison)];
  });
}

function bestRow(cells: readonly SweepCellResult[], initializer: string): string[] {
  const { cell } = bestSetting(cells, initializer) as { cell: SweepCellResult };
  return [initializer, ...settings(cell), accuracyCell(cell, initializer)];
}
