// Valid .npy files to mutate, and mutations that keep the header's length valid.

import { npyHeaderOf, npyOf } from "../hand-made.ts";
import type { Mutator } from "./mutation.ts";

/** Fortran order, C order, complex and big-endian, a scalar, each version. */
export const npySeeds: readonly Uint8Array[] = [
  npyOf("{'descr': '<f4', 'fortran_order': True, 'shape': (3, 4), }", 48),
  npyOf(npyHeaderOf("<f4", "(2,)"), 8),
  npyOf(npyHeaderOf(">c16", "(2, 1)"), 32, [2, 0]),
  npyOf(npyHeaderOf("|u1", "()"), 1, [3, 0]),
];

/** Tokens of a header. */
export const npyTokens: readonly string[] = [
  ..."'descr' 'fortran_order' 'shape' '|O' '<V2' '<U2' '<M8[ns]' '>f8' '|b1' '=f4' True False None 0L".split(" "),
  ..."{ } ( ) , : (1,) (0,0) (-1,) () lambda:0 __import__('os') [('a','<f4')] \\x00 \x93NUMPY".split(" "),
];

/** Repairs the header's length after half of the mutations; otherwise few mutants would get past it. */
export function repairedNpy(mutator: Mutator, seed: Uint8Array): Uint8Array {
  const bytes = mutator.mutant(seed);
  const start = seed[6] === 1 ? 10 : 12;
  const end = bytes.indexOf(0x0a, start) + 1;
  if (end === 0 || mutator.random(2) === 0) return bytes;
  bytes[8] = end - start;
  bytes[9] = (end - start) >>> 8;
  return bytes;
}
