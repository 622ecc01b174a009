// Box-Muller on four pairs of Philox words, bit for bit as TensorFlow does it with glibc's logf and sincosf.
// Source: xla/tsl/lib/random/random_distributions_utils.h (BoxMullerFloat), read in TensorFlow 2.21.

import { demote, promoteHigh, promoteLow } from "../math/lanes";
import { logF32x4 } from "../math/logf-f32x4";
import { cosReduced, quadrants, reduce, sinReduced } from "../math/sincos-f64x2";
import { unitInterval } from "./unit-interval";

const EPSILON: f32 = 1e-7; // keeps log away from 0
const TWO_PI: f64 = 6.283185307179586;

/**
 * Replaces words by normals, 32 bytes at a time, `fours` times: the words at `at` (x0 of four pairs) by f0 (sine), those
 * at `at` + 16 (x1) by f1 (cosine).
 */
export function boxMullerLanes(at: usize, fours: u32): void {
  for (const end = at + (fours << 5); at < end; at += 32) {
    const u1 = f32x4.pmax(unitInterval(v128.load(at)), f32x4.splat(EPSILON));
    const u = unitInterval(v128.load(at, 16));
    const radius = f32x4.sqrt(f32x4.mul(f32x4.splat(-2), logF32x4(u1)));

    // The angle is rounded to f32 before its sine is taken: TensorFlow passes it as a float.
    const twoPi = f64x2.splat(TWO_PI);
    const v = demote(f64x2.mul(promoteLow(u), twoPi), f64x2.mul(promoteHigh(u), twoPi));
    const low = promoteLow(v);
    const high = promoteHigh(v);
    const nLow = quadrants(low);
    const nHigh = quadrants(high);
    const xLow = reduce(low, nLow);
    const xHigh = reduce(high, nHigh);
    const s = demote(sinReduced(xLow), sinReduced(xHigh));
    const c = demote(cosReduced(xLow), cosReduced(xHigh));

    // Each quarter turn takes (sin, cos) to (cos, -sin); bit 1 of n or of n + 1 is the sign.
    const n = v128.shuffle<u32>(nLow, nHigh, 0, 2, 4, 6);
    const one = i32x4.splat(1);
    const sign = i32x4.splat(0x80000000);
    const swap = v128.and(v128.xor(s, c), i32x4.eq(v128.and(n, one), one));
    const sin = v128.xor(v128.xor(s, swap), v128.and(i32x4.shl(n, 30), sign));
    const cos = v128.xor(v128.xor(c, swap), v128.and(i32x4.shl(i32x4.add(n, one), 30), sign));
    v128.store(at, f32x4.mul(sin, radius));
    v128.store(at, f32x4.mul(cos, radius), 16);
  }
}
