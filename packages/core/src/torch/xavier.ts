// torch.nn.init.xavier_uniform_ and xavier_normal_: std = gain sqrt(2 / (fan-in + fan-out)).
// Source: torch/nn/init.py, PyTorch 2.13; Glorot and Bengio 2010.

import { formatShape, type Shape } from "@fanin/tensor";
import { expectNumber } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter } from "../parameters/parameters.ts";
import * as distributions from "../random/distribution.ts";
import { computeTorchFans } from "./fans.ts";
import { defineDistribution, type GeneratorOptions, type TorchInitializer } from "./initializer.ts";

const parameters = {
  /** A factor on the standard deviation, see calculateGain. Defaults to 1. */
  gain: { default: 1, expect: expectNumber } as Parameter<number>,
};

/** Options of {@link xavierUniform} and {@link xavierNormal}. */
export interface XavierOptions extends OptionsOf<typeof parameters>, GeneratorOptions {}

function stdOf(shape: Shape, gain: number): number {
  const { fanIn, fanOut } = computeTorchFans(shape);
  if (fanIn + fanOut === 0) throw new RangeError(`shape: expected a fan above 0, got ${formatShape(shape)}`);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

/**
 * `torch.nn.init.xavier_uniform_`: uniform on [-a, a), a = gain sqrt(6 / (fan-in + fan-out)).
 *
 * @throws RangeError for fewer than two dimensions, both fans 0, or a negative gain.
 * @example
 * xavierUniform([128, 784], { gain: calculateGain("relu") });
 */
export const xavierUniform: TorchInitializer<XavierOptions> = defineDistribution("xavierUniform", {
  parameters,
  distribution: (shape, { gain }) => {
    const a = Math.sqrt(3) * stdOf(shape, gain);
    return distributions.uniform(-a, a);
  },
});

/**
 * `torch.nn.init.xavier_normal_`: normal with std = gain sqrt(2 / (fan-in + fan-out)), not truncated.
 *
 * @throws RangeError for fewer than two dimensions, both fans 0, or a negative gain.
 * @example
 * manualSeed(0);
 * xavierNormal([2, 2]).data; // => Float32Array(4) [ 1.0896488428115845, -0.20748557150363922, -1.5406367778778076, 0.40194159746170044 ]
 */
export const xavierNormal: TorchInitializer<XavierOptions> = defineDistribution("xavierNormal", {
  parameters,
  distribution: (shape, { gain }) => distributions.normal(0, stdOf(shape, gain)),
});
