// Writes the result and the report of a comparison or a sweep, prints a summary, and formats its parts.

import { relative } from "node:path";
import type { Comparison, Spread } from "@fanin/lab";
import { formatDifference } from "@fanin/lab/report";
import type { Invocation } from "../command.ts";
import { styleFor } from "../terminal/style.ts";
import type { ExperimentFolder } from "./experiment-folder.ts";

/** Writes `result` and `report` to the folder; prints the result as JSON or `summary`, and the path of the report. */
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

/** Formats a table after an empty line, with a bold header. */
export function titled(text: string, invocation: Invocation): string[] {
  const [first = "", ...rest] = text.trimEnd().split("\n");
  return ["", styleFor(invocation).bold(first), ...rest];
}

/** Formats `0.812 ± 0.004`: mean and standard deviation, or the value of the only run. */
export function spreadText({ mean, standardDeviation }: Spread): string {
  return mean.toFixed(3) + (standardDeviation === null ? "" : ` ± ${standardDeviation.toFixed(3)}`);
}

/** Formats the two cells of a comparison with the reference; empty for the reference. */
export function comparisonCells(comparison: Comparison | undefined): string[] {
  // Terminal tables use the ASCII minus, so that numbers can be pasted into programs.
  return comparison ? [formatDifference(comparison).replaceAll("\u2212", "-"), comparison.verdict] : ["-", ""];
}
