// Where fetched data sets are kept, and what of one is there.
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

/** The user's folder: HOME where it says one, else what the system's list of users says. */
function homeFolder(environment: Environment): string {
  const said = environment["HOME"] || environment["USERPROFILE"];
  if (said && isAbsolute(said)) return said;
  try {
    const { homedir } = userInfo();
    if (isAbsolute(homedir)) return homedir;
  } catch {
    // A user without an entry, as in many containers.
  }
  throw new CommandError(exitCodes.io, "no folder for data sets: HOME is not set; name one by FANIN_CACHE");
}

/**
 * FANIN_CACHE, else fanin in XDG_CACHE_HOME, else in ~/.cache.
 *
 * @throws CommandError where none of them leads to a folder.
 */
export function cacheFolder(environment: Environment): string {
  const own = environment["FANIN_CACHE"];
  if (own) return resolve(own);
  const shared = environment["XDG_CACHE_HOME"];
  // The specification has relative paths ignored.
  return join(shared && isAbsolute(shared) ? shared : join(homeFolder(environment), ".cache"), "fanin");
}

/** The folder of a data set. */
export function datasetFolder(dataset: PublishedDataset, environment: Environment): string {
  return join(cacheFolder(environment), dataset.name);
}

/** Whether `data` names a data set that can be fetched, and not a folder. */
export function isPublishedDataset(data: string): boolean {
  return Object.hasOwn(publishedDatasets, data);
}

/**
 * The data set of a name.
 *
 * @throws RangeError for an unknown one, with the nearest.
 */
export function publishedDataset(name: string): PublishedDataset {
  const dataset = publishedDatasets[expectOneOf("NAME", name, Object.keys(publishedDatasets))];
  if (dataset === undefined) throw new RangeError(`NAME: no data set ${name}`);
  return dataset;
}

/** The size of a plain file; undefined where there is none. */
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

/** The SHA-256 of a file, in hex. */
export async function fileSha256(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** How a file of a data set is in the cache; `wrong` is another size or, where it was hashed, another hash. */
export type FileState = "ok" | "missing" | "wrong";

/** Looks for a file by its size and, if asked, its hash. */
export async function fileState(folder: string, file: PublishedFile, isHashed: boolean): Promise<FileState> {
  const path = join(folder, file.name);
  const size = await fileSize(path);
  if (size === undefined) return "missing";
  if (size !== file.bytes) return "wrong";
  return !isHashed || (await fileSha256(path)) === file.sha256 ? "ok" : "wrong";
}

/**
 * The folder of a data set that has been fetched. Files are looked at by size; their hashes were checked when they came.
 *
 * @throws CommandError (I/O) that says how to fetch it, where a file is missing or has another size; RangeError for an unknown name.
 */
export async function cachedDataset(name: string, environment: Environment = process.env): Promise<string> {
  const dataset = publishedDataset(name);
  const folder = datasetFolder(dataset, environment);
  for (const file of dataset.files) {
    const state = await fileState(folder, file, false);
    if (state === "ok") continue;
    const problem = state === "missing" ? "is not there" : `is not of ${file.bytes} bytes`;
    throw new CommandError(
      exitCodes.io,
      `${name}: ${join(folder, file.name)} ${problem}; fetch it with: fanin data fetch ${name}`,
    );
  }
  return folder;
}
