// The folder of a tfjs model.json or of an index: its shards are opened only where they truly lie within it.
// tfjs-node joins the manifest's path to the folder and reads whatever that names.

import { constants } from "node:fs";
import { realpath } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { MalformedFileError, quote } from "../malformed-file-error.ts";
import { type FileSource, fileSource } from "./file-source.ts";

/** Where shards may lie, each with a separator at its end: Hugging Face's cache links the files of a snapshot to its blobs. */
function rootsOf(folder: string): string[] {
  const own = folder.endsWith(sep) ? folder : `${folder}${sep}`;
  const snapshots = dirname(folder);
  return basename(snapshots) === "snapshots" ? [own, `${join(dirname(snapshots), "blobs")}${sep}`] : [own];
}

/**
 * Opens a shard by its path in the manifest; symbolic links are followed first and must end within the folder too.
 *
 * @throws MalformedFileError E_TFJS_PATH outside the folder; E_TFJS_SHARD where there is no plain file.
 * @example
 * import { mkdtemp, writeFile } from "node:fs/promises";
 * const folder = await mkdtemp("build/model-");
 * await writeFile(`${folder}/group1-shard1of1.bin`, new Uint8Array(8));
 * const shard = await openShardBeside(`${folder}/model.json`, "group1-shard1of1.bin");
 * shard.size; // => 8
 * await shard.close();
 */
export async function openShardBeside(manifest: string, path: string): Promise<FileSource> {
  const folder = await realpath(dirname(manifest));
  const missing = (cause: unknown): never => {
    throw new MalformedFileError("E_TFJS_SHARD", {
      file: manifest,
      expected: `the shard ${quote(path)}`,
      got: "no such plain file",
      cause,
    });
  };
  const real = await realpath(join(folder, path)).catch((error: NodeJS.ErrnoException) =>
    ["ENOENT", "ENOTDIR", "ELOOP", "EINVAL", "ENAMETOOLONG"].includes(error.code ?? "")
      ? missing(error)
      : Promise.reject(error),
  );
  if (!rootsOf(folder).some((root) => real.startsWith(root))) {
    throw new MalformedFileError("E_TFJS_PATH", {
      file: manifest,
      expected: `a shard within ${quote(folder)}`,
      got: `${quote(path)}, which is ${quote(real)}`,
    });
  }
  // What realpath has resolved is no link; O_NOFOLLOW fails if it has become one since. Windows has no such flag.
  return fileSource(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch((error: unknown) =>
    error instanceof TypeError ? missing(error) : Promise.reject(error),
  );
}
