// The initializers of a network's layers, each with its own seed.
// Source: keras.utils.set_random_seed and the seeds that Keras 3.15 then draws for layers without a seed.

import { get, type Initializer, PythonRandom, parseInitializer, type StreamName } from "@fanin/core";
import type { CompareConfig, Run } from "./config.ts";

/**
 * One initializer per text. Number i gets the i-th seed that Keras draws after `keras.utils.set_random_seed(seed)`. The
 * texts do not affect the seeds, so networks with the same seed share the seeds of their layers.
 */
export function seededInitializers(texts: readonly string[], seed: number, stream: StreamName): Initializer[] {
  const random = new PythonRandom(BigInt(seed));
  return texts.map((text) => get(withSeed(parseInitializer(text), random.randint1e9()), { stream }));
}

/**
 * The initializers of one run, layer by layer, with the seeds of `seededInitializers`.
 *
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const config = compareConfig({ layers: [784, 4, 10], initializers: ["he_normal", "zeros"], seeds: [0, 1], epochs: 1 });
 * layerInitializers(config, { initializer: "he_normal", seed: 0 }).map(({ className }) => className); // => [ 'HeNormal', 'GlorotUniform' ]
 */
export function layerInitializers(config: CompareConfig, run: Run): Initializer[] {
  const hidden = new Array<string>(config.layers.length - 2).fill(run.initializer);
  return seededInitializers([...hidden, config.outputInitializer], run.seed, config.stream as StreamName);
}

/** Adds `seed` to an identifier whose class takes a seed and whose config has none. */
function withSeed(identifier: ReturnType<typeof parseInitializer>, seed: number): unknown {
  const takesSeed = "seed" in get(identifier).getConfig();
  return takesSeed && !("seed" in identifier.config)
    ? { ...identifier, config: { ...identifier.config, seed } }
    : identifier;
}
