// The initializers that are one distribution: RandomUniform, RandomNormal, TruncatedNormal.
// Source: keras/src/initializers/random_initializers.py of Keras 3.15.1, which does not restrict their parameters either.

import { expectReal } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter } from "../parameters/parameters.ts";
import * as distributions from "../random/distribution.ts";
import { defineDistribution, type InitializerFactory, type RandomOptions } from "./initializer.ts";

const uniformParameters = {
  /** The lower end, included. Defaults to -0.05. */
  minval: { default: -0.05, expect: expectReal } as Parameter<number>,
  /** The upper end, excluded. Defaults to 0.05. */
  maxval: { default: 0.05, expect: expectReal } as Parameter<number>,
};

const normalParameters = {
  /** Defaults to 0. */
  mean: { default: 0, expect: expectReal } as Parameter<number>,
  /** The standard deviation. Defaults to 0.05. */
  stddev: { default: 0.05, expect: expectReal } as Parameter<number>,
};

/** Options of {@link randomUniform}. */
export interface RandomUniformOptions extends OptionsOf<typeof uniformParameters>, RandomOptions {}

/** Options of {@link randomNormal} and {@link truncatedNormal}. */
export interface RandomNormalOptions extends OptionsOf<typeof normalParameters>, RandomOptions {}

/**
 * Uniform on [minval, maxval).
 *
 * @example
 * randomUniform({ minval: 0, maxval: 1, seed: 42 })([4]);
 */
export const randomUniform: InitializerFactory<RandomUniformOptions> = defineDistribution("RandomUniform", {
  aliases: ["uniform"],
  parameters: uniformParameters,
  kind: () => "uniform",
  distribution: (_shape, { minval, maxval }) => distributions.uniform(minval, maxval),
});

/**
 * Normal with `mean` and `stddev`.
 *
 * @example
 * randomNormal({ stddev: 1, seed: 0 })([784, 128]);
 */
export const randomNormal: InitializerFactory<RandomNormalOptions> = defineDistribution("RandomNormal", {
  aliases: ["normal"],
  parameters: normalParameters,
  kind: () => "normal",
  distribution: (_shape, { mean, stddev }) => distributions.normal(mean, stddev),
});

/**
 * Normal, redrawn beyond two `stddev` from `mean`; the standard deviation of the values is 0.8796 `stddev`.
 *
 * @example
 * truncatedNormal({ stddev: 0.02, seed: 0 })([768, 768]);
 */
export const truncatedNormal: InitializerFactory<RandomNormalOptions> = defineDistribution("TruncatedNormal", {
  parameters: normalParameters,
  kind: () => "truncatedNormal",
  distribution: (_shape, { mean, stddev }) => distributions.truncatedNormal(mean, stddev),
});
