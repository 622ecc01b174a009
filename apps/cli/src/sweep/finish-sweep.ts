// The end of a sweep, when all its runs are there: result and report into the folder, table or JSON to stdout.

import { relative } from "node:path";
import { formatDifference, type RunResult } from "@fanin/lab";
import { type SweepCellResult, type SweepPlan, type SweepResult, sweepReport, sweepResult } from "@fanin/sweep";
import type { Invocation } from "../command.ts";
import { styleFor } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";
import type { SweepFolder } from "./sweep-folder.ts";

const ROWS = 60; // of the table on the terminal; beyond, the report has it

/** Writes what follows from all runs of `plan` and prints it. */
export async function finishSweep(
  plan: SweepPlan,
  runs: ReadonlyMap<string, RunResult>,
  folder: SweepFolder,
  invocation: Invocation,
): Promise<void> {
  const result = sweepResult(plan, runs);
  await folder.write("result.json", `${JSON.stringify(result)}\n`);
  const report = await folder.write("report.html", sweepReport(result));
  if (invocation.isSet("json")) invocation.stdout.write(`${JSON.stringify(result)}\n`);
  else invocation.stdout.write(summaryText(result, invocation));
  const where = `report: ${relative(process.cwd(), report)}\n`;
  (invocation.isSet("json") ? invocation.stderr : invocation.stdout).write(where);
}

function summaryText(result: SweepResult, invocation: Invocation): string {
  const { dataset, spec, cells, runs } = result;
  const style = styleFor(invocation);
  const titled = (text: string): string[] => {
    const [first = "", ...rest] = text.trimEnd().split("\n");
    return ["", style.bold(first), ...rest];
  };
  const header = ["initializer", " depth", " width", "activation", "optimizer", " lr", "test accuracy"];
  const paired = [`vs ${spec.reference} (paired)`, ""];
  const rows = cells.flatMap((cell) => cellRows(cell));
  const best = spec.initializers.map((initializer) => bestRow(cells, initializer));
  return [
    `${dataset.name}: ${dataset.trainCount} training, ${dataset.validationCount} validation, ${dataset.testCount} test images`,
    `${runs.length} runs: ${cells.length} settings, ${spec.initializers.length} initializers, ${spec.seeds.length} seeds; batch ${spec.batch}, ${spec.epochs} epochs, ${spec.stream}`,
    ...titled(table(["best of each", ...header.slice(1)], best)),
    ...(rows.length <= ROWS
      ? titled(table([...header, ...paired], rows))
      : ["", `All ${rows.length} rows are in the report.`]),
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
  const { mean, standardDeviation } = row.testAccuracy;
  const lost = row.diverged > 0 ? ` (${row.diverged} of ${row.runs} diverged)` : "";
  return `${mean.toFixed(3)} ± ${standardDeviation.toFixed(3)}${lost}`;
}

function cellRows(cell: SweepCellResult): string[][] {
  return cell.summary.map(({ initializer }) => {
    const comparison = cell.comparisons.find((one) => one.initializer === initializer && one.metric === "testAccuracy");
    // The terminal's tables have ASCII's minus, which can be pasted into a program.
    const paired = comparison
      ? [formatDifference(comparison).replaceAll("\u2212", "-"), comparison.verdict]
      : ["-", ""];
    return [initializer, ...settings(cell), accuracyCell(cell, initializer), ...paired];
  });
}

function bestRow(cells: readonly SweepCellResult[], initializer: string): string[] {
  const accuracy = (cell: SweepCellResult): number =>
    cell.summary.find((one) => one.initializer === initializer)?.testAccuracy.mean ?? 0;
  const best = cells.reduce((a, b) => (accuracy(b) > accuracy(a) ? b : a));
  return [initializer, ...settings(best), accuracyCell(best, initializer)];
}
