// Damaged indexes of models in several .safetensors files, with valid shards.

import { safetensorsOf, tensorJson } from "../hand-made.ts";
import { fuzz } from "./fuzz.ts";
import { ascii } from "./mutation.ts";

const seeds = [
  { metadata: { total_size: 8, format: "pt" }, weight_map: { a: "a.safetensors", b: "a.safetensors" } },
  { weight_map: { "h.0.a": "x/b.safetensors", q: "x/b.safetensors", a: "a.safetensors", b: "./a.safetensors" } },
].map((index) => ascii(JSON.stringify(index)));

const shards = new Map([
  ["a.safetensors", safetensorsOf(`{"a":${tensorJson(0, 4, "[1]")},"b":${tensorJson(4, 8, "[1]")}}`, 8)],
  [
    "x/b.safetensors",
    safetensorsOf(`{"h.0.a":${tensorJson(0, 4, "[1]")},"q":${tensorJson(4, 6, "[2]", "F8_E4M3")}}`, 6),
  ],
]);

fuzz({
  format: "index",
  seeds,
  tokens: [
    ...'"weight_map"|"metadata"|"a"|"b"|"q"|"h.0.a"|"a.safetensors"|"x/b.safetensors"|"../x"|"/x"|"%2e%2e/x"|"./"'.split(
      "|",
    ),
    ...'{|}|[|]|,|:|null|true|[]|{}|"\\ud800"|\\|"| |1'.split("|"),
    "[".repeat(250),
    "\xff",
  ],
  async read(formats, bytes) {
    const opened = await formats.openModel(formats.bytesSource(bytes), {
      openShard: async (path) => formats.bytesSource(shards.get(path) ?? ascii("none")),
    });
    for (const tensor of opened.tensors.values()) await tensor.read();
    return opened;
  },
  bound: (length) => 16 * length + 4096,
  runs: 50_000,
  codes: 8,
});
