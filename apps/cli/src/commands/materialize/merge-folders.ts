// Merges the parts of materialized weights from the folders of several machines.

import { resolve } from "node:path";
import { holdsWeights, mergeWeights, WeightsFolder, WeightsFolderError } from "@fanin/models";
import type { Invocation } from "../../command.ts";
import { CommandError, type ExitCode, exitCodes } from "../../exit-codes.ts";
import { withFolderLock } from "../../folder-lock.ts";
import { removeFinishedParts } from "./finished-parts.ts";
import { printWeights, shownFolder } from "./weights-result.ts";

const PART = "merge";

/** Whether the first folder contains weights. */
export async function isOfWeights(paths: readonly string[]): Promise<boolean> {
  return paths[0] !== undefined && (await holdsWeights(resolve(paths[0])));
}

/** Converts the error of a folder to one with an exit code: missing or wrong files are malformed input. */
export function commandErrorOf(asker: string, error: WeightsFolderError): CommandError {
  const exitCode = error.kind === "foreign" ? exitCodes.usage : exitCodes.malformed;
  return new CommandError(exitCode, `${asker}: ${error.message}`, { cause: error });
}

/** Merges the folders, and prints the result. */
export async function mergeWeightFolders(
  paths: readonly string[],
  out: string,
  invocation: Invocation,
): Promise<ExitCode> {
  const target = new WeightsFolder(resolve(out));
  try {
    const manifest = await mergeWeights(
      paths.map((path) => resolve(path)),
      target.path,
      PART,
      (part, body) => withFolderLock(part, body),
    );
    await removeFinishedParts(target, manifest);
    printWeights(invocation, target.path, manifest);
  } catch (error) {
    if (!(error instanceof WeightsFolderError)) throw error;
    throw commandErrorOf("merge", error);
  }
  if (!invocation.isSet("quiet")) {
    invocation.stderr.write(`merged ${paths.length} folders into ${shownFolder(target.path)}\n`);
  }
  return exitCodes.fine;
}
