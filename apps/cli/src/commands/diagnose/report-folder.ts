// Writes the report of a diagnosis atomically: report.html and diagnosis.json.

import { mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { OutputExistsError, writeFilesAtomically } from "@fanin/formats/node";
import type { NetworkDiagnosis, WeightsDiagnosis } from "@fanin/lab";
import { diagnoseReport } from "@fanin/lab/report";
import type { Invocation } from "../../command.ts";
import { CommandError, exitCodes } from "../../exit-codes.ts";

/**
 * Writes both files to the folder of `--out`, which it creates if needed; returns the path of the report.
 *
 * @throws CommandError if a report exists and `--force` is not given, or if the folder cannot be written.
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
      throw new CommandError(exitCodes.io, `--out: ${cause.path} exists already; --force overwrites it`, { cause });
    }
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError(exitCodes.io, `--out: cannot write to ${folder}: ${reason}`, { cause });
  }
  return relative(process.cwd(), report);
}
