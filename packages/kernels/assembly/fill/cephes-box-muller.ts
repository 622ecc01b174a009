// Box-Muller on blocks of sixteen, as PyTorch does it: cosine first, the two of a pair eight elements apart.
// Source: ATen/native/cpu/DistributionTemplates.h (normal_fill_AVX2), read in PyTorch 2.13.

import { cephesLog } from "../math/cephes-log-f32x4";
import { cephesCos, cephesSin, octants, withinOctant } from "../math/cephes-sincos-f32x4";
import { demote, fused, promoteHigh, promoteLow } from "../math/lanes";

const TWO_PI: f32 = reinterpret<f32>(0x40c90fdb);

/** Words to floats in [0, 1): the low 24 bits. */
export function unitFloats(words: v128): v128 {
  const low = v128.and(words, i32x4.splat(0xffffff));
  return f32x4.mul(f32x4.convert_i32x4_s(low), f32x4.splat(reinterpret<f32>(0x33800000)));
}

/** fma(z, stddev, mean). */
function scaled(z: v128, stddev: v128, mean: v128): v128 {
  return demote(fused(promoteLow(z), stddev, mean), fused(promoteHigh(z), stddev, mean));
}

/** Replaces the words at `at` and at `at` + 32 (four pairs) by normals; stddev and mean are f64x2. */
export function boxMullerLanes(at: usize, stddev: v128, mean: v128): void {
  // 1 - u is at least 2^-24, so the log needs no guard against zero.
  const u1 = f32x4.sub(f32x4.splat(1), unitFloats(v128.load(at)));
  const radius = f32x4.sqrt(f32x4.mul(f32x4.splat(-2), cephesLog(u1)));
  const angle = f32x4.mul(f32x4.splat(TWO_PI), unitFloats(v128.load(at, 32)));
  const j = octants(angle);
  const x = withinOctant(angle, j);
  const z = f32x4.mul(x, x);
  const s = cephesSin(x, z);
  const c = cephesCos(z);

  // Every second even octant swaps the two; bit 2 of j, and of ~(j - 2), is the sign.
  const four = i32x4.splat(4);
  const kept = i32x4.eq(v128.and(j, i32x4.splat(2)), i32x4.splat(0));
  const sinSign = i32x4.shl(v128.and(j, four), 29);
  const cosSign = i32x4.shl(v128.andnot(four, i32x4.sub(j, i32x4.splat(2))), 29);
  const sin = v128.xor(v128.bitselect(s, c, kept), sinSign);
  const cos = v128.xor(v128.bitselect(c, s, kept), cosSign);
  v128.store(at, scaled(f32x4.mul(radius, cos), stddev, mean));
  v128.store(at, scaled(f32x4.mul(radius, sin), stddev, mean), 32);
}

/** Replaces the sixteen words at `at` by sixteen normals. */
export function boxMullerBlock(at: usize, stddev: f32, mean: f32): void {
  const s = f64x2.splat(stddev);
  const m = f64x2.splat(mean);
  boxMullerLanes(at, s, m);
  boxMullerLanes(at + 16, s, m);
}
