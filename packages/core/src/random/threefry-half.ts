// JAX's draws in float16 and bfloat16: as those in float32, but every operation is rounded to the half type.
// Source: jax/_src/random/core.py (_uniform, _normal_real, _truncated_normal) as XLA's CPU backend of jaxlib 0.10.2 runs it.
//
// A value has so few random bits (10 or 7) that all of its possible results are computed first and then looked up.

import { bfloat16FromFloat32, float16FromFloat32, float32FromBfloat16, float32FromFloat16 } from "@fanin/tensor";
import { getStreams } from "../runtime/streams.ts";
import { erf } from "./erf.ts";
import { flushSubnormal } from "./flush.ts";
import { fillWords, type ThreefryBits } from "./threefry.ts";

/** The 16-bit formats that JAX draws. */
export type HalfType = "float16" | "bfloat16";

/** A 16-bit format: how many bits a bits takes, how many of them become the fraction, and the type's conversions. */
interface HalfFormat {
  readonly drawnBits: 8 | 16;
  readonly fractionBits: number;
  encode(value: number): number;
  decode(bits: number): number;
}

const formats: Readonly<Record<HalfType, HalfFormat>> = {
  float16: { drawnBits: 16, fractionBits: 10, encode: float16FromFloat32, decode: float32FromFloat16 },
  bfloat16: { drawnBits: 8, fractionBits: 7, encode: bfloat16FromFloat32, decode: float32FromBfloat16 },
};

/**
 * `value` rounded to a half type, once: XLA does not go by way of float32, as roundTo of dtype.ts does for bfloat16. It
 * flushes subnormals of bfloat16.
 */
export function roundToHalf(type: HalfType, value: number): number {
  const { encode, decode } = formats[type];
  return flushSubnormal(type, decode(encode(value)));
}

/** The fractions of `length` draws from the one at `offset` on: the high bits of 16 or 8 bits each. */
function drawFractions(
  { drawnBits, fractionBits }: HalfFormat,
  length: number,
  bits: ThreefryBits,
  offset: number,
): Uint16Array {
  const fractions = new Uint16Array(length);
  const shift = drawnBits - fractionBits;
  const mask = 2 ** drawnBits - 1;
  if (bits.partitionable) {
    const words = new Uint32Array(length);
    fillWords(words, offset, bits);
    for (let i = 0; i < length; i++) fractions[i] = ((words[i] ?? 0) & mask) >>> shift;
    return fractions;
  }
  // The older layout cuts words into pieces, the low one first.
  const pieces = 32 / drawnBits;
  const words = new Uint32Array(Math.ceil(bits.size / pieces));
  fillWords(words, 0, { ...bits, size: words.length });
  for (let i = 0; i < length; i++) {
    const word = words[Math.floor((offset + i) / pieces)] ?? 0;
    fractions[i] = ((word >>> (drawnBits * ((offset + i) % pieces))) & mask) >>> shift;
  }
  return fractions;
}

/** The uniform value of every fraction. */
function uniformTable(type: HalfType, minval: number, maxval: number): Float32Array {
  const { fractionBits } = formats[type];
  const low = roundToHalf(type, minval);
  const range = roundToHalf(type, roundToHalf(type, maxval) - low);
  return Float32Array.from({ length: 2 ** fractionBits }, (_, fraction) => {
    const r = fraction / 2 ** fractionBits;
    return Math.max(low, roundToHalf(type, roundToHalf(type, r * range) + low));
  });
}

/** erf_inv in float32; the length is a multiple of sixteen. */
function erfInv(values: Float32Array): Float32Array {
  const { arena, kernels, workspace } = getStreams();
  return arena.scope((alloc) => {
    const pointer = alloc(values.byteLength);
    arena.f32(pointer, values.length).set(values);
    kernels.erf_inv_f32(pointer, values.length / 16, workspace);
    return arena.f32(pointer, values.length).slice();
  });
}

function lookUp(out: Uint16Array, type: HalfType, bits: ThreefryBits, table: Float32Array, offset: number): void {
  const format = formats[type];
  const encoded = Uint16Array.from(table, (value) => format.encode(value));
  const fractions = drawFractions(format, out.length, bits, offset);
  for (let i = 0; i < out.length; i++) out[i] = encoded[fractions[i] ?? 0] ?? 0;
}

/** Fills `out`, the elements from `offset` on, with the bits of halves of [minval, maxval), times `factor`. */
export function fillUniformHalf(
  out: Uint16Array,
  type: HalfType,
  bits: ThreefryBits,
  minval: number,
  maxval: number,
  factor: number,
  offset = 0,
): void {
  const scale = roundToHalf(type, factor);
  const table = uniformTable(type, minval, maxval).map((value) => roundToHalf(type, value * scale));
  lookUp(out, type, bits, table, offset);
}

/** The half next to `x` in the direction of `towards`, an infinity. */
function nextHalf(type: HalfType, x: number, towards: number): number {
  const { encode, decode } = formats[type];
  const bits = encode(x);
  const value = decode(bits);
  if (value === towards || Number.isNaN(value)) return value;
  if (value === 0) return Math.sign(towards) * decode(1);
  return decode(bits + (value > 0 === towards > 0 ? 1 : -1));
}

/** The ends of u, and of what its normal is clipped to. */
interface HalfCut {
  readonly low: number;
  readonly high: number;
  readonly least: number;
  readonly most: number;
}

function uncutHalf(type: HalfType): HalfCut {
  const infinity = Number.POSITIVE_INFINITY;
  return { low: nextHalf(type, -1, infinity), high: 1, least: -infinity, most: infinity };
}

function cutHalf(type: HalfType, [lower, upper]: readonly [number, number]): HalfCut {
  const end = (bound: number) => erf(roundToHalf(type, roundToHalf(type, bound) * roundToHalf(type, Math.SQRT1_2)));
  return {
    low: end(lower),
    high: end(upper),
    least: nextHalf(type, lower, Number.POSITIVE_INFINITY),
    most: nextHalf(type, upper, Number.NEGATIVE_INFINITY),
  };
}

/** Fills `out`, the elements from `offset` on, with the bits of z * stddev + mean, z standard normal, within `bounds` if they are given. */
export function fillNormalHalf(
  out: Uint16Array,
  type: HalfType,
  bits: ThreefryBits,
  bounds: readonly [number, number] | undefined,
  mean: number,
  stddev: number,
  offset = 0,
): void {
  const round = (value: number) => roundToHalf(type, value);
  const { low, high, least, most } = bounds ? cutHalf(type, bounds) : uncutHalf(type);
  const scale = round(stddev);
  const shift = round(mean);
  const values = erfInv(uniformTable(type, low, high)).map((inverse) => {
    const z = Math.min(most, Math.max(least, round(round(Math.SQRT2) * round(inverse))));
    return round(round(z * scale) + shift);
  });
  lookUp(out, type, bits, values, offset);
}
