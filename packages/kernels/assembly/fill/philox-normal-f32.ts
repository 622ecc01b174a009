// Normal floats of the stream keras/tensorflow: two per pair of Philox words, by Box-Muller, sine first.
// Source: TensorFlow 2.21 random_distributions.h (NormalDistribution<float>), stateless_random_ops.py (*, +).

import { storeTransposed } from "../math/lanes";
import { countersFrom } from "../rng/philox4x32";
import { boxMullerLanes } from "./box-muller";
import { philoxTiles } from "./philox-u32";
import { scaled } from "./unit-interval";

/** Three passes go over so many tiles at a time: 3 KiB. */
const BATCH_TILES: u32 = 48;

/** Turns the words of `tiles` tiles into their floats, in place. */
function finish(out: usize, tiles: u32, stddev: v128, mean: v128): void {
  boxMullerLanes(out, tiles << 1);
  for (const end = out + (tiles << 6); out < end; out += 64) {
    const z0 = scaled(v128.load(out), stddev, mean);
    const z1 = scaled(v128.load(out, 16), stddev, mean);
    const z2 = scaled(v128.load(out, 32), stddev, mean);
    const z3 = scaled(v128.load(out, 48), stddev, mean);
    storeTransposed(out, 16, z0, z1, z2, z3);
  }
}

/**
 * Fills `out` with 16 * `tiles` floats z * `stddev` + `mean`; the elements 4 g .. 4 g + 3 come from counter
 * (c0 + g, c1, c2, c3). `c0 + 4 * tiles` does not pass 2^32; `state` is from philox_seed.
 */
export function philox_normal_f32(out: usize, tiles: u32, state: usize, c0: u32, stddev: f32, mean: f32): void {
  const s = f32x4.splat(stddev);
  const m = f32x4.splat(mean);
  while (tiles) {
    const count = min(tiles, BATCH_TILES);
    philoxTiles(out, count, state, countersFrom(c0), 4);
    finish(out, count, s, m);
    tiles -= count;
    out += count << 6;
    c0 += count << 2;
  }
}
