// Normal floats of the stream keras/tensorflow: two per pair of Philox words, by Box-Muller, sine first.
// Source: TensorFlow 2.21 random_distributions.h (NormalDistribution<float>), stateless_random_ops.py (*, +).

import { philoxLanes, philoxLanesThrice, philoxSetUp, storeTransposed } from "../rng/philox4x32";
import { boxMullerLanes } from "./box-muller";

/** Turns the words of one tile into its floats, in place. */
function finish(out: usize, stddev: v128, mean: v128): void {
  boxMullerLanes(out);
  boxMullerLanes(out + 32);
  const z0 = f32x4.add(f32x4.mul(v128.load(out), stddev), mean);
  const z1 = f32x4.add(f32x4.mul(v128.load(out, 16), stddev), mean);
  const z2 = f32x4.add(f32x4.mul(v128.load(out, 32), stddev), mean);
  const z3 = f32x4.add(f32x4.mul(v128.load(out, 48), stddev), mean);
  storeTransposed(out, z0, z1, z2, z3);
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
  let a = i32x4.add(i32x4.splat(c0), i32x4(0, 1, 2, 3));
  let t: u32 = 0;
  for (; t + 3 <= tiles; t += 3, out += 192, a = i32x4.add(a, i32x4.splat(12))) {
    philoxLanesThrice(out, a, i32x4.add(a, i32x4.splat(4)), i32x4.add(a, i32x4.splat(8)));
    finish(out, s, m);
    finish(out + 64, s, m);
    finish(out + 128, s, m);
  }
  for (; t < tiles; t++, out += 64, a = i32x4.add(a, i32x4.splat(4))) {
    philoxLanes(out, a);
    finish(out, s, m);
  }
}
