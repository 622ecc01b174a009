// Checks the files of a data set in its folder, and fetches missing ones.

import { mkdir } from "node:fs/promises";
import { type FileState, fileState } from "../../datasets/dataset-cache.ts";
import type { PublishedDataset, PublishedFile } from "../../datasets/published-datasets.ts";
import { withFolderLock } from "../../folder-lock.ts";
import { download } from "./download.ts";

/** A file of a data set with its state. */
export interface FileReport extends PublishedFile {
  readonly state: FileState;
  /** The mirror, if this run fetched it. */
  readonly mirror?: string;
}

/** Options and callbacks for fetching a data set. */
export interface FetchOptions {
  /** Milliseconds without a byte before giving up on a server. */
  readonly timeout: number;
  /** Maximum milliseconds per file. */
  readonly maxTime?: number | undefined;
  readonly signal: AbortSignal;
  readonly progress?: (file: PublishedFile, bytes: number) => void;
  readonly fetched?: (file: PublishedFile, mirror: string) => void;
}

/** Returns the state of each file of a data set in `folder`, by size or also by hash. */
export async function lookAtDataset(
  { files }: PublishedDataset,
  folder: string,
  isHashed: boolean,
): Promise<FileReport[]> {
  const reports: FileReport[] = [];
  for (const file of files) reports.push({ ...file, state: await fileState(folder, file, isHashed) });
  return reports;
}

/**
 * Fetches missing and wrong files of `dataset` into `folder`, and creates the folder.
 *
 * @throws as `download` does; CommandError if another process writes to the folder.
 */
export async function fetchDataset(
  dataset: PublishedDataset,
  folder: string,
  mirrors: readonly string[],
  { timeout, maxTime, signal, progress, fetched }: FetchOptions,
): Promise<FileReport[]> {
  await mkdir(folder, { recursive: true });
  return withFolderLock(folder, async () => {
    const reports: FileReport[] = [];
    for (const file of dataset.files) {
      if ((await fileState(folder, file, true)) === "ok") {
        reports.push({ ...file, state: "ok" });
        continue;
      }
      const options = { timeout, maxTime, signal, progress: (bytes: number) => progress?.(file, bytes) };
      const { mirror } = await download(file, mirrors, folder, options);
      fetched?.(file, mirror);
      reports.push({ ...file, state: "ok", mirror });
    }
    return reports;
  });
}
