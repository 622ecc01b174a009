// Keras's SeedGenerator, the only object of this library whose state advances.
// Source: keras/src/random/seed_generator.py 3.15.1.

import { describeValue } from "@fanin/tensor/arguments";
import { makeDefaultSeed } from "./default-seed.ts";
import {
  expectGeneratorSeed,
  expectSeedInteger,
  plainInteger,
  type SeedDType,
  type SeedPair,
  unorderedStep,
} from "./seed.ts";

/** The JSON of a SeedGenerator. */
export interface SeedGeneratorConfig {
  readonly seed: number | bigint | null;
  readonly name: string;
}

/** Options of {@link SeedGenerator}. */
export interface SeedGeneratorOptions {
  readonly seed?: number | bigint | null | undefined;
  readonly name?: string | undefined;
}

let unnamed = 0;

/**
 * A source of seeds [seed, 0], [seed, 1], [seed, 2], ...: an initializer given one returns new values on each call.
 *
 * @example
 * const generator = new SeedGenerator({ seed: 7 });
 * generator.next(); // => [ 7n, 0n ]
 * generator.next(); // => [ 7n, 1n ]
 */
export class SeedGenerator {
  readonly name: string;
  readonly #initialSeed: bigint | null;
  #state: SeedPair;

  constructor(options: SeedGeneratorOptions = {}) {
    for (const key of Object.keys(options)) {
      if (key !== "seed" && key !== "name") {
        throw new TypeError(`SeedGenerator: unknown option ${JSON.stringify(key)}; expected seed, name`);
      }
    }
    const { seed = null, name } = options;
    if (name !== undefined && typeof name !== "string") {
      throw new TypeError(`name: expected a string, got ${describeValue(name)}`);
    }
    this.#initialSeed = seed === null ? null : expectSeedInteger("seed", seed);
    this.#state = [this.#initialSeed ?? BigInt(makeDefaultSeed()), 0n];
    this.name = name ?? (unnamed === 0 ? "seed_generator" : `seed_generator_${unnamed}`);
    if (name === undefined) unnamed++;
  }

  /**
   * The current pair; the next call gets the one after it.
   *
   * @throws RangeError where the framework counts in `dtype` and the seed does not fit it.
   */
  next(dtype: SeedDType = "int64"): SeedPair {
    return this.draw(dtype, (pair) => pair);
  }

  /**
   * What `body` makes of the current pair. Where `body` throws, the pair is not used up: the next call gets it.
   *
   * @throws RangeError where the framework counts in `dtype` and the seed does not fit it; what `body` throws.
   */
  draw<T>(dtype: SeedDType, body: (pair: SeedPair) => T): T {
    const pair = this.#state;
    expectGeneratorSeed(pair[0], dtype);
    const drawn = body(pair);
    this.#state = [pair[0], pair[1] + 1n];
    return drawn;
  }

  /**
   * What `body` makes of the current pair, as `next(ordered=False)` of Keras gives it to functions of `keras.random` that
   * have no seed; after it each word is (word + 1) * 5387 mod 933199, computed in the integers of one framework.
   */
  drawUnordered<T>(dtype: SeedDType, body: (pair: SeedPair) => T): T {
    const pair = this.#state;
    const drawn = body(pair);
    this.#state = [unorderedStep(pair[0], dtype), unorderedStep(pair[1], dtype)];
    return drawn;
  }

  getConfig(): SeedGeneratorConfig {
    return { seed: this.#initialSeed === null ? null : plainInteger(this.#initialSeed), name: this.name };
  }

  /** A fresh generator with the same initial seed. */
  static fromConfig(config: SeedGeneratorConfig): SeedGenerator {
    return new SeedGenerator(config);
  }
}
