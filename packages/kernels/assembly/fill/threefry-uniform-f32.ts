// Uniform floats of JAX's streams: one Threefry word each, high 23 bits, scaled by one fused multiply-add.
// Source: jax/_src/random/core.py (_uniform): max(low, fma(r, range, low)), which XLA compiles as one kernel.

import { demote } from "../math/lanes";
import { threefryTile } from "./threefry-u32";

const FRACTION: f64 = 1 / 8388608; // 2^-23: the word's high bits as a fraction r

/** max(low, fma(r, range, low)) of four words. */
function scaleWords(x: v128, range: f64, low: f32): v128 {
  // r * range = bits * (range * 2^-23), both exact in f64.
  const bits = i32x4.shr_u(x, 9);
  const scale = f64x2.splat(range * FRACTION);
  const shift = f64x2.splat(low);
  const u0 = f64x2.add(f64x2.mul(f64x2.convert_low_i32x4_s(bits), scale), shift);
  const u1 = f64x2.add(f64x2.mul(f64x2.convert_low_i32x4_s(v128.shuffle<u64>(bits, bits, 1, 1)), scale), shift);
  return f32x4.pmax(demote(u0, u1), f32x4.splat(low));
}

function scaleTile(at: usize, range: f64, low: f32): void {
  const u0 = scaleWords(v128.load(at), range, low);
  const u1 = scaleWords(v128.load(at, 16), range, low);
  const u2 = scaleWords(v128.load(at, 32), range, low);
  const u3 = scaleWords(v128.load(at, 48), range, low);
  v128.store(at, u0);
  v128.store(at, u1, 16);
  v128.store(at, u2, 32);
  v128.store(at, u3, 48);
}

/** Replaces 16 * `tiles` random words by floats max(low, fma(r, range, low)), r in [0, 1) from the high 23 bits. */
export function words_to_uniform_f32(at: usize, tiles: u32, range: f32, low: f32): void {
  for (let t: u32 = 0; t < tiles; t++, at += 64) scaleTile(at, range, low);
}

/**
 * Fills `out` with 16 * `tiles` floats max(low, fma(r, range, low)); element i comes from the counter (high, first + i).
 * `first + 16 * tiles` does not pass 2^32; `state` is from threefry_seed.
 */
export function threefry_uniform_f32(
  out: usize,
  tiles: u32,
  state: usize,
  high: u32,
  first: u32,
  range: f32,
  low: f32,
): void {
  for (let t: u32 = 0; t < tiles; t++, out += 64, first += 16) {
    threefryTile(out, state, high, first);
    scaleTile(out, range, low);
  }
}
