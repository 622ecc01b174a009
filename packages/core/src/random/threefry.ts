// Threefry2x32 draws as JAX makes them: words, uniforms and normals of one key, by position, in both of JAX's layouts.
// Source: jax/_src/random/threefry2x32.py, core.py (JAX 0.10.2, XLA on a CPU with FMA); Salmon et al., SC11.

import { getStreams } from "../runtime/streams.ts";
import { erf, nextAfter } from "./erf.ts";
import { fillTiles, TILE } from "./fill-tiles.ts";
import { flushSubnormal } from "./flush.ts";
import type { Slice } from "./stream.ts";

/** The two words of a Threefry key. */
export type Key = readonly [number, number];

/** Which numbers of which key: `size` is that of the whole tensor, on which the older layout depends. */
export interface ThreefryBits {
  readonly key: Key;
  readonly size: number;
  /** The layout: true is JAX's default since 0.5.0, false what jax_threefry_partitionable = False gives. */
  readonly partitionable: boolean;
}

const TWO_32 = 2 ** 32;
const SQRT_HALF = Math.fround(Math.SQRT1_2);

/** The bits of `slice` in JAX's default layout. */
export function partitionable(key: Key, { size }: Slice): ThreefryBits {
  return { key, size, partitionable: true };
}

/** Hashes pairs of words in place. */
export function hashPairs(x0: Uint32Array, x1: Uint32Array, key: Key): void {
  const { arena, kernels, workspace } = getStreams();
  const tiles = Math.ceil(x0.length / TILE);
  arena.scope((alloc) => {
    const at0 = alloc(tiles * TILE * 4);
    const at1 = alloc(tiles * TILE * 4);
    arena.u32(at0, x0.length).set(x0);
    arena.u32(at1, x1.length).set(x1);
    kernels.threefry_seed(workspace, key[0], key[1]);
    kernels.threefry2x32_u32(at0, at1, tiles, workspace);
    x0.set(arena.u32(at0, x0.length));
    x1.set(arena.u32(at1, x1.length));
  });
}

/** The two words of the hash of one pair. */
export function hashPair(pair: Key, key: Key): Key {
  const x0 = Uint32Array.of(pair[0]);
  const x1 = Uint32Array.of(pair[1]);
  hashPairs(x0, x1, key);
  return [x0[0] ?? 0, x1[0] ?? 0];
}

/**
 * Words of the older layout: the counters 0 .. size - 1 are hashed as pairs (i, half + i), where an odd size has its
 * last partner 0, and the first words of all pairs come before the second words. The workspace holds the key's state.
 */
function splitWords(pointer: number, tiles: number, first: number, { size }: ThreefryBits): void {
  const { arena, kernels, workspace } = getStreams();
  const half = Math.ceil(size / 2);
  const length = tiles * TILE;
  arena.scope((alloc) => {
    const partners = alloc(length * 4);
    const x0 = arena.u32(pointer, length);
    const x1 = arena.u32(partners, length);
    for (let k = 0; k < length; k++) {
      const i = first * TILE + k;
      const pair = i < half ? i : i - half;
      x0[k] = pair;
      x1[k] = half + pair < size ? half + pair : 0;
    }
    kernels.threefry2x32_u32(pointer, partners, tiles, workspace);
    for (let k = 0; k < length; k++) if (first * TILE + k >= half) x0[k] = x1[k] ?? 0;
  });
}

function expectOlderSize({ size }: ThreefryBits): void {
  if (size >= TWO_32) throw new RangeError(`shape: expected fewer than 2^32 elements in the older layout, got ${size}`);
}

/** How the words of counters become values: in one kernel with the generator, and from words that are in place. */
interface WordMap {
  fromCounters(pointer: number, tiles: number, workspace: number, high: number, low: number): void;
  fromWords(pointer: number, tiles: number, workspace: number): void;
}

function fill(out: Float32Array, offset: number, bits: ThreefryBits, map: WordMap): void {
  if (!bits.partitionable) expectOlderSize(bits);
  const { kernels, workspace } = getStreams();
  fillTiles(out, offset, (pointer, tiles, first) => {
    kernels.threefry_seed(workspace, bits.key[0], bits.key[1]);
    if (bits.partitionable) {
      const counter = first * TILE;
      map.fromCounters(pointer, tiles, workspace, Math.floor(counter / TWO_32), counter % TWO_32);
    } else {
      splitWords(pointer, tiles, first, bits);
      map.fromWords(pointer, tiles, workspace);
    }
  });
}

/** Fills `out` with random words, the elements from `offset` on. */
export function fillWords(out: Uint32Array<ArrayBuffer>, offset: number, bits: ThreefryBits): void {
  const { kernels } = getStreams();
  fill(new Float32Array(out.buffer, out.byteOffset, out.length), offset, bits, {
    fromCounters: (...counter) => kernels.threefry_bits_u32(...counter),
    fromWords: () => {},
  });
}

/** A float32 as XLA's CPU backend computes it: subnormals are zeros of their sign. */
function flushed(value: number): number {
  return flushSubnormal("float32", Math.fround(value));
}

/** Below this factor a product with a standard value may be subnormal: the least such value is above 2^-60. */
const SMALL = 2 ** -60;

/** Fills `out` with max(low, fma(r, range, low)), r uniform on [0, 1), low and range = high - low rounded to f32. */
export function fillUniform(
  out: Float32Array,
  offset: number,
  bits: ThreefryBits,
  minval: number,
  maxval: number,
): void {
  const { kernels } = getStreams();
  const low = flushed(minval);
  const range = flushed(flushed(maxval) - low);
  if (Math.abs(range) < SMALL) {
    fillUniform(out, offset, bits, 0, 1);
    for (let i = 0; i < out.length; i++) out[i] = Math.max(low, flushed((out[i] ?? 0) * range + low));
    return;
  }
  fill(out, offset, bits, {
    fromCounters: (...counter) => kernels.threefry_uniform_f32(...counter, range, low),
    fromWords: (pointer, tiles) => kernels.words_to_uniform_f32(pointer, tiles, range, low),
  });
}

