// Weights of a Keras model in several HDF5 files: a JSON index of groups, and the files beside it.
// Source: keras/src/saving/saving_lib.py 3.15.1, ShardedH5IOStore.

import type { ByteSource } from "../byte-source.ts";
import type { ReadOptions } from "../limits.ts";
import { MalformedFileError, quote } from "../malformed-file-error.ts";
import type { Json, JsonObject } from "../parse-json.ts";
import type { SkippedTensor } from "../skipped-tensor.ts";
import type { StoredTensor } from "../tensor.ts";
import { type KerasH5, openKerasH5 } from "./keras-h5.ts";
import type { SavedModel } from "./saved-variables.ts";

/** The name of a shard: a file beside the index. */
const shardName = /^[^/\\:]+\.weights\.h5$/;

/** Whether JSON is the index of sharded weights of Keras: its keys are groups of variables. */
export function isKerasShardIndex(json: Json): json is JsonObject {
  const map = json instanceof Map ? json.get("weight_map") : undefined;
  if (!(map instanceof Map) || map.size === 0) return false;
  return Array.from(map.keys()).every((key) => key === "/vars" || /^\/.*\/vars$/.test(key));
}

/** Options for opening sharded weights. */
export interface KerasShardOptions extends ReadOptions {
  readonly model?: SavedModel;
}

/** Opens all shards as one. @throws MalformedFileError E_KERAS_WEIGHTS, or as openKerasH5 does. */
export async function openKerasShards(
  index: Json,
  openShard: (path: string) => Promise<ByteSource>,
  options: KerasShardOptions = {},
): Promise<{
  tensors: Map<string, StoredTensor>;
  skipped: SkippedTensor[];
  metadata: Map<string, string>;
  close(): Promise<void>;
}> {
  const { file } = options;
  const refuse = (expected: string, got: string): never => {
    throw new MalformedFileError("E_KERAS_WEIGHTS", { file, expected, got });
  };
  if (!isKerasShardIndex(index)) return refuse("an index with weight_map of groups of variables", "another object");
  const shards = new Map<string, Set<string>>();
  for (const [group, value] of index.get("weight_map") as JsonObject) {
    for (const name of Array.isArray(value) ? value : [value]) {
      if (typeof name !== "string" || !shardName.test(name)) {
        return refuse("names of files *.weights.h5 beside the index", quote(String(name)));
      }
      if (!shards.has(name)) shards.set(name, new Set());
      shards.get(name)?.add(group.slice(1));
    }
  }
  const opened: KerasH5[] = [];
  const close = async (): Promise<void> => {
    for (const shard of opened.splice(0)) shard.close();
  };
  try {
    const tensors = new Map<string, StoredTensor>();
    const skipped: SkippedTensor[] = [];
    const metadata = new Map<string, string>();
    for (const [name] of shards) {
      const where = file === undefined ? name : `${file}, shard ${quote(name)}`;
      const shard = await openKerasH5(await openShard(name), { ...options, file: where, isPart: true });
      opened.push(shard);
      for (const [key, value] of shard.metadata) metadata.set(key, value);
      skipped.push(...shard.skipped);
      for (const [key, tensor] of shard.tensors) {
        if (tensors.has(key)) return refuse("each tensor in one shard", `${quote(key)} again in ${quote(name)}`);
        tensors.set(key, tensor);
      }
    }
    const total = index.get("metadata");
    if (total instanceof Map && total.get("total_size") !== undefined) {
      metadata.set("total_size", String(total.get("total_size")));
    }
    return { tensors, skipped, metadata, close };
  } catch (error) {
    await close();
    throw error;
  }
}
