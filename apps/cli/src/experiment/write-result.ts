// The result of a comparison or a sweep: into its folder with the report, a summary to stdout; and the parts of such a summary.

import { relative } from "node:path";
import { type Comparison, formatDifference, type Spread } from "@fanin/lab";
import type { Invocation } from "../command.ts";
import { styleFor } from "../terminal/style.ts";
import type { ExperimentFolder } from "./experiment-folder.ts";

/** Writes `result` and `report` to the folder, and prints the result as JSON, or `summary`, and where the report is. */
export async function writeResult(
  folder: ExperimentFolder,
  result: unknown,
  report: string,
  summary: () => string,
  invocation: Invocation,
): Promise<void> {
  const json = `${JSON.stringify(result)}\n`;
  await folder.write("result.json", json);
  const path = await folder.write("report.html", report);
  const { stdout, stderr } = invocation;
  const isJson = invocation.isSet("json");
  stdout.write(isJson ? json : summary());
  (isJson ? stderr : stdout).write(`report: ${relative(process.cwd(), path)}\n`);
}

/** The lines of a table under an empty one, its header bold. */
export function titled(text: string, invocation: Invocation): string[] {
  const [first = "", ...rest] = text.trimEnd().split("\n");
  return ["", styleFor(invocation).bold(first), ...rest];
}

/** `0.812 ± 0.004`: mean and standard deviation, or the value of the only run. */
export function spreadText({ mean, standardDeviation }: Spread): string {
  return mean.toFixed(3) + (standardDeviation === null ? "" : ` ± ${standardDeviation.toFixed(3)}`);
}

/** The two cells of a comparison with the reference; the reference's own are empty. */
export function comparisonCells(comparison: Comparison | undefined): string[] {
  // The terminal's tables have ASCII's minus, which can be pasted into a program.
  return comparison ? [formatDifference(comparison).replaceAll("\u2212", "-"), comparison.verdict] : ["-", ""];
}
