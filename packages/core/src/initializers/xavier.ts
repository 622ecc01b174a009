// XavierUniform and XavierNormal: PyTorch's Glorot initialization, with a gain.
// Source: torch/nn/init.py 2.13; Glorot and Bengio 2010.

import type { Shape } from "@fanin/tensor";
import { expectNumber } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter } from "../parameters/parameters.ts";
import { normal, uniform } from "../random/distribution.ts";
import { computeFans } from "./fans.ts";
import { defineDistribution, type InitializerFactory, type RandomOptions } from "./initializer.ts";

const parameters = {
  /** The factor on the standard deviation. Defaults to 1. */
  gain: { default: 1, expect: expectNumber } as Parameter<number>,
};

/** Options of {@link xavierUniform} and {@link xavierNormal}. */
export interface XavierOptions extends OptionsOf<typeof parameters>, RandomOptions {}

/** gain sqrt(2 / (fan-in + fan-out)); the sum of the fans is the same in every layout of a kernel. */
function stddevOf(shape: Shape, gain: number): number {
  const { fanIn, fanOut } = computeFans(shape);
  return gain * Math.sqrt(2 / Math.max(1, fanIn + fanOut));
}

/**
 * Uniform on [-limit, limit), limit = gain sqrt(6 / (fan-in + fan-out)).
 *
 * @example
 * xavierUniform({ gain: 5 / 3, seed: 0 })([256, 256]);
 */
export const xavierUniform: InitializerFactory<XavierOptions> = defineDistribution("XavierUniform", {
  parameters,
  kind: () => "uniform",
  distribution: (shape, { gain }) => {
    const limit = Math.sqrt(3) * stddevOf(shape, gain);
    return uniform(-limit, limit);
  },
});

/**
 * Normal with standard deviation gain sqrt(2 / (fan-in + fan-out)); unlike glorotNormal it is not truncated.
 *
 * @example
 * xavierNormal({ seed: 0 })([256, 256]);
 */
export const xavierNormal: InitializerFactory<XavierOptions> = defineDistribution("XavierNormal", {
  parameters,
  kind: () => "normal",
  distribution: (shape, { gain }) => normal(0, stddevOf(shape, gain)),
});
