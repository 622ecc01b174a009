// The option `seed` of an initializer: what is taken for one, and how a config holds a generator.
// Source: keras/src/initializers/random_initializers.py (RandomInitializer) 3.15.1.

import { describeValue } from "@fanin/tensor/arguments";
import type { SeedGenerator, SeedGeneratorConfig } from "../random/seed-generator.ts";

/** A seed as a bigint; another kind is refused with Keras's message. */
export function expectSeed(seed: unknown): bigint {
  if (typeof seed === "bigint") return seed;
  if (typeof seed === "number" && Number.isSafeInteger(seed)) return BigInt(seed);
  const isLarge = Number.isInteger(seed);
  const Kind = typeof seed === "number" ? RangeError : TypeError;
  throw new Kind(
    `\`seed\` argument should be an instance of \`keras.random.SeedGenerator()\` or an integer. Received: seed=${describeValue(seed)}${isLarge ? " (not exact as a number; write it as a bigint)" : ""}`,
  );
}

/** The JSON in which Keras nests a SeedGenerator. */
export interface SerializedSeedGenerator {
  readonly module: "keras.random";
  readonly class_name: "SeedGenerator";
  readonly config: SeedGeneratorConfig;
  readonly registered_name: null;
}

/** A generator as the config has it. */
export function serializeGenerator(generator: SeedGenerator): SerializedSeedGenerator {
  return {
    module: "keras.random",
    class_name: "SeedGenerator",
    config: generator.getConfig(),
    registered_name: null,
  };
}
