// The data set that `--data` names.

import { type Dataset, proceduralDataset } from "@fanin/lab";
import { loadIdxDirectory } from "@fanin/lab/node";
import { cachedDataset, isPublishedDataset } from "./datasets/dataset-cache.ts";
import { CommandError, exitCodes, usageError } from "./exit-codes.ts";

/**
 * `procedural`, the name of a data set that `fanin data fetch` has fetched, or a folder with the four IDX files.
 *
 * @throws CommandError where the folder lacks one of them.
 */
export async function loadDataset(data: string): Promise<Dataset> {
  if (data === "") throw usageError("--data: expected procedural, the name of a data set, or a folder, got nothing");
  if (data === "procedural") return proceduralDataset();
  const folder = isPublishedDataset(data) ? await cachedDataset(data) : data;
  try {
    return await loadIdxDirectory(folder);
  } catch (error) {
    // The file system's own errors tell the call that failed; this one is that a file was looked for and is not there.
    if (!(error instanceof Error) || "syscall" in error || (error as NodeJS.ErrnoException).code !== "ENOENT")
      throw error;
    throw new CommandError(exitCodes.io, `--data: ${error.message}`, { cause: error });
  }
}
