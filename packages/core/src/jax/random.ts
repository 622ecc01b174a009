// jax.random: words, uniforms, normals and integers of a key, bit for bit as JAX draws them on a CPU.
// Source: jax/_src/random/core.py (_uniform, _normal_real, _truncated_normal, _randint), JAX 0.10.2.

import { expectShape, type Shape, sizeOf } from "@fanin/tensor";
import { expectInteger, expectNumberOrNaN } from "@fanin/tensor/arguments";
import { fma } from "../random/fma.ts";
import {
  cutNormal,
  type Draw,
  drawIntegers,
  fillNormal,
  fillTruncatedNormal,
  fillUniform,
  fillWords,
  hashPairs,
} from "../random/threefry.ts";
import { fillNormalHalf, fillUniformHalf, type HalfType } from "../random/threefry-half.ts";
import { allocate, expectDType, type JaxArray } from "./array.ts";
import { expectKey, expectPartitionable, type Key, type LayoutOptions } from "./key.ts";

/** The types in which normals are drawn. */
export type FloatType = "float32" | HalfType;

/** The types in which uniforms are drawn. */
export type UniformType = FloatType | "float64";

/** Options of {@link uniform}. */
export interface UniformOptions<D extends UniformType = "float32"> extends LayoutOptions {
  /** The lower end, included. Defaults to 0. */
  readonly minval?: number | undefined;
  /** The upper end, excluded; 1 unless said. */
  readonly maxval?: number | undefined;
  /** `float32` unless said. */
  readonly dtype?: D | undefined;
}

/** Options of {@link normal}. */
export interface NormalOptions<D extends FloatType = "float32"> extends LayoutOptions {
  /** `float32` unless said. */
  readonly dtype?: D | undefined;
}

/** Options of {@link truncatedNormal}. */
export interface TruncatedNormalOptions<D extends FloatType = "float32"> extends NormalOptions<D> {
  /** -2 unless said. */
  readonly lower?: number | undefined;
  /** 2 unless said. */
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

/** What is drawn, checked. */
export function expectDraw(key: Key, shape: Shape, options: LayoutOptions): Draw {
  return { key: expectKey(key), size: sizeOf(expectShape(shape)), partitionable: expectPartitionable(options) };
}

/** Fills `out` with fractions of 52 bits, the high ones of a 64-bit word each, of [minval, maxval). */
function fillUniform64(out: Float64Array, { key, size, partitionable }: Draw, minval: number, maxval: number): void {
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
  const draw = expectDraw(key, shape, options);
  const array = allocate(shape, "uint32");
  fillWords(array.data, 0, draw);
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
  const draw = expectDraw(key, shape, options);
  const minval = expectNumberOrNaN("minval", options.minval ?? 0);
  const maxval = expectNumberOrNaN("maxval", options.maxval ?? 1);
  const dtype: UniformType = expectDType(options.dtype ?? "float32", uniformTypes);
  return drawUniform(draw, shape, dtype, minval, maxval) as JaxArray<UniformType> as JaxArray<D>;
}

function drawUniform(draw: Draw, shape: Shape, dtype: UniformType, minval: number, maxval: number) {
  if (dtype === "float64") {
    const array = allocate(shape, dtype);
    fillUniform64(array.data, draw, minval, maxval);
    return array;
  }
  return uniformArray(draw, shape, dtype, minval, maxval);
}

/** A new array of uniforms; arguments are checked. */
export function uniformArray<D extends FloatType>(
  draw: Draw,
  shape: Shape,
  dtype: D,
  minval: number,
  maxval: number,
): JaxArray<D> {
  const array: JaxArray<FloatType> = allocate<FloatType>(shape, dtype);
  const { data } = array;
  if (data instanceof Float32Array) fillUniform(data, 0, draw, minval, maxval);
  else fillUniformHalf(data, dtype as HalfType, draw, minval, maxval, 1);
  return array as JaxArray<D>;
}

/** A new array of uniforms of [-1, 1) times `limit`, rounded as a product; arguments are checked. */
export function symmetricArray<D extends FloatType>(draw: Draw, shape: Shape, dtype: D, limit: number): JaxArray<D> {
  const array: JaxArray<FloatType> = allocate<FloatType>(shape, dtype);
  const { data } = array;
  // In float32 2 r - 1 is exact, and so is its product in the kernel's fma: (2 r) limit - limit is that product.
  if (data instanceof Float32Array) fillUniform(data, 0, draw, -limit, limit);
  else fillUniformHalf(data, dtype as HalfType, draw, -1, 1, limit);
  return array as JaxArray<D>;
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

/** A new array of normals times `stddev`, between two bounds unless both are infinite; arguments are checked. */
export function normalArray<D extends FloatType>(
  draw: Draw,
  shape: Shape,
  dtype: D,
  stddev: number,
  bounds?: readonly [number, number],
): JaxArray<D> {
  const array: JaxArray<FloatType> = allocate<FloatType>(shape, dtype);
  const { data } = array;
  if (bounds && bounds[0] >= bounds[1] && data instanceof Float32Array) {
    data.fill(lastBelow(bounds[1]) * Math.fround(stddev));
  } else if (!(data instanceof Float32Array)) {
    fillNormalHalf(data, dtype as HalfType, draw, bounds, NO_MEAN, stddev);
  } else if (bounds) {
    fillTruncatedNormal(data, 0, draw, cutNormal(...bounds), NO_MEAN, stddev);
  } else {
    fillNormal(data, 0, draw, NO_MEAN, stddev);
  }
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
  const draw = expectDraw(key, shape, options);
  return normalArray(draw, shape, expectFloatType(options.dtype) as D, 1);
}

/**
 * Standard normal between `lower` and `upper`, not corrected for the cut; with lower >= upper every value is the last one below `upper`, as in JAX. `jax.random.truncated_normal`, where the bounds
 * come first.
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
  const draw = expectDraw(key, shape, options);
  const bounds = expectBounds(options);
  return normalArray(draw, shape, expectFloatType(options.dtype) as D, 1, bounds);
}

/** The bounds of a truncated normal. */
export function expectBounds(options: {
  readonly lower?: number | undefined;
  readonly upper?: number | undefined;
}): readonly [number, number] {
  const lower = expectNumberOrNaN("lower", options.lower ?? -2);
  const upper = expectNumberOrNaN("upper", options.upper ?? 2);
  return [lower, upper];
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
  const { key: checked, size, partitionable } = expectDraw(key, shape, options);
  const minval = expectInteger("minval", options.minval, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const maxval = expectInteger("maxval", options.maxval, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
  const array = allocate(shape, "int32");
  array.data.set(drawIntegers(checked, size, minval, maxval, partitionable));
  return array;
}
