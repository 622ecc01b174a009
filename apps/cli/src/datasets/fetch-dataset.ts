// A data set in its folder: what of it is there, and the fetching of what is not.

import { mkdir } from "node:fs/promises";
import { withFolderLock } from "../folder-lock.ts";
import { type FileState, fileState } from "./dataset-cache.ts";
import { download } from "./download.ts";
import type { PublishedDataset, PublishedFile } from "./published-datasets.ts";

/** A file of a data set and how it is in its folder. */
export interface FileReport extends PublishedFile {
  readonly state: FileState;
  /** Where it came from in this run. */
  readonly mirror?: string;
}

/** How a data set is fetched, and who is told. */
export interface FetchOptions {
  /** Milliseconds without a byte after which a server is given up. */
  readonly timeout: number;
  /** Milliseconds that a file may take. */
  readonly maxTime?: number | undefined;
  readonly signal: AbortSignal;
  readonly progress?: (file: PublishedFile, bytes: number) => void;
  readonly fetched?: (file: PublishedFile, mirror: string) => void;
}

/** What of a data set is in `folder`, by size or also by hash. */
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
 * Fetches the files of `dataset` that `folder` lacks or has wrong; the folder is made.
 *
 * @throws as `download` does; CommandError where another process writes to the folder.
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
