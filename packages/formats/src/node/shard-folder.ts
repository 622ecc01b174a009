// Opens the shards of a tfjs model.json or of an index, only if they really lie within its folder.
// tfjs-node does not check this: it joins the path to the folder and reads the result.

import { constants } from "node:fs";
import { realpath } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { MalformedFileError, quote } from "../malformed-file-error.ts";
import { type FileSource, fileSource } from "./file-source.ts";

/** The folders that may contain shards, with a trailing separator. Hugging Face's cache links snapshots to blobs. */
function rootsOf(folder: string): string[] {
  const own = folder.endsWith(sep) ? folder : `${folder}${sep}`;
  const snapshots = dirname(folder);
  return basename(snapshots) === "snapshots" ? [own, `${join(dirname(snapshots), "blobs")}${sep}`] : [own];
}

/**
 * Opens a shard by its path in the manifest. Symbolic links are resolved first and must end within the folder.
 *
 * @throws MalformedFileError E_TFJS_PATH outside the folder; E_TFJS_SHARD if there is no regular file.
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
      got: "no such regular file",
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
  // The resolved path is not a link; O_NOFOLLOW fails if it has become one since. Windows lacks this flag.
  return fileSource(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch((error: unknown) =>
    error instanceof TypeError ? missing(error) : Promise.reject(error),
  );
}
