// The initializers that are one distribution: RandomUniform, RandomNormal, TruncatedNormal.
// Source: keras/src/initializers/random_initializers.py 3.16, which does not restrict their parameters either.

import { DTYPES, type DType } from "@fanin/tensor";
import { expectReal } from "@fanin/tensor/arguments";
import { normalLaw, truncatedNormalLaw, uniformLaw } from "../random/law.ts";
import { defineRandom, type InitializerFactory, type RandomOptions } from "./initializer.ts";

/** Options of {@link randomUniform}. */
export interface RandomUniformOptions extends RandomOptions {
  /** The lower end, included. Defaults to -0.05. */
  readonly minval?: number | undefined;
  /** The upper end, excluded. Defaults to 0.05. */
  readonly maxval?: number | undefined;
}

/** Options of {@link randomNormal} and {@link truncatedNormal}. */
export interface RandomNormalOptions extends RandomOptions {
  /** Defaults to 0. */
  readonly mean?: number | undefined;
  /** The standard deviation. Defaults to 0.05. */
  readonly stddev?: number | undefined;
}

/**
 * Uniform on [minval, maxval).
 *
 * @example
 * randomUniform({ minval: 0, maxval: 1, seed: 42 })([4]);
 */
export const randomUniform: InitializerFactory<RandomUniformOptions> = defineRandom<
  { minval: number; maxval: number },
  RandomUniformOptions,
  DType
>("RandomUniform", {
  dtypes: DTYPES,
  distribution: () => "uniform",
  aliases: ["uniform"],
  parameters: {
    minval: { default: -0.05, expect: expectReal },
    maxval: { default: 0.05, expect: expectReal },
  },
  law: (_shape, { minval, maxval }) => uniformLaw(minval, maxval),
  fill: (out, slice, _shape, { minval, maxval }, { stream, seed }) => stream.uniform(out, slice, seed, minval, maxval),
});

const normalParameters = {
  mean: { default: 0, expect: expectReal },
  stddev: { default: 0.05, expect: expectReal },
};

/**
 * Normal with `mean` and `stddev`.
 *
 * @example
 * randomNormal({ stddev: 1, seed: 0 })([784, 128]);
 */
export const randomNormal: InitializerFactory<RandomNormalOptions> = defineRandom<
  { mean: number; stddev: number },
  RandomNormalOptions,
  DType
>("RandomNormal", {
  dtypes: DTYPES,
  aliases: ["normal"],
  parameters: normalParameters,
  law: (_shape, { mean, stddev }) => normalLaw(mean, stddev),
  fill: (out, slice, _shape, { mean, stddev }, { stream, seed }) => stream.normal(out, slice, seed, mean, stddev),
});

/**
 * Normal, drawn again beyond two `stddev` from `mean`; the values' own standard deviation is 0.8796 `stddev`.
 *
 * @example
 * truncatedNormal({ stddev: 0.02, seed: 0 })([768, 768]);
 */
export const truncatedNormal: InitializerFactory<RandomNormalOptions> = defineRandom<
  { mean: number; stddev: number },
  RandomNormalOptions,
  DType
>("TruncatedNormal", {
  dtypes: DTYPES,
  distribution: () => "truncatedNormal",
  parameters: normalParameters,
  law: (_shape, { mean, stddev }) => truncatedNormalLaw(mean, stddev),
  fill: (out, slice, _shape, { mean, stddev }, { stream, seed }) =>
    stream.truncatedNormal(out, slice, seed, mean, stddev),
});
