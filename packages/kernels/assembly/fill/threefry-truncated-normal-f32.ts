// Normal floats of JAX's streams between two bounds: one Threefry word each, by the inverse of the distribution function.
// Source: jax/_src/random/core.py (_truncated_normal): u uniform between erf of the bounds, sqrt(2) erf_inv(u), clipped.

import { erf_inv_f32 } from "../math/erf-inv-f32";
import { SCRATCH } from "../rng/threefry2x32";
import { threefry_bits_u32 } from "./threefry-u32";
import { words_to_uniform_f32 } from "./threefry-uniform-f32";

const SQRT2: f32 = reinterpret<f32>(0x3fb504f3);
const CACHED_TILES: u32 = 64; // four passes go over so many at a time: 4 KiB

/**
 * Replaces 16 * `tiles` random words by floats z * `stddev` + `mean`, z = sqrt(2) erf_inv(u) clipped to
 * [clipLow, clipHigh] and u = max(low, fma(r, range, low)), r in [0, 1) from the high 23 bits. `scratch` holds
 * stream_workspace() bytes.
 */
export function words_to_truncated_normal_f32(
  at: usize,
  tiles: u32,
  low: f32,
  range: f32,
  clipLow: f32,
  clipHigh: f32,
  stddev: f32,
  mean: f32,
  scratch: usize,
): void {
  words_to_uniform_f32(at, tiles, range, low);
  erf_inv_f32(at, tiles, scratch);
  const least = f32x4.splat(clipLow);
  const most = f32x4.splat(clipHigh);
  for (const end = at + (tiles << 6); at < end; at += 16) {
    const z = f32x4.mul(v128.load(at), f32x4.splat(SQRT2));
    const clipped = f32x4.pmax(f32x4.pmin(z, most), least);
    v128.store(at, f32x4.add(f32x4.mul(clipped, f32x4.splat(stddev)), f32x4.splat(mean)));
  }
}

/**
 * Fills `out` with 16 * `tiles` floats as `words_to_truncated_normal_f32` does; element i comes from the counter
 * (high, first + i). `first + 16 * tiles` does not pass 2^32. `workspace` holds stream_workspace() bytes, a state of
 * threefry_seed first.
 */
export function threefry_truncated_normal_f32(
  out: usize,
  tiles: u32,
  workspace: usize,
  high: u32,
  first: u32,
  low: f32,
  range: f32,
  clipLow: f32,
  clipHigh: f32,
  stddev: f32,
  mean: f32,
): void {
  const scratch = workspace + SCRATCH;
  while (tiles) {
    const count = min(tiles, CACHED_TILES);
    threefry_bits_u32(out, count, workspace, high, first);
    words_to_truncated_normal_f32(out, count, low, range, clipLow, clipHigh, stddev, mean, scratch);
    tiles -= count;
    out += count << 6;
    first += count << 4;
  }
}