/** The low end and range of u, and the clip, of a normal that is not cut. */
const UNCUT = [nextAfter(-1, Number.POSITIVE_INFINITY), 2, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;

/**
 * Calls `fillBy` with scale and shift, or with 1 and -0 where a product could be subnormal, and scales then in the steps in
 * which XLA flushes.
 */
function fillScaled(
  out: Float32Array,
  mean: number,
  stddev: number,
  fillBy: (scale: number, shift: number) => void,
): void {
  const [scale, shift] = [flushed(stddev), flushed(mean)];
  if (!(Math.abs(scale) < SMALL)) {
    fillBy(scale, shift);
    return;
  }
  fillBy(1, -0);
  for (let i = 0; i < out.length; i++) out[i] = flushed(flushed((out[i] ?? 0) * scale) + shift);
}

/** Fills `out` with z * stddev + mean, z standard normal, two roundings; a mean of -0 adds nothing, not even a sign. */
export function fillNormal(out: Float32Array, offset: number, bits: ThreefryBits, mean: number, stddev: number): void {
  const { kernels } = getStreams();
  fillScaled(out, mean, stddev, (scale, shift) =>
    fill(out, offset, bits, {
      fromCounters: (...counter) => kernels.threefry_normal_f32(...counter, scale, shift),
      fromWords: (pointer, tiles, workspace) =>
        kernels.words_to_truncated_normal_f32(pointer, tiles, ...UNCUT, scale, shift, workspace),
    }),
  );
}

/** Where a standard normal is cut: the bounds, and what the kernel needs of them. */
export interface Cut {
  readonly low: number;
  readonly range: number;
  readonly clipLow: number;
  readonly clipHigh: number;
}

/** As `fillNormal`, with z between the bounds of `cut`. */
export function fillTruncatedNormal(
  out: Float32Array,
  offset: number,
  bits: ThreefryBits,
  cut: Cut,
  mean: number,
  stddev: number,
): void {
  const { kernels } = getStreams();
  fillScaled(out, mean, stddev, (scale, shift) => {
    const parameters = [cut.low, cut.range, cut.clipLow, cut.clipHigh, scale, shift] as const;
    fill(out, offset, bits, {
      fromCounters: (...counter) => kernels.threefry_truncated_normal_f32(...counter, ...parameters),
      fromWords: (pointer, tiles, workspace) =>
        kernels.words_to_truncated_normal_f32(pointer, tiles, ...parameters, workspace),
    });
  });
}

/** The cut of a standard normal to [lower, upper]: u is uniform between erf(lower / sqrt 2) and erf(upper / sqrt 2). */
export function cutNormal(lower: number, upper: number): Cut {
  const low = erf(Math.fround(Math.fround(lower) * SQRT_HALF));
  const high = erf(Math.fround(Math.fround(upper) * SQRT_HALF));
  return {
    low,
    range: Math.fround(high - low),
    clipLow: nextAfter(lower, Number.POSITIVE_INFINITY),
    clipHigh: nextAfter(upper, Number.NEGATIVE_INFINITY),
  };
}

/** Row i of `jax.random.split(key, num)`. */
export function splitKey(key: Key, num: number, isPartitionable: boolean): Key[] {
  if (isPartitionable) {
    const x0 = new Uint32Array(num);
    const x1 = Uint32Array.from({ length: num }, (_, i) => i);
    hashPairs(x0, x1, key);
    return Array.from({ length: num }, (_, i) => [x0[i] ?? 0, x1[i] ?? 0]);
  }
  const words = new Uint32Array(2 * num);
  fillWords(words, 0, { key, size: 2 * num, partitionable: false });
  return Array.from({ length: num }, (_, i) => [words[2 * i] ?? 0, words[2 * i + 1] ?? 0]);
}

const INT32_LOW = -(2 ** 31);
const INT32_HIGH = 2 ** 31 - 1;

/** XLA's remainder of uint32: by 0 it is the dividend. */
function remainder(a: number, b: number): number {
  return b === 0 ? a : a % b;
}

/**
 * `size` integers of [minval, maxval) as `jax.random.randint` draws int32: two words each, so that the bias of the
 * remainder is below 2^-32. Bounds beyond int32 are cut to it; maxval <= minval gives minval.
 */
export function drawIntegers(
  key: Key,
  size: number,
  minval: number,
  maxval: number,
  isPartitionable: boolean,
): Int32Array<ArrayBuffer> {
  const [first, second] = splitKey(key, 2, isPartitionable) as [Key, Key];
  const high = new Uint32Array(size);
  const low = new Uint32Array(size);
  fillWords(high, 0, { key: first, size, partitionable: isPartitionable });
  fillWords(low, 0, { key: second, size, partitionable: isPartitionable });
  const from = Math.min(INT32_HIGH, Math.max(INT32_LOW, minval));
  const to = Math.min(INT32_HIGH, Math.max(INT32_LOW, maxval));
  const inclusive = maxval > INT32_HIGH && to > from ? 1 : 0;
  const span = to <= from ? 1 : (to - from + inclusive) % TWO_32;
  const square = remainder(65536, span);
  const multiplier = remainder(Math.imul(square, square) >>> 0, span);
  return Int32Array.from(low, (lowWord, i) => {
    const offset = Math.imul(remainder(high[i] ?? 0, span), multiplier) + remainder(lowWord, span);
    return from + remainder(offset >>> 0, span);
  });
}
