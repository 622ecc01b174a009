// model.safetensors.index.json and pytorch_model.bin.index.json: a model in several files, opened as one.
// huggingface/transformers, modeling_utils.py `load_sharded_checkpoint`: metadata, and a weight_map from tensors to files.

import type { ByteSource } from "./byte-source.ts";
import type { ModelParts } from "./formats.ts";
import { limitsOf, type ReadOptions } from "./limits.ts";
import { type MalformedCode, MalformedFileError, quote } from "./malformed-file-error.ts";
import type { Json, JsonObject } from "./parse-json.ts";
import { shardPath } from "./shard-path.ts";
import { type SkippedTensor, skippedBy } from "./skipped-tensor.ts";
import type { StoredTensor } from "./tensor.ts";

/** The formats of shards. */
const shardFormats: readonly string[] = ["safetensors", "torch"];

/** Whether the JSON is an index of shards. */
export function isShardIndex(json: Json): json is JsonObject {
  return json instanceof Map && json.has("weight_map");
}

/** Reads the shard of each tensor. */
function readWeightMap(index: JsonObject, shards: number, file: string | undefined): Map<string, string> {
  const refuse = (code: MalformedCode, expected: string, got: string, tensor?: string): never => {
    throw new MalformedFileError(code, { file, tensor, expected, got });
  };
  const map = index.get("weight_map");
  if (!(map instanceof Map)) return refuse("E_INDEX", "weight_map as an object", "something else");
  const paths = new Map<string, string>();
  const places = new Map<string, string>();
  for (const [name, text] of map) {
    if (typeof text !== "string") return refuse("E_INDEX", "the name of a file", "something else", name);
    let path = paths.get(text);
    if (path === undefined) {
      const found = shardPath(text);
      if ("fault" in found)
        return refuse("E_INDEX_SHARD", "a path within the folder of the index", `${quote(text)}, ${found.fault}`);
      path = found.path;
      paths.set(text, path);
      if (paths.size > shards) refuse("E_INDEX_SHARD", `at most ${shards} shards`, "more");
    }
    places.set(name, path);
  }
  return places;
}

/** Opens one file of a model. */
type OpenPart = (source: ByteSource, options: ReadOptions) => Promise<ModelParts>;

/** Opens one shard; the error describes a file of another format. */
async function openShardOf(
  path: string,
  source: ByteSource,
  openPart: OpenPart,
  options: ReadOptions,
): Promise<ModelParts> {
  const file = `${options.file === undefined ? "" : `${options.file}, `}shard ${quote(path)}`;
  const expected = "a .safetensors or a PyTorch file";
  const shard = await openPart(source, { ...options, file }).catch((error: unknown) => {
    if (!(error instanceof MalformedFileError) || error.code !== "E_FORMAT_UNKNOWN") throw error;
    throw new MalformedFileError("E_INDEX_SHARD", { file, expected, got: error.got, cause: error });
  });
  if (shardFormats.includes(shard.format)) return shard;
  throw new MalformedFileError("E_INDEX_SHARD", { file, expected, got: `a file of the format ${shard.format}` });
}

/**
 * Opens the shards of an index without reading values. `skipped` lists the tensors that a shard lacks or that the index
 * does not name.
 *
 * @throws MalformedFileError E_INDEX, E_INDEX_SHARD, or a code of a damaged shard.
 */
export async function openShardIndex(
  index: JsonObject,
  openShard: (path: string) => Promise<ByteSource>,
  openPart: OpenPart,
  options: ReadOptions,
): Promise<ModelParts> {
  const { file } = options;
  const places = readWeightMap(index, limitsOf(options).entries, file);
  const shards = new Map<string, ModelParts>();
  const metadata = new Map<string, string>();
  const skipped: SkippedTensor[] = [];
  for (const path of new Set(places.values())) {
    const source = await openShard(path).catch((cause: unknown) => {
      if (!(cause instanceof MalformedFileError)) throw cause;
      throw new MalformedFileError("E_INDEX_SHARD", { file, expected: cause.expected, got: cause.got, cause });
    });
    const shard = await openShardOf(path, source, openPart, options);
    shards.set(path, shard);
    for (const [key, text] of shard.metadata ?? []) if (!metadata.has(key)) metadata.set(key, text);
  }
  const tensors = new Map<string, StoredTensor>();
  const unread = new Map<string, Map<string, SkippedTensor>>();
  for (const [path, shard] of shards) unread.set(path, new Map(shard.skipped.map((tensor) => [tensor.name, tensor])));
  for (const [name, path] of places) {
    const tensor = shards.get(path)?.tensors.get(name);
    const reason = unread.get(path)?.get(name);
    if (tensor !== undefined) tensors.set(name, tensor);
    else if (reason !== undefined) skipped.push(reason);
    else {
      const [expected, got] = [`the tensor in ${quote(path)}, as in the index`, "a shard without it"];
      skipped.push(skippedBy(new MalformedFileError("E_INDEX_TENSOR", { file, tensor: name, expected, got }), name));
    }
  }
  for (const [path, shard] of shards) {
    for (const { name, shape, dtype } of [...shard.tensors.values(), ...shard.skipped]) {
      if (places.get(name) === path) continue;
      const [expected, got] = ["a tensor that the index names", `one in ${quote(path)} that it does not name`];
      const why = new MalformedFileError("E_INDEX_TENSOR", { file, tensor: name, expected, got });
      skipped.push(skippedBy(why, name, dtype, shape));
    }
  }
  const [first] = shards.values();
  const { format = "safetensors", layout } = first ?? {};
  return { format, metadata, tensors, skipped, layout };
}
