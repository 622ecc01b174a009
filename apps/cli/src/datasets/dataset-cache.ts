// The cache of fetched data sets, and the state of their files.
// Source: XDG Base Directory Specification 0.8 (XDG_CACHE_HOME).

import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { userInfo } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { expectOneOf } from "@fanin/tensor/arguments";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { type PublishedDataset, type PublishedFile, publishedDatasets } from "./published-datasets.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Returns the user's folder: HOME, else the one in the system's user database. */
function homeFolder(environment: Environment): string {
  const said = environment["HOME"] || environment["USERPROFILE"];
  if (said && isAbsolute(said)) return said;
  try {
    const { homedir } = userInfo();
    if (isAbsolute(homedir)) return homedir;
  } catch {
    // A user without an entry, as in many containers.
  }
  throw new CommandError(exitCodes.io, "no folder for data sets: HOME is not set; set FANIN_CACHE to a folder");
}

/**
 * Returns FANIN_CACHE, else fanin in XDG_CACHE_HOME, else in ~/.cache.
 *
 * @throws CommandError if none of them exists.
 */
export function cacheFolder(environment: Environment): string {
  const own = environment["FANIN_CACHE"];
  if (own) return resolve(own);
  const shared = environment["XDG_CACHE_HOME"];
  // The specification says to ignore relative paths.
  return join(shared && isAbsolute(shared) ? shared : join(homeFolder(environment), ".cache"), "fanin");
}

/** Returns the folder of a data set. */
export function datasetFolder(dataset: PublishedDataset, environment: Environment): string {
  return join(cacheFolder(environment), dataset.name);
}

/** Whether `data` names a fetchable data set, not a folder. */
export function isPublishedDataset(data: string): boolean {
  return Object.hasOwn(publishedDatasets, data);
}

/**
 * Finds a data set by name.
 *
 * @throws RangeError for an unknown name, with a suggestion.
 */
export function publishedDataset(name: string): PublishedDataset {
  const dataset = publishedDatasets[expectOneOf("NAME", name, Object.keys(publishedDatasets))];
  if (dataset === undefined) throw new RangeError(`NAME: no data set ${name}`);
  return dataset;
}

/** Returns the size of a regular file; undefined if there is none. */
export async function fileSize(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Returns the SHA-256 of a file, in hex. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** The state of a file in the cache; `wrong` means another size or, if it was hashed, another hash. */
export type FileState = "ok" | "missing" | "wrong";

/** Checks a file by its size and, optionally, its hash. */
export async function fileState(folder: string, file: PublishedFile, isHashed: boolean): Promise<FileState> {
  const path = join(folder, file.name);
  const size = await fileSize(path);
  if (size === undefined) return "missing";
  if (size !== file.bytes) return "wrong";
  return !isHashed || (await fileSha256(path)) === file.sha256 ? "ok" : "wrong";
}

/**
 * Returns the folder of a fetched data set. Checks files by size only, because the download verified their hashes.
 *
 * @throws CommandError (I/O) with the command to fetch it, if a file is missing or has another size; RangeError for an unknown name.
 */
export async function cachedDataset(name: string, environment: Environment = process.env): Promise<string> {
  const dataset = publishedDataset(name);
  const folder = datasetFolder(dataset, environment);
  for (const file of dataset.files) {
    const state = await fileState(folder, file, false);
    if (state === "ok") continue;
    const problem = state === "missing" ? "is missing" : `does not have ${file.bytes} bytes`;
    throw new CommandError(
      exitCodes.io,
      `${name}: ${join(folder, file.name)} ${problem}; fetch it with: fanin data fetch ${name}`,
    );
  }
  return folder;
}
