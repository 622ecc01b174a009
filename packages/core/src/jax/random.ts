// jax.random: words, uniforms, normals and integers of a key, bit for bit as JAX draws them on a CPU.
// Source: jax/_src/random/core.py (_uniform, _normal_real, _truncated_normal, _randint), JAX 0.10.2.

import { bfloat16FromFloat32, expectShape, float16FromFloat32, type Shape, sizeOf } from "@fanin/tensor";
import { expectInteger, expectNumberOrNaN } from "@fanin/tensor/arguments";
import type { DrawnDistribution, ValueSource } from "../random/distribution.ts";
import * as distributions from "../random/distribution.ts";
import { fma } from "../random/fma.ts";
import {
  cutNormal,
  drawIntegers,
  fillNormal,
  fillTruncatedNormal,
  fillUniform,
  fillWords,
  hashPairs,
  type ThreefryBits,
} from "../random/threefry.ts";
import { fillNormalHalf, fillUniformHalf, type HalfType } from "../random/threefry-half.ts";
import { type Arrays, allocate, expectDType, type JaxArray, type JaxDType } from "./array.ts";
import { expectKey, expectPartitionable, type Key, type LayoutOptions } from "./key.ts";

/** The types in which normals are drawn. */
export type FloatType = "float32" | HalfType;

/** The types in which uniforms are drawn. */
export type UniformType = FloatType | "float64";

/** Options of {@link uniform}. */
export interface UniformOptions<D extends UniformType = "float32"> extends LayoutOptions {
  /** The lower end, included. Defaults to 0. */
  readonly minval?: number | undefined;
  /** The upper end, excluded. Defaults to 1. */
  readonly maxval?: number | undefined;
  /** Defaults to `float32`. */
  readonly dtype?: D | undefined;
}

/** Options of {@link normal}. */
export interface NormalOptions<D extends FloatType = "float32"> extends LayoutOptions {
  /** Defaults to `float32`. */
  readonly dtype?: D | undefined;
}

/** Options of {@link truncatedNormal}. */
export interface TruncatedNormalOptions<D extends FloatType = "float32"> extends NormalOptions<D> {
  /** Defaults to -2. */
  readonly lower?: number | undefined;
  /** Defaults to 2. */
  readonly upper?: number | undefined;
}

/** Options of {@link randint}. */
export interface RandintOptions extends LayoutOptions {
  /** The lower end, included. */
  readonly minval: number;
  /** The upper end, excluded. */
  readonly maxval: number;
}

/** A term that changes nothing, the sign of zero included: JAX adds no mean. */
const NO_MEAN = -0;
const floatTypes = ["float32", "float16", "bfloat16"] as const;
const uniformTypes = [...floatTypes, "float64"] as const;

/** Returns `value` if normals are drawn in it; float32 where it is undefined. */
export function expectFloatType<D extends FloatType>(value: D | undefined): D {
  return expectDType(value ?? "float32", floatTypes) as D;
}

/** The random bits of one tensor; all three arguments are checked. */
export function expectBits(key: Key, shape: Shape, options: LayoutOptions): ThreefryBits {
  return { key: expectKey(key), size: sizeOf(expectShape(shape)), partitionable: expectPartitionable(options) };
}

/** Fills `out` with fractions of 52 bits, the high ones of a 64-bit word each, of [minval, maxval). */
function fillUniform64(
  out: Float64Array,
  { key, size, partitionable }: ThreefryBits,
  minval: number,
  maxval: number,
): void {
  let high = new Uint32Array(size);
  let low = Uint32Array.from({ length: size }, (_, i) => i);
  if (partitionable) {
    hashPairs(high, low, key);
  } else {
    const words = new Uint32Array(2 * size);
    fillWords(words, 0, { key, size: 2 * size, partitionable });
    high = words.subarray(0, size);
    low = words.subarray(size);
  }
  for (let i = 0; i < size; i++) {
    const fraction = (high[i] ?? 0) * 2 ** 20 + ((low[i] ?? 0) >>> 12);
    out[i] = Math.max(minval, fma(fraction * 2 ** -52, maxval - minval, minval));
  }
}

