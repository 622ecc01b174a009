// Weight files on disk in any format: detected by content when opened, chosen by name when written.

import { basename, dirname, join } from "node:path";
import { formatOfName, type OpenOptions, openTensors, type TensorFile, type WriteOptions } from "../formats.ts";
import { nodeLimits } from "../limits.ts";
import { TensorMap } from "../skipped-tensor.ts";
import type { NamedTensor, TensorInput } from "../tensor.ts";
import { type FileSource, fileSource } from "./file-source.ts";
import { openShardBeside } from "./shard-folder.ts";
import { type PlaceOptions, writeFilesAtomically } from "./write-atomically.ts";
import { writeModelSet } from "./write-model-set.ts";

/** An open file and its shards, if any; close it after reading its tensors. */
export interface OpenTensorFile extends TensorFile {
  close(): Promise<void>;
}

/**
 * Opens a weight file of any format without reading its values. The limits default to `nodeLimits`.
 *
 * @throws MalformedFileError if the file is rejected; errors of the system.
 * @example
 * const bias = { name: "bias", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
 * await writeTensorFile("build/open.safetensors", [bias], { force: true });
 * const file = await openTensorFile("build/open.safetensors");
 * (await file.tensors.get("bias")?.read())?.data; // => Float32Array(2) [ 1, 2 ]
 * await file.close();
 */
export async function openTensorFile(
  path: string,
  options: Omit<OpenOptions, "openShard"> = {},
): Promise<OpenTensorFile> {
  const open: FileSource[] = [];
  const close = async (): Promise<void> => {
    for (const source of open.splice(0)) await source.close();
  };
  const keep = (source: FileSource): FileSource => {
    open.push(source);
    return source;
  };
  try {
    const source = keep(await fileSource(path));
    const openShard = async (shard: string): Promise<FileSource> => keep(await openShardBeside(path, shard));
    const opened = await openTensors(source, { ...nodeLimits, file: path, ...options, openShard });
    const closeAll = async (): Promise<void> => {
      await opened.close?.();
      await close();
    };
    return { ...opened, close: closeAll };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Reads every tensor of a weight file. `skipped` of the result lists unsupported contents.
 *
 * @throws as {@link openTensorFile} does.
 * @example
 * const bias = { name: "bias", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
 * await writeTensorFile("build/read.npz", [bias], { force: true });
 * (await readTensorFile("build/read.npz")).get("bias")?.data; // => Float32Array(2) [ 1, 2 ]
 */
export async function readTensorFile(
  path: string,
  options: Omit<OpenOptions, "openShard"> = {},
): Promise<TensorMap<NamedTensor>> {
  const file = await openTensorFile(path, options);
  try {
    const tensors: [string, NamedTensor][] = [];
    for (const [name, tensor] of file.tensors) tensors.push([name, await tensor.read()]);
    return new TensorMap(tensors, file.skipped);
  } finally {
    await file.close();
  }
}

/**
 * Writes tensors in the format of the name's ending: .npy, .npz, .safetensors, .keras,
 * .weights.h5, .h5, or .json for a tfjs model and its shards.
 *
 * The names of shards include a hash of the content, so that a reader sees either the old or the new model.
 *
 * @throws RangeError for a name or a tensor that no format supports, before anything is written; otherwise as writeFilesAtomically.
 * @example
 * const bias = { name: "bias", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
 * await writeTensorFile("build/weights.npz", [bias], { compress: true, force: true });
 */
export async function writeTensorFile(
  path: string,
  tensors: readonly TensorInput[],
  options: WriteOptions & PlaceOptions = {},
): Promise<void> {
  const format = formatOfName(path);
  const files = format.files(basename(path), tensors, options);
  const placed = files.map((file) => ({ path: join(dirname(path), file.path), chunks: () => file.chunks() }));
  if (format.name === "tfjs") await writeModelSet(placed, options);
  else await writeFilesAtomically(placed, options);
}
