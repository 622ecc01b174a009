// Damaged .safetensors files.

import { safetensorsOf, tensorJson } from "../hand-made.ts";
import { fuzz } from "./fuzz.ts";
import type { Mutator } from "./mutation.ts";

const dataBytes = 32;
const seeds = [
  `{"__metadata__":{"seed":"42"},"a":${tensorJson(0, 24, "[2,3]")},"b":${tensorJson(24, 32, "[4]", "BF16")}}`,
  `{"w":${tensorJson(8, 32, "[3]", "I64")},"e":${tensorJson(8, 8, "[0,7]", "F16")},"s":${tensorJson(0, 8, "[]", "F64")}}  `,
  `{"q":${tensorJson(0, 16, "[4,4]", "F8_E4M3")},"f":${tensorJson(16, 24, "[16]", "F4")},"w":${tensorJson(24, 32, "[2]")}}`,
].map((header) => safetensorsOf(header, dataBytes));

/** Repairs the header's length after three of four mutations; otherwise few mutants would get past it. */
function mutant(mutator: Mutator, seed: Uint8Array): Uint8Array {
  const bytes = mutator.mutant(seed);
  if (bytes.length < 8 + dataBytes || mutator.random(4) === 0) return bytes;
  bytes.fill(0, 0, 8);
  new DataView(bytes.buffer).setUint16(0, bytes.length - 8 - dataBytes, true);
  return bytes;
}

fuzz({
  format: "safetensors",
  seeds,
  tokens: [
    ...'"__metadata__"|"__proto__"|"dtype"|"shape"|"data_offsets"|"a"|"w"|"F32"|"F4"|"F8_E4M3"|"BOOL"|"C64"|[0,24]|[24,32]'.split(
      "|",
    ),
    ...'{|}|[|]|,|:|null|true|[]|{}|"\\ud800"|"\\u0061"|\\|"| |\n'.split("|"),
    "[".repeat(250),
    '{"a":'.repeat(250),
    "\xef\xbb\xbf",
  ],
  mutant,
  // One in eight is opened as if it were too large to read whole.
  read: (formats, bytes, run) =>
    run % 8 === 0
      ? formats.openSafetensors(formats.bytesSource(bytes)).then(async (opened) => {
          for (const tensor of opened.tensors.values()) await tensor.slice(0, Math.min(...tensor.shape, 1));
          return opened;
        })
      : formats.readSafetensors(bytes),
  bound: (length) => 4 * length + 1024,
  codes: 14,
});
