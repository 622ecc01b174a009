// jax.nn.initializers that are one distribution, scaled: uniform, normal, truncatedNormal.
// Source: jax/_src/nn/initializers.py (uniform, normal, truncated_normal), JAX 0.10.2.

import { expectNumberOrNaN } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter } from "../parameters/parameters.ts";
import * as distributions from "../random/distribution.ts";
import { defineDistribution, type JaxFactory } from "./initializer.ts";
import { type LayoutOptions, layoutParameters } from "./key.ts";
import type { FloatType } from "./random.ts";

const uniformParameters = {
  /** The upper end, excluded; the lower is 0. Defaults to 0.01. */
  scale: { default: 0.01, expect: expectNumberOrNaN } as Parameter<number>,
};

const normalParameters = {
  /** The standard deviation. Defaults to 0.01. */
  stddev: { default: 0.01, expect: expectNumberOrNaN } as Parameter<number>,
};

const truncatedParameters = {
  /** The standard deviation before the cut. Defaults to 0.01. */
  stddev: { default: 0.01, expect: expectNumberOrNaN } as Parameter<number>,
  /** In standard deviations. Defaults to -2. */
  lower: { default: -2, expect: expectNumberOrNaN } as Parameter<number>,
  /** In standard deviations. Defaults to 2. */
  upper: { default: 2, expect: expectNumberOrNaN } as Parameter<number>,
};

/** Options of {@link uniform}. */
export interface UniformOptions extends OptionsOf<typeof uniformParameters>, LayoutOptions {}

/** Options of {@link normal}. */
export interface NormalOptions extends OptionsOf<typeof normalParameters>, LayoutOptions {}

/** Options of {@link truncatedNormal}. */
export interface TruncatedNormalOptions extends OptionsOf<typeof truncatedParameters>, LayoutOptions {}

/**
 * Uniform on [0, scale).
 *
 * @throws TypeError or RangeError for a scale that is not a number.
 * @example
 * uniform({ scale: 10 })(key(42), [2, 3]);
 */
export const uniform: JaxFactory<UniformOptions, FloatType> = defineDistribution(
  "uniform",
  { ...uniformParameters, ...layoutParameters },
  (_shape, { scale }) => distributions.uniform(0, scale),
);

/**
 * Normal with mean 0.
 *
 * @throws TypeError or RangeError for a standard deviation that is not a number.
 * @example
 * normal({ stddev: 5 })(key(42), [2, 3]);
 */
export const normal: JaxFactory<NormalOptions, FloatType> = defineDistribution(
  "normal",
  { ...normalParameters, ...layoutParameters },
  (_shape, { stddev }) => distributions.normal(0, stddev),
);

/**
 * Normal cut at `lower` and `upper` standard deviations and not corrected for it.
 *
 * @throws TypeError or RangeError for what is not a number.
 * @example
 * truncatedNormal({ stddev: 5 })(key(42), [2, 3]);
 */
export const truncatedNormal: JaxFactory<TruncatedNormalOptions, FloatType> = defineDistribution(
  "truncatedNormal",
  { ...truncatedParameters, ...layoutParameters },
  (_shape, { stddev, lower, upper }) => distributions.truncatedNormal(0, stddev, lower, upper),
);
