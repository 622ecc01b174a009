// jax.nn.initializers that are one distribution, scaled: uniform, normal, truncatedNormal.
// Source: jax/_src/nn/initializers.py (uniform, normal, truncated_normal), JAX 0.10.2.

import { expectNumberOrNaN } from "@fanin/tensor/arguments";
import { type Law, normalCdf, normalLaw, uniformLaw } from "../random/law.ts";
import { defineInitializer, expectOptions, type JaxInitializer } from "./initializer.ts";
import type { LayoutOptions } from "./key.ts";
import { expectBounds, expectDraw, expectFloatType, type FloatType, normalArray, uniformArray } from "./random.ts";

/** Options of {@link uniform}. */
export interface UniformOptions extends LayoutOptions {
  /** The upper end, excluded; the lower is 0. 0.01 unless said. */
  readonly scale?: number | undefined;
}

/** Options of {@link normal}. */
export interface NormalOptions extends LayoutOptions {
  /** The standard deviation; 0.01 unless said. */
  readonly stddev?: number | undefined;
}

/** Options of {@link truncatedNormal}. */
export interface TruncatedNormalOptions extends NormalOptions {
  /** In standard deviations; -2 unless said. */
  readonly lower?: number | undefined;
  /** In standard deviations; 2 unless said. */
  readonly upper?: number | undefined;
}

/** Turns the sign of every element; 16-bit ones are bit patterns. */
function negate(data: Float32Array | Uint16Array): void {
  const isHalf = data instanceof Uint16Array;
  for (let i = 0; i < data.length; i++) data[i] = isHalf ? (data[i] as number) ^ 0x8000 : -(data[i] as number);
}

/**
 * Uniform on [0, scale).
 *
 * @throws TypeError or RangeError for a scale that is not a number.
 * @example
 * uniform({ scale: 10 })(key(42), [2, 3]);
 */
export function uniform(options: UniformOptions = {}): JaxInitializer<FloatType> {
  expectOptions("uniform", options, ["scale", "partitionable"]);
  const scale = expectNumberOrNaN("scale", options.scale ?? 0.01);
  return defineInitializer<FloatType>(
    // r * scale, rounded once: JAX's draw from [0, 1) is exact before it is scaled. A negative factor turns every sign, of zeros too.
    (key, shape, dtype) => {
      const draw = expectDraw(key, shape, options);
      const array = uniformArray(draw, shape, expectFloatType(dtype), 0, Math.abs(scale));
      if (scale < 0 || Object.is(scale, -0)) negate(array.data);
      return array;
    },
    () => uniformLaw(Math.min(0, scale), Math.max(0, scale)),
  );
}

/**
 * Normal with mean 0.
 *
 * @throws TypeError or RangeError for a standard deviation that is not a number.
 * @example
 * normal({ stddev: 5 })(key(42), [2, 3]);
 */
export function normal(options: NormalOptions = {}): JaxInitializer<FloatType> {
  expectOptions("normal", options, ["stddev", "partitionable"]);
  const stddev = expectNumberOrNaN("stddev", options.stddev ?? 0.01);
  return defineInitializer<FloatType>(
    (key, shape, dtype) => normalArray(expectDraw(key, shape, options), shape, expectFloatType(dtype), stddev),
    () => normalLaw(0, Math.abs(stddev)),
  );
}

/**
 * Normal cut at `lower` and `upper` standard deviations and not corrected for it.
 *
 * @throws TypeError or RangeError for what is not a number.
 * @example
 * truncatedNormal({ stddev: 5 })(key(42), [2, 3]);
 */
export function truncatedNormal(options: TruncatedNormalOptions = {}): JaxInitializer<FloatType> {
  expectOptions("truncatedNormal", options, ["stddev", "lower", "upper", "partitionable"]);
  const stddev = expectNumberOrNaN("stddev", options.stddev ?? 0.01);
  const bounds = expectBounds(options);
  return defineInitializer<FloatType>(
    (key, shape, dtype) => normalArray(expectDraw(key, shape, options), shape, expectFloatType(dtype), stddev, bounds),
    () => (stddev < 0 ? cutNormalLaw(-stddev, [-bounds[1], -bounds[0]]) : cutNormalLaw(stddev, bounds)),
  );
}

/** The density of the standard normal. */
function density(z: number): number {
  return Number.isFinite(z) ? Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI) : 0;
}

/** A normal of mean 0 between two bounds given in standard deviations. */
function cutNormalLaw(stddev: number, [lower, upper]: readonly [number, number]): Law {
  if (stddev === 0) return normalLaw(0, 0);
  const below = normalCdf(lower);
  const mass = normalCdf(upper) - below;
  const mean = (density(lower) - density(upper)) / mass;
  const edge = (bound: number) => (Number.isFinite(bound) ? bound * density(bound) : 0);
  return {
    mean: stddev * mean,
    variance: stddev ** 2 * (1 + (edge(lower) - edge(upper)) / mass - mean ** 2),
    support: [stddev * lower, stddev * upper],
    cdf: (x) => Math.min(1, Math.max(0, (normalCdf(x / stddev) - below) / mass)),
  };
}
