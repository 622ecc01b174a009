// Where an initializer without a seed gets one: a global generator, as Keras's is Python's `random`.
// Source: keras/src/random/seed_generator.py (make_default_seed), keras/src/utils/rng_utils.py (set_random_seed).

import { PythonRandom } from "./python-random.ts";
import { expectSeedInteger } from "./seed.ts";

let generator: PythonRandom | undefined;
let epoch = 0;

/** How often `setRandomSeed` was called; what was made from default seeds before is then out of date. */
export function seedEpoch(): number {
  return epoch;
}

/**
 * Makes everything that follows reproducible, as `keras.utils.set_random_seed(seed)` does: initializers without a seed
 * then draw the seeds that Keras would draw.
 *
 * @throws TypeError or RangeError if `seed` is not an integer.
 * @example
 * setRandomSeed(1234);
 * makeDefaultSeed(); // => 835549144
 */
export function setRandomSeed(seed: number | bigint): void {
  generator = new PythonRandom(expectSeedInteger("seed", seed));
  epoch++;
}

/**
 * A seed from 1 to 10^9: `random.randint(1, 10**9)` of Python, from an unpredictable start unless setRandomSeed was called.
 *
 * @example
 * setRandomSeed(1234);
 * makeDefaultSeed(); // => 835549144
 */
export function makeDefaultSeed(): number {
  if (!generator) {
    const entropy = crypto.getRandomValues(new BigUint64Array(2));
    generator = new PythonRandom(((entropy[0] ?? 0n) << 64n) | (entropy[1] ?? 0n));
  }
  return generator.randint1e9();
}
