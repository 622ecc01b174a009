// torch.nn.init's plain distributions: uniform_ and normal_.
// Source: torch/nn/init.py, PyTorch 2.13.

import { expectNumber, expectNumberOrNaN } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter } from "../parameters/parameters.ts";
import * as distributions from "../random/distribution.ts";
import { defineDistribution, type GeneratorOptions, type TorchInitializer } from "./initializer.ts";

const uniformParameters = {
  /** The lower end, included. Defaults to 0. */
  a: { default: 0, expect: expectNumber } as Parameter<number>,
  /** The upper end, excluded. Defaults to 1. */
  b: { default: 1, expect: expectNumber } as Parameter<number>,
};

const normalParameters = {
  /** Defaults to 0. */
  mean: { default: 0, expect: expectNumberOrNaN } as Parameter<number>,
  /** The standard deviation. Defaults to 1. */
  std: { default: 1, expect: expectNumber } as Parameter<number>,
};

/** Options of {@link uniform}. */
export interface UniformOptions extends OptionsOf<typeof uniformParameters>, GeneratorOptions {}

/** Options of {@link normal}. */
export interface NormalOptions extends OptionsOf<typeof normalParameters>, GeneratorOptions {}

/**
 * `torch.nn.init.uniform_`: uniform on [a, b).
 *
 * @throws RangeError where a > b, or the element type does not hold the range.
 * @example
 * manualSeed(0);
 * uniform([2], { a: -1, b: 1 });
 */
export const uniform: TorchInitializer<UniformOptions> = defineDistribution("uniform", {
  parameters: uniformParameters,
  distribution: (_shape, { a, b }) => distributions.uniform(a, b),
});

/**
 * `torch.nn.init.normal_`: normal. Sixteen elements and more are drawn in blocks, fewer in pairs; of an odd number the
 * second of the last pair is kept for the next short tensor of the same generator.
 *
 * @throws RangeError for a negative std.
 * @example
 * manualSeed(0);
 * normal([1]); // => { shape: [ 1 ], dtype: 'float32', data: Float32Array(1) [ 1.5409960746765137 ] }
 */
export const normal: TorchInitializer<NormalOptions> = defineDistribution("normal", {
  parameters: normalParameters,
  distribution: (_shape, { mean, std }) => distributions.normal(mean, std),
});