/**
 * Random 32-bit words, `jax.random.bits`.
 *
 * @throws TypeError or RangeError for what is not a key, or not a shape.
 * @example
 * bits(key(0), [2]).data; // => Uint32Array(2) [ 4070199207, 4202968722 ]
 */
export function bits(key: Key, shape: Shape = [], options: LayoutOptions = {}): JaxArray<"uint32"> {
  const source = expectBits(key, shape, options);
  const array = allocate(shape, "uint32");
  fillWords(array.data, 0, source);
  return array;
}

/**
 * Uniform on [minval, maxval): max(minval, r (maxval - minval) + minval), r in [0, 1). `jax.random.uniform`.
 *
 * @throws TypeError or RangeError for what is not a key, a shape or a number.
 * @example
 * uniform(key(42), [3, 4], { minval: -1, maxval: 1 });
 */
export function uniform<D extends UniformType = "float32">(
  key: Key,
  shape: Shape = [],
  options: UniformOptions<D> = {},
): JaxArray<D> {
  const source = expectBits(key, shape, options);
  const minval = expectNumberOrNaN("minval", options.minval ?? 0);
  const maxval = expectNumberOrNaN("maxval", options.maxval ?? 1);
  const dtype: UniformType = expectDType(options.dtype ?? "float32", uniformTypes);
  const array = allocate<UniformType>(shape, dtype);
  const { data } = array;
  if (data instanceof Float64Array) fillUniform64(data, source, minval, maxval);
  else if (data instanceof Float32Array) fillUniform(data, 0, source, minval, maxval);
  else fillUniformHalf(data, dtype as HalfType, source, minval, maxval, 1);
  return array as JaxArray<UniformType> as JaxArray<D>;
}

/** The float32 below `upper`; a subnormal one is a zero of its sign, as XLA flushes it. */
function lastBelow(upper: number): number {
  const value = Math.fround(upper);
  if (value === Number.NEGATIVE_INFINITY) return value;
  const bits = new Int32Array(Float32Array.of(value === 0 ? -0 : value).buffer);
  bits[0] = (bits[0] as number) + (value > 0 ? -1 : 1);
  const below = new Float32Array(bits.buffer)[0] as number;
  return Math.abs(below) < 2 ** -126 ? 0 * below : below;
}

/** Turns the sign of every element; 16-bit ones are bit patterns. */
function negate(data: Float32Array | Uint16Array): void {
  const isHalf = data instanceof Uint16Array;
  for (let i = 0; i < data.length; i++) data[i] = isHalf ? (data[i] as number) ^ 0x8000 : -(data[i] as number);
}

/** The arrays of {@link FloatType}. */
type FloatArray = Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>;

/** Draws the distributions of jax.nn.initializers, whose mean is 0 and which JAX therefore does not add. */
export class JaxSource implements ValueSource<FloatArray> {
  readonly #bits: ThreefryBits;
  readonly #dtype: JaxDType;

  constructor(bits: ThreefryBits, dtype: JaxDType) {
    this.#bits = bits;
    this.#dtype = dtype;
  }

