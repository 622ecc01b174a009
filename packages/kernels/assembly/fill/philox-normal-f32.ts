// Normal floats of the stream keras/tensorflow: two per pair of Philox words, by Box-Muller, sine first.
// Source: TensorFlow 2.21 random_distributions.h (NormalDistribution<float>), stateless_random_ops.py (*, +).

import { philoxSetUp, philoxTiles, storeTransposed } from "../rng/philox4x32";
import { boxMullerLanes } from "./box-muller";

/** Three passes go over so many tiles at a time: 3 KiB. */
const BATCH_TILES: u32 = 48;

/** Turns the words of `tiles` tiles into their floats, in place. */
function finish(out: usize, tiles: u32, stddev: v128, mean: v128): void {
  boxMullerLanes(out, tiles << 1);
  for (const end = out + (tiles << 6); out < end; out += 64) {
    const z0 = f32x4.add(f32x4.mul(v128.load(out), stddev), mean);
    const z1 = f32x4.add(f32x4.mul(v128.load(out, 16), stddev), mean);
    const z2 = f32x4.add(f32x4.mul(v128.load(out, 32), stddev), mean);
    const z3 = f32x4.add(f32x4.mul(v128.load(out, 48), stddev), mean);
    storeTransposed(out, z0, z1, z2, z3);
  }
}

/**
 * Fills `out` with 16 * `tiles` floats z * `stddev` + `mean`; the elements 4 g .. 4 g + 3 come from counter
 * (c0 + g, c1, c2, c3). `c0 + 4 * tiles` does not pass 2^32.
 */
export function philox_normal_f32(
  out: usize,
  tiles: u32,
  c0: u32,
  c1: u32,
  c2: u32,
  c3: u32,
  key0: u32,
  key1: u32,
  stddev: f32,
  mean: f32,
): void {
  const s = f32x4.splat(stddev);
  const m = f32x4.splat(mean);
  philoxSetUp(c1, c2, c3, key0, key1);
  while (tiles) {
    const count = min(tiles, BATCH_TILES);
    philoxTiles(out, count, i32x4.add(i32x4.splat(c0), i32x4(0, 1, 2, 3)), 4);
    finish(out, count, s, m);
    tiles -= count;
    out += count << 6;
    c0 += count << 2;
  }
}
