// Mutations of HDF5 files that get past their checksums: a field of a header or of a message is changed, and the checksum made right.
// Sources: HDF5 File Format Specification 3.0; the checksum is Jenkins's lookup3 (hashlittle), as H5_checksum_lookup3 has it.

import type { Mutator } from "./mutation.ts";

const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));

/** Jenkins's lookup3 of bytes, with the initial value 0. */
export function lookup3(bytes: Uint8Array): number {
  let a = (0xdeadbeef + bytes.length) | 0;
  let b = a;
  let c = a;
  const word = (at: number): number => {
    let value = 0;
    for (let i = 3; i >= 0; i--) value = (value << 8) | (bytes[at + i] ?? 0);
    return value;
  };
  let at = 0;
  while (bytes.length - at > 12) {
    a = (a + word(at)) | 0;
    b = (b + word(at + 4)) | 0;
    c = (c + word(at + 8)) | 0;
    a = ((a - c) ^ rotate(c, 4)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ rotate(a, 6)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ rotate(b, 8)) | 0;
    b = (b + a) | 0;
    a = ((a - c) ^ rotate(c, 16)) | 0;
    c = (c + b) | 0;
    b = ((b - a) ^ rotate(a, 19)) | 0;
    a = (a + c) | 0;
    c = ((c - b) ^ rotate(b, 4)) | 0;
    b = (b + a) | 0;
    at += 12;
  }
  if (at === bytes.length) return c >>> 0;
  a = (a + word(at)) | 0;
  b = (b + word(at + 4)) | 0;
  c = (c + word(at + 8)) | 0;
  c = ((c ^ b) - rotate(b, 14)) | 0;
  a = ((a ^ c) - rotate(c, 11)) | 0;
  b = ((b ^ a) - rotate(a, 25)) | 0;
  c = ((c ^ b) - rotate(b, 16)) | 0;
  a = ((a ^ c) - rotate(c, 4)) | 0;
  b = ((b ^ a) - rotate(a, 14)) | 0;
  c = ((c ^ b) - rotate(b, 24)) | 0;
  return c >>> 0;
}

const SIGNATURES = [
  "OHDR",
  "OCHK",
  "FRHP",
  "FHDB",
  "BTHD",
  "BTLF",
  "BTIN",
  "FAHD",
  "FADB",
  "EAHD",
  "EAIB",
  "GCOL",
  "TREE",
  "SNOD",
  "HEAP",
];

/** A structure with a checksum: its start, and where the checksum is. */
interface Checked {
  readonly start: number;
  readonly end: number;
}

function find(bytes: Uint8Array, signature: string): number[] {
  const found: number[] = [];
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = text.indexOf(signature, 0, "latin1"); at >= 0; at = text.indexOf(signature, at + 1, "latin1"))
    found.push(at);
  return found;
}

/** Finds the superblock and the structures whose checksum is right in an intact file. */
function checkedStructures(bytes: Uint8Array): Checked[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const found: Checked[] = [];
  const starts = [0, ...SIGNATURES.flatMap((signature) => find(bytes, signature))];
  for (const start of starts) {
    // Their lengths depend on many fields, so the first place where the checksum is right is taken.
    for (let end = start + 6; end + 4 <= Math.min(bytes.length, start + 1200); end++) {
      if (view.getUint32(end, true) !== lookup3(bytes.subarray(start, end))) continue;
      found.push({ start, end });
      break;
    }
  }
  return found;
}

const known = new WeakMap<Uint8Array, readonly Checked[]>();
const telling = [0, 1, 2, 3, 4, 7, 8, 16, 0x7f, 0x80, 0xfe, 0xff];

/** Makes a mutant of an HDF5 file: half of them anywhere, half in a structure. */
export function hdf5Mutant(mutator: Mutator, seed: Uint8Array): Uint8Array {
  const { random } = mutator;
  if (random(2) === 0) return mutator.mutant(seed);
  const bytes = seed.slice();
  const structures = known.get(seed) ?? checkedStructures(seed);
  known.set(seed, structures);
  const places = SIGNATURES.flatMap((signature) => find(bytes, signature));
  for (let changes = 1 + random(2); changes > 0; changes--) {
    const checked = structures[random(structures.length + 1)];
    const start = checked?.start ?? places[random(Math.max(1, places.length))] ?? 0;
    const length = checked ? checked.end - start : 96;
    const at = Math.min(bytes.length - 1, start + random(length));
    if (random(3) === 0) bytes[at] = (bytes[at] as number) ^ (1 << random(8));
    else if (random(2) === 0) bytes[at] = telling[random(telling.length)] as number;
    else bytes.fill(random(2) === 0 ? 0xff : 0, at, Math.min(bytes.length, at + (1 << random(4))));
  }
  const view = new DataView(bytes.buffer);
  for (const { start, end } of structures) view.setUint32(end, lookup3(bytes.subarray(start, end)), true);
  return bytes;
}
