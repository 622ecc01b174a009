// Reads and writes all tensors of weight files on disk; the format to write is chosen by name.

import { basename, dirname, join } from "node:path";
import { formatOfName, type WriteOptions } from "../formats.ts";
import { TensorMap } from "../skipped-tensor.ts";
import type { NamedTensor, TensorInput } from "../tensor.ts";
import { type OpenPathOptions, openModel } from "./open-model.ts";
import { type PlaceOptions, writeFilesAtomically } from "./write-atomically.ts";
import { writeModelSet } from "./write-model-set.ts";

/**
 * Reads every tensor of a weight file. `skipped` of the result lists unsupported contents.
 *
 * @throws as {@link openModel} does.
 * @example
 * const bias = { name: "bias", shape: [2], dtype: "float32", data: Float32Array.of(1, 2) } as const;
 * await writeTensorFile("build/read.npz", [bias], { force: true });
 * (await readTensorFile("build/read.npz")).get("bias")?.data; // => Float32Array(2) [ 1, 2 ]
 */
export async function readTensorFile(path: string, options: OpenPathOptions = {}): Promise<TensorMap<NamedTensor>> {
  const file = await openModel(path, options);
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
