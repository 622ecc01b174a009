// Merges the parts of one set of weights from separate folders into one folder.

import { createHash } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { copyFile, link, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncFolder } from "@fanin/formats/node";
import type { ShardRecord } from "./lane.ts";
import { writeText } from "./text-file.ts";
import { WeightsFolder, WeightsFolderError, type WeightsManifest } from "./weights-folder.ts";
import type { WeightsOutline } from "./weights-outline.ts";

const MAX_NAMED = 5; // missing files in a message

/**
 * Whether a folder holds complete or partial weights that `materialize` wrote.
 *
 * @example
 * await holdsWeights("."); // => false
 */
export async function holdsWeights(path: string): Promise<boolean> {
  return (await new WeightsFolder(path).readOutline().catch(() => null)) !== undefined;
}

/** The SHA-256 of a file. */
async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** Links a file under another name, or copies it if the file system cannot link. */
async function bring(from: string, to: string): Promise<void> {
  await rm(to, { force: true });
  try {
    await link(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (!["EXDEV", "EPERM", "ENOTSUP", "EOPNOTSUPP", "EMLINK", "ENOSYS"].includes(code ?? "")) throw error;
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  }
}

/** A finished file and its folder. */
interface Found {
  readonly folder: WeightsFolder;
  readonly record: ShardRecord;
}

/** The common outline of all parts. */
async function commonOutline(folders: readonly WeightsFolder[]): Promise<WeightsOutline> {
  let first: WeightsOutline | undefined;
  for (const folder of folders) {
    const outline = await folder.readOutline();
    if (!outline) throw new WeightsFolderError("missing", `no weights in ${folder.path}`);
    first ??= outline;
    if (outline.plan === first.plan) continue;
    const paths = `${folders[0]?.path} and ${folder.path}`;
    throw new WeightsFolderError("contradicting", `${paths} are not parts of one set of weights`);
  }
  if (!first) throw new WeightsFolderError("missing", "no folders to merge");
  return first;
}

/** Finds the folder of each file; a file may be in several folders. */
async function findAll(
  folders: readonly WeightsFolder[],
  outline: WeightsOutline,
): Promise<ReadonlyMap<string, Found>> {
  const found = new Map<string, Found>();
  for (const folder of folders) {
    for (const [file, record] of await folder.finished(outline)) {
      const other = found.get(file);
      if (other && other.record.sha256 !== record.sha256) {
        const paths = `${other.folder.path} and ${folder.path}`;
        throw new WeightsFolderError("contradicting", `${paths} contradict each other on ${file}`);
      }
      if (!other) found.set(file, { folder, record });
    }
  }
  const missing = outline.shards.filter(({ file }) => !found.has(file)).map(({ file }) => file);
  if (missing.length === 0) return found;
  const rest = missing.length > MAX_NAMED ? `, and ${missing.length - MAX_NAMED} more` : "";
  const named = missing.slice(0, MAX_NAMED).join(", ");
  throw new WeightsFolderError(
    "missing",
    `${missing.length} of ${outline.shards.length} files are missing: ${named}${rest}`,
  );
}

/**
 * Merges the files of `paths` into `out`, which may be one of them. Files are linked if possible and compared with their
 * SHA-256; index and manifest follow. The source folders are not changed.
 *
 * @param locked Runs its body while no other process works in the given folder.
 * @throws WeightsFolderError if files are missing, damaged, or contradict each other; then nothing is written.
 * @example
 * const alone = async <T>(_: string, body: () => Promise<T>): Promise<T> => body(); // no other process
 * const error = await mergeWeights(["part-1", "part-2"], "weights", "merge", alone).catch((error: unknown) => error);
 * error instanceof WeightsFolderError && error.message; // => 'no weights in part-1'
 */
export async function mergeWeights(
  paths: readonly string[],
  out: string,
  part: string,
  locked: <T>(folder: string, body: () => Promise<T>) => Promise<T>,
): Promise<WeightsManifest> {
  const folders = paths.map((path) => new WeightsFolder(path));
  const outline = await commonOutline(folders);
  const found = await findAll(folders, outline);
  for (const { folder, record } of found.values()) {
    const path = join(folder.path, record.file);
    if ((await hashOf(path)) === record.sha256) continue;
    throw new WeightsFolderError("damaged", `${path} is damaged: its bytes do not match the SHA-256 of its record`);
  }
  const target = new WeightsFolder(out);
  await target.claim(outline);
  return locked(await target.makePart(part), () => bringAll(target, part, outline, found));
}

async function bringAll(
  target: WeightsFolder,
  part: string,
  outline: WeightsOutline,
  found: ReadonlyMap<string, Found>,
): Promise<WeightsManifest> {
  await target.begin(outline, part);
  const present = await target.finished(outline);
  for (const shard of outline.shards) {
    const { folder, record } = found.get(shard.file) as Found;
    if (present.get(shard.file)?.sha256 === record.sha256) continue;
    const task = target.taskOf({ ...shard, tensors: [] }, part);
    await bring(join(folder.path, shard.file), task.temporary);
    if ((await stat(task.temporary)).size !== shard.bytes) {
      throw new WeightsFolderError("damaged", `${join(folder.path, shard.file)} changed while it was read`);
    }
    await writeText(task.record, `${JSON.stringify(record)}\n`, dirname(task.temporary));
    await rename(task.temporary, task.path);
  }
  await syncFolder(target.path);
  const manifest = await target.complete(outline, part);
  if (!("plan" in manifest)) throw new WeightsFolderError("missing", `${manifest.join(", ")} went missing`);
  return manifest;
}
