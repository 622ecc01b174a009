// Seeds: the integers a person gives, and the pairs that a stream turns into a key.

import { describeValue } from "@fanin/tensor/arguments";
/** The two words of a Keras seed: the integer, and how many draws came before. */
export type SeedPair = readonly [bigint, bigint];

/**
 * Returns `value` as a bigint if it is an integer.
 *
 * @throws TypeError for another kind; RangeError for a fraction, or a number so large that it is no longer exact.
 */
export function expectSeedInteger(name: string, value: unknown): bigint {
  if (typeof value === "bigint") return value;
  if (typeof value !== "number") {
    throw new TypeError(`${name}: expected an integer or a SeedGenerator, got ${describeValue(value)}`);
  }
  if (!Number.isSafeInteger(value)) {
    const advice = Number.isInteger(value) ? " (not exact as a number; write it as a bigint)" : "";
    throw new RangeError(`${name}: expected an integer, got ${describeValue(value)}${advice}`);
  }
  return BigInt(value);
}

/** `value` as a number where that is exact, as JSON wants it. */
export function plainInteger(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** The integer type in which a framework keeps a SeedGenerator's state. */
export type SeedDType = "int64" | "uint32" | "int32";

const wraps: { readonly [D in SeedDType]: (value: bigint) => bigint } = {
  int64: (value) => BigInt.asIntN(64, value),
  uint32: (value) => BigInt.asUintN(32, value),
  int32: (value) => BigInt.asIntN(32, value),
};

/**
 * Returns `seed` if a SeedGenerator of the framework that counts in `dtype` can hold it.
 *
 * @throws RangeError otherwise, where Keras raises OverflowError or RuntimeError.
 */
export function expectGeneratorSeed(seed: bigint, dtype: SeedDType): bigint {
  if (wraps[dtype](seed) === seed) return seed;
  throw new RangeError(`seed: expected an ${dtype} for a SeedGenerator on this stream, got ${seed}`);
}

const UNORDERED_MODULUS = 933199n;

/** One word of a state after an unordered draw: (word + 1) * 5387 mod 933199, where `dtype` wraps before the modulo. */
export function unorderedStep(word: bigint, dtype: SeedDType): bigint {
  const wrap = wraps[dtype];
  const product = wrap(wrap(wrap(word) + 1n) * 5387n);
  return ((product % UNORDERED_MODULUS) + UNORDERED_MODULUS) % UNORDERED_MODULUS;
}
