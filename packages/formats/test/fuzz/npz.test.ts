// Damaged .npz files: the archive, or the .npy files in a valid archive.

import { crc32 } from "../../src/crc32.ts";
import { goodNpy, join, npyHeaderOf, npyOf, uint, zipOf } from "../hand-made.ts";
import { fuzz } from "./fuzz.ts";
import type { Mutator } from "./mutation.ts";
import { npySeeds, npyTokens, repairedNpy } from "./npy-seeds.ts";

/** One mutant in 32 has a deflated entry, because reading it takes forty times as long as a stored one. */
const DEFLATED_EVERY = 32;

const [content = goodNpy] = npySeeds;
const stored = zipOf([
  { name: "dense/kernel.npy", content },
  { name: "bias.npy", content: goodNpy },
]);
const zip64Field = join(uint(2, 1), uint(2, 16), uint(8, goodNpy.length), uint(8, goodNpy.length));
const zip64 = zipOf([
  { name: "w.npy", content: goodNpy, size: 0xffffffff, compressedSize: 0xffffffff, extra: zip64Field },
]);
const withOthers = zipOf([
  { name: "w.npy", content: goodNpy },
  { name: "t.npy", content: npyOf(npyHeaderOf("<U3", "(2,)"), 24) },
  { name: "README.txt", content: goodNpy },
]);
const deflated = zipOf([{ name: "zeros.npy", content, deflate: true }]);

/** An archive of one stored entry, whose content is replaced. */
const template = zipOf([{ name: "w.npy", content: goodNpy }]);
const start = template.indexOf(0x93);
const after = start + goodNpy.length;

/** Makes an archive of one mutated .npy file with valid sizes and checksum. */
function archived(mutator: Mutator): Uint8Array {
  const content = repairedNpy(mutator, npySeeds[mutator.random(npySeeds.length)] as Uint8Array);
  const bytes = new Uint8Array(template.length - goodNpy.length + content.length);
  bytes.set(template.subarray(0, start));
  bytes.set(content, start);
  bytes.set(template.subarray(after), start + content.length);
  const view = new DataView(bytes.buffer);
  const crc = crc32(content);
  const directory = start + content.length;
  for (const at of [14, directory + 16]) {
    view.setUint32(at, crc, true);
    view.setUint32(at + 4, content.length, true);
    view.setUint32(at + 8, content.length, true);
  }
  view.setUint32(bytes.length - 6, directory, true);
  return bytes;
}

/** Repairs, most of the time, the offset or the length of the directory after a mutation. */
function reframed(mutator: Mutator, seed: Uint8Array): Uint8Array {
  const bytes = mutator.mutant(seed);
  const grown = bytes.length - seed.length;
  const choice = mutator.random(4);
  if (grown === 0 || choice === 0 || bytes.length < 22) return bytes;
  const view = new DataView(bytes.buffer);
  const field = bytes.length - (choice === 1 ? 10 : 6);
  view.setUint32(field, view.getUint32(field, true) + grown, true);
  return bytes;
}

fuzz({
  format: "npz",
  seeds: [stored, zip64, withOthers],
  tokens: [
    ...npyTokens,
    "PK\x01\x02",
    "PK\x03\x04",
    "PK\x05\x06",
    "PK\x06\x06",
    "PK\x06\x07",
    "../",
    "/",
    ".npy",
    "\x01\x00\x10\x00",
  ],
  mutant(mutator, seed, run) {
    if (mutator.random(3) === 0) return archived(mutator);
    return reframed(mutator, run % DEFLATED_EVERY === 0 ? deflated : seed);
  },
  read: (formats, bytes) => formats.readNpz(bytes, { totalBytes: 2 ** 16, entryBytes: 2 ** 16 }),
  // At most the entries and the copies of their values, plus the headers of a few entries.
  bound: (length) => 3 * 2 ** 16 + 8 * length + 2 ** 17,
  codes: 18,
});
