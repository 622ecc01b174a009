// The sign-flip permutation test of paired differences.
// Source: Fisher 1935, The Design of Experiments, section 21; Phipson and Smyth 2010 for the Monte Carlo p-value.

import { philoxWords } from "@fanin/core";

/** Up to this many pairs, all sign patterns are enumerated. */
const EXACT_PAIRS = 12;
const FLIPS = 9999; // Monte Carlo patterns beyond that
const STREAM = 0x666c6970; // the second key word of all patterns

/** The least p-value that `signFlipTest` can give for n pairs; 2 / 2^n if the test is exact. */
export function leastPValue(pairs: number): number {
  return pairs <= EXACT_PAIRS ? Math.min(1, 2 / 2 ** pairs) : 1 / (FLIPS + 1);
}

/**
 * The two-sided p-value of the mean of paired differences: the share of sign patterns whose absolute mean is at least
 * the observed one. Exact for up to 12 pairs; beyond, (1 + hits) / (1 + 9999) over seeded random patterns.
 *
 * @throws RangeError for no differences.
 * @example
 * signFlipTest([1, 2, 3, 4, 5]); // 2 / 32
 */
export function signFlipTest(differences: readonly number[]): number {
  const n = differences.length;
  if (n === 0) throw new RangeError("differences: expected at least one, got none");
  const size = differences.reduce((sum, value) => sum + Math.abs(value), 0);
  // Rounding can make equal sums differ in their last bits.
  const observed = Math.abs(differences.reduce((sum, value) => sum + value, 0)) - 1e-12 * size;
  let hits = 0;
  if (n <= EXACT_PAIRS) {
    for (let pattern = 0; pattern < 2 ** n; pattern++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += (pattern >> i) & 1 ? -(differences[i] ?? 0) : (differences[i] ?? 0);
      if (Math.abs(sum) >= observed) hits++;
    }
    return hits / 2 ** n;
  }
  for (let flip = 0; flip < FLIPS; flip++) {
    const words = philoxWords(Math.ceil(n / 32), [flip, STREAM]);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      sum += ((words[i >> 5] ?? 0) >>> (i & 31)) & 1 ? -(differences[i] ?? 0) : (differences[i] ?? 0);
    }
    if (Math.abs(sum) >= observed) hits++;
  }
  return (hits + 1) / (FLIPS + 1);
}