  /** Uniform on [0, high), or on [-high, high): a fraction that is exact, times `high`, rounded once. */
  uniform(out: FloatArray, low: number, high: number): void {
    if (low !== 0) {
      // In float32 2 r - 1 is exact, and so is its product in the kernel's fma: (2 r) limit - limit is that product.
      if (out instanceof Float32Array) fillUniform(out, 0, this.#bits, low, high);
      else fillUniformHalf(out, this.#dtype as HalfType, this.#bits, -1, 1, high);
      return;
    }
    const size = Math.abs(high);
    if (out instanceof Float32Array) fillUniform(out, 0, this.#bits, 0, size);
    else fillUniformHalf(out, this.#dtype as HalfType, this.#bits, 0, size, 1);
    // A negative factor turns every sign, that of zeros too.
    if (high < 0 || Object.is(high, -0)) negate(out);
  }

  normal(out: FloatArray, _mean: number, stddev: number): void {
    if (out instanceof Float32Array) fillNormal(out, 0, this.#bits, NO_MEAN, stddev);
    else fillNormalHalf(out, this.#dtype as HalfType, this.#bits, undefined, NO_MEAN, stddev);
  }

  truncatedNormal(out: FloatArray, _mean: number, stddev: number, low: number, high: number): void {
    if (!(out instanceof Float32Array)) {
      fillNormalHalf(out, this.#dtype as HalfType, this.#bits, [low, high], NO_MEAN, stddev);
    } else if (low >= high) {
      out.fill(lastBelow(high) * Math.fround(stddev));
    } else {
      fillTruncatedNormal(out, 0, this.#bits, cutNormal(low, high), NO_MEAN, stddev);
    }
  }

  constant(out: Arrays[JaxDType], value: number): void {
    out.fill(encoders[this.#dtype]?.(value) ?? value);
  }
}

const encoders: Partial<Record<JaxDType, (value: number) => number>> = {
  float16: float16FromFloat32,
  bfloat16: bfloat16FromFloat32,
};

/** A new array of one distribution of mean 0; arguments are checked. */
export function drawArray<D extends FloatType>(
  source: ThreefryBits,
  shape: Shape,
  dtype: D,
  distribution: DrawnDistribution,
): JaxArray<D> {
  const array: JaxArray<FloatType> = allocate<FloatType>(shape, dtype);
  distribution.fill(array.data, new JaxSource(source, dtype));
  return array as JaxArray<D>;
}

/**
 * Standard normal: sqrt(2) erf_inv(u), u uniform on (-1, 1). `jax.random.normal`.
 *
 * @throws TypeError or RangeError for what is not a key, or not a shape.
 * @example
 * normal(key(42), [1]).data; // Float32Array [-0.0283...]
 */
export function normal<D extends FloatType = "float32">(
  key: Key,
  shape: Shape = [],
  options: NormalOptions<D> = {},
): JaxArray<D> {
  const source = expectBits(key, shape, options);
  return drawArray(source, shape, expectFloatType(options.dtype) as D, distributions.normal(0, 1));
}

/**
 * Standard normal between `lower` and `upper`, not corrected for the cut; with lower >= upper every value is the last one
 * below `upper`, as in JAX. In `jax.random.truncated_normal` the bounds come first.
 *
 * @throws TypeError or RangeError for what is not a key, a shape or a number.
 * @example
 * truncatedNormal(key(42), [9], { lower: -1, upper: 3 });
 */
export function truncatedNormal<D extends FloatType = "float32">(
  key: Key,
  shape: Shape = [],
  options: TruncatedNormalOptions<D> = {},
): JaxArray<D> {
  const source = expectBits(key, shape, options);
  const lower = expectNumberOrNaN("lower", options.lower ?? -2);
  const upper = expectNumberOrNaN("upper", options.upper ?? 2);
  return drawArray(
    source,
    shape,
    expectFloatType(options.dtype) as D,
    distributions.truncatedNormal(0, 1, lower, upper),
  );
}

/**
 * Integers of [minval, maxval), int32. `jax.random.randint`; bounds beyond int32 are cut to it, and maxval <= minval gives
 * minval, as in JAX.
 *
 * @throws TypeError or RangeError for what is not a key, a shape or an integer.
 * @example
 * randint(key(42), [9], { minval: -7, maxval: 1000 });
 */
export function randint(key: Key, shape: Shape, options: RandintOptions): JaxArray<"int32"> {
  const { key: checked, size, partitionable } = expectBits(key, shape, options);
  const minval = expectInteger("minval", options.minval, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const maxval = expectInteger("maxval", options.maxval, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const array = allocate(shape, "int32");
  array.data.set(drawIntegers(checked, size, minval, maxval, partitionable));
  return array;
}
