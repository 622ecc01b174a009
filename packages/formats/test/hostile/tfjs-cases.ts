// Hostile tfjs models, at least one for each error code.

import { readTfjsModel } from "../../src/index.ts";
import { latin1, manifestOf } from "../hand-made.ts";
import type { HostileCase } from "./hostile-case.ts";

const tfjs =
  (manifest: string | Uint8Array, shardBytes = 8) =>
  () =>
    readTfjsModel(manifest, async () => new Uint8Array(shardBytes));
const weight = { name: "w", shape: [2], dtype: "float32" };

export const tfjsCases: HostileCase[] = [
  [
    "model.json over the limit",
    "E_TFJS_LENGTH",
    () => readTfjsModel(" ".repeat(101), async () => new Uint8Array(0), { headerBytes: 100 }),
  ],
  ["text that is no JSON", "E_JSON_SYNTAX", tfjs("<html>")],
  ["bytes that are not UTF-8", "E_JSON_UTF8", tfjs(latin1('{"\xff":1}'))],
  ["a manifest twice", "E_JSON_DUPLICATE", tfjs('{"weightsManifest":[],"weightsManifest":[]}')],
  ["no manifest", "E_TFJS_MANIFEST", tfjs("{}")],
  ["a list of something else", "E_TFJS_MANIFEST", tfjs("[1]")],
  ["a topology without weights", "E_TFJS_MANIFEST", tfjs('{"modelTopology":{}}')],
  ["more values than any model has", "E_JSON_VALUES", tfjs(`[${"{},".repeat(250_000)}{}]`)],
  [
    "more shards than the limit",
    "E_TFJS_SHARD",
    tfjs(
      manifestOf(
        [weight],
        Array.from({ length: 10_001 }, (_, i) => `${i}`),
      ),
    ),
  ],
  [
    "a shard twice, once as ./",
    "E_TFJS_DUPLICATE",
    tfjs(manifestOf([{ ...weight, shape: [4] }], ["a.bin", "./a.bin"])),
  ],
  [
    "a shard twice, once as //",
    "E_TFJS_DUPLICATE",
    tfjs(manifestOf([{ ...weight, shape: [4] }], ["b/a.bin", "b//./a.bin"])),
  ],
  ["the folder as a shard", "E_TFJS_PATH", tfjs(manifestOf([weight], ["./"]))],
  ["texts beyond the shards", "E_TFJS_SIZE", tfjs(manifestOf([{ ...weight, dtype: "string", shape: [3] }]))],
  ["more texts than any file has", "E_TFJS_SIZE", tfjs(manifestOf([{ ...weight, dtype: "string", shape: [2 ** 50] }]))],
  ["a group without weights", "E_TFJS_MANIFEST", tfjs('{"weightsManifest":[{"paths":[]}]}')],
  ["a group that is null", "E_TFJS_MANIFEST", tfjs('{"weightsManifest":[null]}')],
  ["a path that is a number", "E_TFJS_MANIFEST", tfjs(manifestOf([weight], [1]))],
  ["a weight without a name", "E_TFJS_MANIFEST", tfjs(manifestOf([{ ...weight, name: undefined }]))],
  ["a path out of the folder", "E_TFJS_PATH", tfjs(manifestOf([weight], ["../../../etc/passwd"]))],
  ["a path out of the folder, in the middle", "E_TFJS_PATH", tfjs(manifestOf([weight], ["a/../../b.bin"]))],
  ["a path out of the folder, encoded", "E_TFJS_PATH", tfjs(manifestOf([weight], ["%2e%2E/b.bin"]))],
  ["an absolute path", "E_TFJS_PATH", tfjs(manifestOf([weight], ["/etc/passwd"]))],
  ["a path of Windows", "E_TFJS_PATH", tfjs(manifestOf([weight], ["..\\b.bin"]))],
  ["a URL", "E_TFJS_PATH", tfjs(manifestOf([weight], ["https://example.com/a.bin"]))],
  ["a URL without a scheme", "E_TFJS_PATH", tfjs(manifestOf([weight], ["//example.com/a.bin"]))],
  ["a query", "E_TFJS_PATH", tfjs(manifestOf([weight], ["a.bin?x"]))],
  ["a weight twice", "E_TFJS_DUPLICATE", tfjs(manifestOf([weight, weight]), 16)],
  ["a shard twice", "E_TFJS_DUPLICATE", tfjs(manifestOf([weight, { ...weight, name: "v" }], ["a.bin", "a.bin"]))],
  ["text weights", "E_TFJS_DTYPE", tfjs(manifestOf([{ ...weight, dtype: "string" }]))],
  ["an unknown dtype", "E_TFJS_DTYPE", tfjs(manifestOf([{ ...weight, dtype: "toString" }]))],
  ["a negative dimension", "E_TFJS_SHAPE", tfjs(manifestOf([{ ...weight, shape: [-2] }]))],
  ["a product beyond 2^53", "E_TFJS_SHAPE", tfjs(manifestOf([{ ...weight, shape: [2 ** 32, 2 ** 32] }]))],
  ["no shape", "E_TFJS_SHAPE", tfjs(manifestOf([{ ...weight, shape: undefined }]))],
  [
    "a product beyond 2^53 only once it is float32",
    "E_TFJS_SHAPE",
    tfjs(manifestOf([{ ...weight, shape: [2 ** 52], quantization: { dtype: "uint8", scale: 1, min: 0 } }])),
  ],
  [
    "weights beyond 2^53 bytes together",
    "E_TFJS_SHAPE",
    tfjs(manifestOf([1, 2, 3].map((i) => ({ ...weight, name: `${i}`, shape: [2 ** 50] })))),
  ],
  ...(
    [
      ["that is text", "uint8"],
      ["of an unknown dtype", { dtype: "uint4", scale: 1, min: 0 }],
      ["without a scale", { dtype: "uint8", min: 0 }],
      ["with a scale that is text", { dtype: "uint8", min: 0, scale: "1" }],
      ["with another original dtype", { dtype: "uint8", min: 0, scale: 1, original_dtype: "int32" }],
    ] as const
  ).map(
    ([title, quantization]): HostileCase => [
      `quantization ${title}`,
      "E_TFJS_QUANTIZATION",
      tfjs(manifestOf([{ ...weight, quantization }]), 2),
    ],
  ),
  [
    "quantization with an infinite scale",
    "E_TFJS_QUANTIZATION",
    tfjs(manifestOf([{ ...weight, quantization: { dtype: "uint8", min: 0, scale: 77 } }]).replace("77", "1e999"), 2),
  ],
  [
    "float16 of int32",
    "E_TFJS_QUANTIZATION",
    tfjs(manifestOf([{ ...weight, dtype: "int32", quantization: { dtype: "float16" } }]), 4),
  ],
  [
    "uint8 of bool",
    "E_TFJS_QUANTIZATION",
    tfjs(manifestOf([{ ...weight, dtype: "bool", quantization: { dtype: "uint8", min: 0, scale: 1 } }]), 2),
  ],
  [
    "int32 beyond its range",
    "E_TFJS_QUANTIZATION",
    tfjs(manifestOf([{ ...weight, dtype: "int32", quantization: { dtype: "uint16", min: 0, scale: 1e6 } }]), 4),
  ],
  ["a shard that is short", "E_TFJS_SIZE", tfjs(manifestOf([weight]), 7)],
  ["a shard that is long", "E_TFJS_SIZE", tfjs(manifestOf([weight]), 9)],
  ["weights of a petabyte", "E_TFJS_SIZE", tfjs(manifestOf([{ ...weight, shape: [1e15 / 4] }]))],
];
