// Reference implementations of the Threefry kernels: one pair, one value at a time, in plain integers and Math.fround.

import { bitsOf, f32, floatOf, fma } from "./floats.ts";

function rotate(x: number, bits: number): number {
  return ((x << bits) | (x >>> (32 - bits))) >>> 0;
}

const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
];

/** Threefry2x32-20 of one pair. */
export function threefryPair([x = 0, y = 0]: readonly number[], [k0 = 0, k1 = 0]: readonly number[]): number[] {
  const keys = [k0, k1, (k0 ^ k1 ^ 0x1bd11bda) >>> 0];
  let a = (x + k0) >>> 0;
  let b = (y + k1) >>> 0;
  for (let i = 0; i < 5; i++) {
    for (const bits of rotations[i % 2] ?? []) {
      a = (a + b) >>> 0;
      b = (rotate(b, bits) ^ a) >>> 0;
    }
    a = (a + (keys[(i + 1) % 3] ?? 0)) >>> 0;
    b = (b + (keys[(i + 2) % 3] ?? 0) + i + 1) >>> 0;
  }
  return [a, b];
}

/** The key in a state of `threefry_seed`: each word stands there four times. */
function readKey(state: Uint8Array): number[] {
  const words = new Uint32Array(state.buffer, state.byteOffset, 8);
  return [words[0] as number, words[4] as number];
}

export function threefry_seed(state: Uint8Array, key0: number, key1: number): undefined {
  const words = new Uint32Array(state.buffer, state.byteOffset, 48);
  const keys = [key0, key1, key0 ^ key1 ^ 0x1bd11bda];
  const injections = Array.from({ length: 5 }, (_, group) => [
    keys[(group + 1) % 3] as number,
    (keys[(group + 2) % 3] as number) + group + 1,
  ]);
  [key0, key1, ...injections.flat()].forEach((word, i) => {
    words.fill(word, 4 * i, 4 * i + 4);
  });
}

export function threefry2x32_u32(x0: Uint32Array, x1: Uint32Array, tiles: number, state: Uint8Array): undefined {
  const key = readKey(state);
  for (let i = 0; i < 16 * tiles; i++) {
    const [a = 0, b = 0] = threefryPair([x0[i] ?? 0, x1[i] ?? 0], key);
    x0[i] = a;
    x1[i] = b;
  }
}

function bits(high: number, low: number, key: readonly number[]): number {
  const [a = 0, b = 0] = threefryPair([high, low], key);
  return (a ^ b) >>> 0;
}

export function threefry_bits_u32(
  out: Uint32Array,
  tiles: number,
  state: Uint8Array,
  high: number,
  low: number,
): undefined {
  const key = readKey(state);
  for (let i = 0; i < 16 * tiles; i++) out[i] = bits(high, low + i, key);
}

function chain(x: number, coefficients: string): number {
  const [first = 0, ...rest] = coefficients.split(" ").map((hex) => floatOf(Number.parseInt(hex, 16)));
  return rest.reduce((sum, coefficient) => fma(sum, x, coefficient), first);
}

/** XLA's log1p on (-1, 0]. */
function log1p(t: number): number {
  if (Math.abs(t) < floatOf(0x3ed413cd)) {
    const n = chain(t, "383de04b 3eff40c5 40d284fa 41ef4b9c 4273cc76 426473ad 41a05101");
    const d = chain(t, "3f800000 417101ad 42a6185b 435dc32d 439a8ca3 43586d8a 42707982");
    const t2 = f32(t * t);
    const q = f32(f32(t * t2) * f32(n / d));
    return f32(t + fma(-0.5, t2, q));
  }
  const s = Math.max(f32(t + 1), floatOf(0x00800000));
  let e = (bitsOf(s) >>> 23) - 126;
  const m = floatOf((bitsOf(s) & 0x807fffff) | 0x3f000000);
  let x = f32(m - 1);
  if (m < floatOf(0x3f3504f3)) {
    e -= 1;
    x = f32(x + m);
  }
  const x2 = f32(x * x);
  const x3 = f32(x2 * x);
  let y = chain(x, "3d9021bb bdebd1b8 3def251a");
  y = fma(y, x3, chain(x, "bdfe5d4f 3e11e9bf be2aae50"));
  y = fma(y, x3, chain(x, "3e4cceac be7ffffc 3eaaaaaa"));
  const sum = fma(x3, y, f32(e * floatOf(0xb95e8083)));
  return fma(e, floatOf(0x3f318000), f32(fma(-0.5, x2, x) + sum));
}

/** XLA's erf_inv. */
export function erfInv(u: number): number {
  const l = Math.abs(u) === 1 ? Number.NEGATIVE_INFINITY : log1p(f32(u * -u));
  if (l === Number.NEGATIVE_INFINITY) return u * Number.POSITIVE_INFINITY;
  const p =
    l > -5
      ? chain(f32(-2.5 - l), "32f16588 34b84b36 b66c7357 b6935ac1 396532db baa45408 bb88e4ef 3e7c8f63 3fc02e2f")
      : chain(
          f32(f32(Math.sqrt(-l)) - 3),
          "b951f09b 38d3b56b 3ab0dc72 bb70bde7 3bbc127b bbf9c5d7 3c1aa57e 3f8036db 40354f7e",
        );
  return f32(u * p);
}

export function erf_inv_f32(at: Float32Array, tiles: number): undefined {
  for (let i = 0; i < 16 * tiles; i++) at[i] = erfInv(at[i] ?? 0);
}

function uniform(x: number, range: number, low: number): number {
  const r = f32(floatOf((x >>> 9) | 0x3f800000) - 1);
  return Math.max(low, fma(r, range, low));
}

/** A word to a value, given the parameters, already rounded to f32. */
type Map = (x: number, parameters: readonly number[]) => number;

const toUniform: Map = (x, [range = 0, low = 0]) => uniform(x, range, low);

const toTruncated: Map = (x, [low = 0, range = 0, clipLow = 0, clipHigh = 0, stddev = 0, mean = 0]) => {
  const z = f32(erfInv(uniform(x, range, low)) * floatOf(0x3fb504f3));
  return f32(f32(Math.min(clipHigh, Math.max(clipLow, z)) * stddev) + mean);
};

const toNormal: Map = (x, parameters) =>
  toTruncated(x, [floatOf(0xbf7fffff), 2, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, ...parameters]);

function fromWords(map: Map) {
  return (at: Float32Array, tiles: number, ...parameters: (number | Uint8Array)[]): undefined => {
    const words = new Uint32Array(at.buffer, at.byteOffset, at.length);
    const rounded = parameters.map((value) => f32(value as number));
    for (let i = 0; i < 16 * tiles; i++) at[i] = map(words[i] ?? 0, rounded);
  };
}

function fromCounters(map: Map) {
  return (
    out: Float32Array,
    tiles: number,
    state: Uint8Array,
    high: number,
    first: number,
    ...parameters: number[]
  ): undefined => {
    const key = readKey(state);
    for (let i = 0; i < 16 * tiles; i++) out[i] = map(bits(high, first + i, key), parameters.map(f32));
  };
}

export const words_to_uniform_f32 = fromWords(toUniform);
export const words_to_truncated_normal_f32 = fromWords(toTruncated);
export const threefry_uniform_f32 = fromCounters(toUniform);
export const threefry_normal_f32 = fromCounters(toNormal);
export const threefry_truncated_normal_f32 = fromCounters(toTruncated);
