// Hostile indexes of models in several files, at least one for each error code.

import { type ByteSource, bytesSource, openModel } from "../../src/index.ts";
import { latin1, safetensorsOf, tensorJson as tensor } from "../hand-made.ts";
import type { HostileCase } from "./hostile-case.ts";

const shard = safetensorsOf(`{"a":${tensor(0, 4, "[1]")}}`, 4);

const index =
  (weightMap: unknown, content: Uint8Array = shard, limits: { readonly entries?: number } = {}) =>
  () =>
    openModel(bytesSource(new TextEncoder().encode(JSON.stringify({ weight_map: weightMap }))), {
      ...limits,
      openShard: async (): Promise<ByteSource> => bytesSource(content),
    });

export const indexCases: HostileCase[] = [
  ["a map that is a list", "E_INDEX", index(["a"])],
  ["a map of numbers", "E_INDEX", index({ a: 1 })],
  ["a shard out of the folder", "E_INDEX_SHARD", index({ a: "../x.safetensors" })],
  ["a shard that is a URL", "E_INDEX_SHARD", index({ a: "https://example.com/x.safetensors" })],
  ["a shard that is a pickle", "E_TORCH_FILE", index({ a: "x.bin" }, latin1("\x80\x02}q\x00."))],
  ["a shard that is an image", "E_INDEX_SHARD", index({ a: "x.gif" }, latin1("GIF89a.........."))],
  ["more shards than the limit", "E_INDEX_SHARD", index({ a: "1", b: "2", c: "3" }, shard, { entries: 2 })],
  ["a shard that is damaged", "E_SAFETENSORS_FILE_SIZE", index({ a: "x" }, safetensorsOf("{}", 1))],
  ["a tensor that its shard lacks", "E_INDEX_TENSOR", index({ a: "x", gone: "x" })],
  ["a tensor that the index does not name", "E_INDEX_TENSOR", index({ gone: "x" })],
  ["a shard twice, once as ./, whose tensor is in both", "E_INDEX_TENSOR", index({ a: "x", b: "./x" })],
];
