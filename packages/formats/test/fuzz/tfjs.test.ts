// Damaged tfjs model.json files, with valid shards.

import { manifestOf } from "../hand-made.ts";
import { fuzz } from "./fuzz.ts";
import { ascii } from "./mutation.ts";

const seeds = [
  manifestOf(
    [
      { name: "k", shape: [2, 3], dtype: "float32" },
      {
        name: "q",
        shape: [8],
        dtype: "float32",
        quantization: { dtype: "uint8", scale: 0.5, min: -1, original_dtype: "float32" },
      },
      { name: "h", shape: [4], dtype: "float32", quantization: { dtype: "float16" } },
    ],
    ["k.bin"],
  ),
  manifestOf(
    [
      { name: "i", shape: [2, 2], dtype: "int32", quantization: { dtype: "uint16", scale: 1, min: 0 } },
      { name: "c", shape: [1, 2], dtype: "complex64" },
      { name: "b", shape: [16], dtype: "bool" },
    ],
    ["a.bin", "b/c.bin"],
  ),
  // A manifest by itself, whose texts are all empty.
  JSON.stringify([
    {
      paths: ["k.bin"],
      weights: [
        { name: "t", shape: [5], dtype: "string" },
        { name: "w", shape: [5], dtype: "float32" },
      ],
    },
  ]),
].map(ascii);

fuzz({
  format: "tfjs",
  seeds,
  tokens: [
    ...'"weightsManifest"|"paths"|"weights"|"name"|"shape"|"dtype"|"quantization"|"scale"|"min"|"__proto__"'.split("|"),
    ...'"../x"|"/x"|"%2e%2e/x"|"data:,x"|"a.bin"|"k.bin"|"float32"|"int32"|"bool"|"string"|"uint8"|"uint16"|"float16"|"k"'.split(
      "|",
    ),
    ...'{|}|[|]|,|:|null|true|[]|{}|"\\ud800"|\\|"| |-|e9|1e999'.split("|"),
    "[".repeat(250),
    "\xff",
  ],
  // The valid ones have forty bytes, in one shard or in two.
  read: (formats, bytes) => formats.readTfjsModel(bytes, async (path) => new Uint8Array(path === "k.bin" ? 40 : 20)),
  bound: (length) => 8 * length + 4096,
  codes: 10,
});
