// The report of a diagnosis on disk: report.html for a browser, diagnosis.json for a program, whole or not at all.

import { mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { OutputExistsError, writeFilesAtomically } from "@fanin/formats/node";
import { diagnoseReport, type NetworkDiagnosis, type WeightsDiagnosis } from "@fanin/lab";
import type { Invocation } from "../command.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";

/**
 * Writes both files into the folder of `--out`, which is made where it is missing; returns the report's path.
 *
 * @throws CommandError where a report is there already and `--force` is not given, or the folder cannot be written.
 */
export async function writeReport(
  folder: string,
  diagnosis: NetworkDiagnosis | WeightsDiagnosis,
  json: string,
  { commandLine, positionals, isSet }: Invocation,
): Promise<string> {
  const report = join(folder, "report.html");
  const html = diagnoseReport(diagnosis, { command: commandLine, file: positionals[0] });
  const files = [
    { path: report, text: html },
    { path: join(folder, "diagnosis.json"), text: json },
  ];
  try {
    await mkdir(folder, { recursive: true });
    const chunks = (text: string) => () => [new TextEncoder().encode(text)];
    await writeFilesAtomically(
      files.map(({ path, text }) => ({ path, chunks: chunks(text) })),
      { force: isSet("force") },
    );
  } catch (cause) {
    if (cause instanceof OutputExistsError) {
      throw new CommandError(exitCodes.io, `--out: ${cause.path} is there already; --force overwrites it`, { cause });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(exitCodes.io, `--out: cannot write to ${folder}: ${reason}`, { cause });
  }
  return relative(process.cwd(), report);
}
