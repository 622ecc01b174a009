// Mutants of files of torch.save: opcodes of pickles, records of the archive, and the older stream.

import { readFileSync } from "node:fs";
import { crc32 } from "../../src/crc32.ts";
import { zipOf } from "../hand-made.ts";
import { fuzz } from "./fuzz.ts";
import type { Mutator } from "./mutation.ts";

const read = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../model-files/${name}`, import.meta.url)));

const legacy = read("legacy.pth");
const views = read("views.pt");
const ascii = new TextEncoder();

/** The pickle of a small archive. */
const seed = Uint8Array.from(
  "\x80\x02}q\0(X\x01\0\0\0actorch._utils\n_rebuild_tensor_v2\nq\x01((X\x07\0\0\0storageq\x02ctorch\nFloatStorage\nq\x03X\x01\0\0\x000X\x03\0\0\0cpuK\x06tQK\0K\x02K\x03\x86K\x03K\x01\x86\x89ccollections\nOrderedDict\n)RtRX\x01\0\0\0b]q\x04(h\x01((h\x02h\x03X\x01\0\0\x000X\x03\0\0\0cpuK\x06tQK\x01K\x02\x85K\x03\x85\x89NtReu.",
  (character) => character.charCodeAt(0),
);

/** An archive whose pickle is a mutant, with valid sizes and checksums. */
function archived(mutator: Mutator): Uint8Array {
  const content = mutator.mutant(seed);
  return zipOf([
    { name: "a/data.pkl", content, crc: crc32(content) },
    { name: "a/byteorder", content: ascii.encode(mutator.random(2) === 0 ? "little" : "big") },
    { name: "a/data/0", content: new Uint8Array(24) },
  ]);
}

fuzz({
  format: "torch",
  seeds: [views, legacy],
  tokens: [
    ..."(|)|t|}|]|u|s|e|R|Q|b|N|.|\x85|\x86|\x93|\x94|\x81|\x8a|\x80\x02|h\0|h\x01|q\0|K\x01|J\xff\xff\xff\x7f".split(
      "|",
    ),
    "cposix\nsystem\n",
    "ctorch\nHalfStorage\n",
    "ctorch._utils\n_rebuild_parameter\n",
    "ccollections\nOrderedDict\n",
    "X\x07\0\0\0storage",
    "]h\0ah\0aq\0",
  ],
  mutant: (mutator, original, run) => (run % 4 === 0 ? mutator.mutant(original) : archived(mutator)),
  async read({ openModel, bytesSource }, bytes) {
    const file = await openModel(bytesSource(bytes));
    for (const tensor of file.tensors.values()) await tensor.slice(0, Math.min(...tensor.shape, 1));
    return file;
  },
  bound: (length) => 2 ** 21 + 200 * length,
  share: 5000,
  codes: 8,
});
