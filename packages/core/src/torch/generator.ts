// PyTorch's random generators: the global one, and own ones.
// Source: torch/random.py, torch/csrc/Generator.cpp, ATen/CPUGeneratorImpl.cpp, PyTorch 2.13.

import { describeValue } from "@fanin/tensor/arguments";
import { Mt19937 } from "../random/mt19937.ts";
import { expectSeedInteger, plainInteger } from "../random/seed.ts";

const DEFAULT_SEED = 67280421310721n; // c10::detail's default_rng_seed_val
const LOW = -(2n ** 63n);
const HIGH = 2n ** 64n - 1n;

/** A seed as the 64 bits that torch keeps: negative ones count from 2^64 down. */
function expectSeed(seed: unknown): bigint {
  const value = expectSeedInteger("seed", seed);
  if (value < LOW || value > HIGH) {
    throw new RangeError(`seed: expected an integer from -2^63 to 2^64 - 1, got ${value}`);
  }
  return BigInt.asUintN(64, value);
}

/**
 * `torch.Generator()`: a source of random numbers that no other draws from.
 *
 * @example
 * const generator = new Generator().manualSeed(42);
 * uniform([2], { generator }); // 0.88226..., 0.91500...
 */
export class Generator {
  #seed: bigint = DEFAULT_SEED;
  /** The sequence, for the functions of this module. */
  readonly sequence: Mt19937 = new Mt19937(Number(BigInt.asUintN(32, DEFAULT_SEED)));

  /**
   * Starts again from `seed`, of which the low 32 bits count.
   *
   * @throws RangeError outside -2^63 .. 2^64 - 1.
   */
  manualSeed(seed: number | bigint): this {
    this.#seed = expectSeed(seed);
    this.sequence.seed(Number(BigInt.asUintN(32, this.#seed)));
    return this;
  }

  /** The seed it started from; 67280421310721 before `manualSeed`. */
  initialSeed(): number | bigint {
    return plainInteger(this.#seed);
  }
}

let current: Generator | undefined;

/** The generator that everything without an own one draws from; it starts from an unpredictable seed. */
export function defaultGenerator(): Generator {
  current ??= new Generator().manualSeed(crypto.getRandomValues(new BigUint64Array(1))[0] ?? 0n);
  return current;
}

/**
 * `torch.manual_seed(seed)`: everything that draws from the global generator starts again from `seed`. Returns it.
 *
 * @throws RangeError outside -2^63 .. 2^64 - 1.
 * @example
 * manualSeed(0);
 * linear(5, 3); // what torch.manual_seed(0); torch.nn.Linear(5, 3) holds
 */
export function manualSeed(seed: number | bigint): Generator {
  const value = expectSeed(seed); // before the global generator is made, which a bad seed must not do
  return defaultGenerator().manualSeed(value);
}

/**
 * `torch.initial_seed()`: the seed that the global generator started from.
 *
 * @example
 * manualSeed(7);
 * initialSeed(); // => 7
 */
export function initialSeed(): number | bigint {
  return defaultGenerator().initialSeed();
}

/** Returns `value` if it is a generator, the global one if there is none. */
export function expectGenerator(value: unknown): Generator {
  if (value === undefined || value === null) return defaultGenerator();
  if (value instanceof Generator) return value;
  throw new TypeError(`generator: expected a Generator, got ${describeValue(value)}`);
}
