// Keys: where JAX's random numbers start, and how one key becomes several.
// Source: jax/_src/random/threefry2x32.py (threefry_seed, _threefry_split, _threefry_fold_in), JAX 0.10.2 without x64.

import { describeValue, expectBoolean, expectInteger } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter } from "../parameters/parameters.ts";
import { expectSeedInteger } from "../random/seed.ts";
import { hashPair, type Key, splitKey } from "../random/threefry.ts";

export type { Key };

/** The parameter of every function that draws. */
export const layoutParameters: { partitionable: Parameter<boolean> } = {
  /**
   * The layout of the generator's output. Defaults to true, JAX's default since 0.5.0; false gives the layout of
   * `jax_threefry_partitionable = False`.
   */
  partitionable: { default: true, expect: expectBoolean },
};

/** The choice between JAX's two layouts of the generator's output. */
export interface LayoutOptions extends OptionsOf<typeof layoutParameters> {}

const WORD_HIGH = 2 ** 32 - 1;

/** Returns `value` if it is a key: two integers from 0 to 2^32 - 1. */
export function expectKey(value: unknown): Key {
  if (!Array.isArray(value) || value.length !== 2) {
    throw new TypeError(`key: expected a pair of integers, as key(seed) returns, got ${describeValue(value)}`);
  }
  return [expectInteger("key[0]", value[0], 0, WORD_HIGH), expectInteger("key[1]", value[1], 0, WORD_HIGH)];
}

/** The layout that `options` name. */
export function expectPartitionable(options: LayoutOptions): boolean {
  const { partitionable = true } = options;
  return expectBoolean("partitionable", partitionable);
}

/**
 * The key of a seed, `jax.random.key(seed)`: [0, seed mod 2^32], as JAX has it unless 64-bit types are enabled.
 * Keras's key for the same seed is another one, [seed, 0].
 *
 * @throws TypeError for another kind; RangeError for what is not an integer from -2^63 to 2^63 - 1.
 * @example
 * key(42); // => [ 0, 42 ]
 */
export function key(seed: number | bigint): Key {
  const integer = expectSeedInteger("seed", seed);
  if (BigInt.asIntN(64, integer) !== integer) {
    throw new RangeError(`seed: expected an integer from -2^63 to 2^63 - 1, got ${integer}`);
  }
  return [0, Number(BigInt.asUintN(32, integer))];
}

/**
 * `num` new keys from one, `jax.random.split`. A key that was split should not be drawn from.
 *
 * @throws TypeError for what is not a key; RangeError for a negative `num`.
 * @example
 * const [weights, biases] = split(key(42));
 */
export function split(key: Key, num: number = 2, options: LayoutOptions = {}): Key[] {
  return splitKey(expectKey(key), expectInteger("num", num, 0, 2 ** 30), expectPartitionable(options));
}

/**
 * The key of a key and a number, `jax.random.fold_in`: one key for each step of a loop.
 *
 * @throws TypeError for what is not a key; RangeError unless `data` is an integer from 0 to 2^32 - 1.
 * @example
 * foldIn(key(42), 7); // => [ 2547012911, 1371500959 ]
 */
export function foldIn(key: Key, data: number): Key {
  return hashPair([0, expectInteger("data", data, 0, WORD_HIGH)], expectKey(key));
}
