// KaimingUniform and KaimingNormal: PyTorch's He initialization, with the gain of an activation.
// Source: torch/nn/init.py 2.13; He, Zhang, Ren and Sun 2015, arXiv:1502.01852.

import type { Shape } from "@fanin/tensor";
import { expectNumber, expectOneOf } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter, ValuesOf } from "../parameters/parameters.ts";
import { normal, uniform } from "../random/distribution.ts";
import { computeFans } from "./fans.ts";
import { calculateGain, expectNonlinearity, type Nonlinearity } from "./gain.ts";
import { defineDistribution, type InitializerFactory, type RandomOptions } from "./initializer.ts";

const modes = ["fan_in", "fan_out"] as const;

const parameters = {
  /** The negative slope of a leaky ReLU. Defaults to 0, a plain ReLU. */
  a: { default: 0, expect: expectNumber } as Parameter<number>,
  /** `fan_in` keeps the variance of the forward pass, `fan_out` that of the backward pass. Defaults to `fan_in`. */
  mode: { default: "fan_in", expect: (name, value) => expectOneOf(name, value, modes) } as Parameter<
    "fan_in" | "fan_out"
  >,
  /** Defaults to `leaky_relu`. */
  nonlinearity: { default: "leaky_relu", expect: expectNonlinearity } as Parameter<Nonlinearity>,
};

/** Options of {@link kaimingUniform} and {@link kaimingNormal}. */
export interface KaimingOptions extends OptionsOf<typeof parameters>, RandomOptions {}

/** gain / sqrt(fan), with Keras's fans: the kernel is (..., in, out). */
function stddevOf(shape: Shape, { a, mode, nonlinearity }: ValuesOf<typeof parameters>): number {
  const { fanIn, fanOut } = computeFans(shape);
  return calculateGain(nonlinearity, a) / Math.sqrt(Math.max(1, mode === "fan_in" ? fanIn : fanOut));
}

/**
 * Uniform on [-limit, limit), limit = sqrt(3) gain / sqrt(fan): the variance is gain^2 / fan. Fans are those of a Keras
 * kernel (..., in, out). With `a` = sqrt(5) the limit is 1 / sqrt(fan_in), that of torch.nn.Linear.
 *
 * @throws RangeError for an unknown mode or nonlinearity.
 * @example
 * kaimingUniform({ nonlinearity: "relu", seed: 0 })([784, 128]);
 */
export const kaimingUniform: InitializerFactory<KaimingOptions> = defineDistribution("KaimingUniform", {
  parameters,
  kind: () => "uniform",
  distribution: (shape, values) => {
    const limit = Math.sqrt(3) * stddevOf(shape, values);
    return uniform(-limit, limit);
  },
});

/**
 * Normal with standard deviation gain / sqrt(fan); unlike heNormal it is not truncated. Fans are those of a Keras kernel
 * (..., in, out).
 *
 * @throws RangeError for an unknown mode or nonlinearity.
 * @example
 * kaimingNormal({ mode: "fan_out", nonlinearity: "relu", seed: 0 })([3, 3, 64, 128]);
 */
export const kaimingNormal: InitializerFactory<KaimingOptions> = defineDistribution("KaimingNormal", {
  parameters,
  kind: () => "normal",
  distribution: (shape, values) => normal(0, stddevOf(shape, values)),
});
