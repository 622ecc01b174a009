// sin and cos on four floats: reduction to [-pi/4, pi/4] in f64, the polynomials of sincos-f64x2.ts, one rounding at the end.
// Source: Cody and Waite 1980 up to 2^20; Payne and Hanek 1983 beyond, with 96 bits of 2/pi for each exponent.
//
// ULP: sin 0.57, cos 0.57
//
// x = n pi/2 + r. Beyond 2^20, x = M 2^E with a 24-bit M, and of M 2^E (2/pi) mod 4 only the bits of 2/pi from place E - 1
// on matter:
//   0 . b1 .. b(E-2) | b(E-1) ...  95 more | ...
//       multiples of 4   P (96 bits)         below 2^-70
// The upper 64 bits of M P mod 2^96 are two bits of n and 62 of the fraction.

import { demote, promoteHigh, promoteLow } from "./lanes";
import { HALF_PI_HIGH, HALF_PI_LOW } from "./sincos-f64";
import { cosReduced, sinReduced } from "./sincos-f64x2";

const TWO_OVER_PI: f64 = reinterpret<f64>(0x3fe45f306dc9c883);
const HALF_PI_62: f64 = reinterpret<f64>(0x3c1921fb54442d18); // pi/2 * 2^-62
const LARGE: f32 = 1048576;

/** 32 zero bits, then the first 224 bits of 2/pi. */
const BITS: usize = memory.data<u32>([
  0, 0xa2f9836e, 0x4e441529, 0xfc2757d1, 0xf534ddc0, 0xdb629599, 0x3c439041, 0xfe5163ab,
]);

/** 32 bits of 2/pi from bit `shift` of the word at `at` on. */
function bits(at: usize, shift: u64): u64 {
  return ((((<u64>load<u32>(at)) << 32) | <u64>load<u32>(at, 4)) << shift) >> 32;
}

/** The upper 64 bits of |x| (2/pi) mod 4, as a fixed-point number with 62 binary places, for |x| >= 2^20, finite. */
function quarterTurns(x: u32): u64 {
  const mantissa = <u64>((x & 0x7fffff) | 0x800000);
  const place = ((x >> 23) & 255) - 120; // E + 30
  const at = BITS + ((place >> 5) << 2);
  const shift = <u64>(place & 31);
  const low = mantissa * bits(at + 8, shift);
  return ((mantissa * bits(at, shift)) << 32) + mantissa * bits(at + 4, shift) + (low >> 32);
}

/** What of |x| remains after its quarter turns, for |x| >= 2^20; NaN for Inf and NaN. */
function remainderLarge(x: u32): f64 {
  if ((x & 0x7f800000) == 0x7f800000) return NaN;
  const turns = quarterTurns(x);
  const r = <f64>(<i64>(turns - (((turns + (1 << 61)) >> 62) << 62))) * HALF_PI_62;
  return x >>> 31 ? -r : r;
}

/** The number of quarter turns in x, modulo 4, for |x| >= 2^20. */
function quadrantLarge(x: u32): i32 {
  const n = <i32>((quarterTurns(x) + (1 << 61)) >> 62);
  return x >>> 31 ? -n : n;
}

/** Two floats (lanes 0 and 1) as f64x2, less their quarter turns n. */
function reduceSmall(x: v128, n: v128): v128 {
  const r = f64x2.sub(x, f64x2.mul(n, f64x2.splat(HALF_PI_HIGH)));
  return f64x2.sub(r, f64x2.mul(n, f64x2.splat(HALF_PI_LOW)));
}

/** `small`, but the remainder by Payne and Hanek in the lanes (`bits0`, `bits1`) that are large. */
function patchRemainder(small: v128, bits0: u32, bits1: u32): v128 {
  let r = small;
  if ((bits0 & 0x7fffffff) >= 0x49800000) r = f64x2.replace_lane(r, 0, remainderLarge(bits0));
  if ((bits1 & 0x7fffffff) >= 0x49800000) r = f64x2.replace_lane(r, 1, remainderLarge(bits1));
  return r;
}

/** `small`, but the quadrant by Payne and Hanek in lane `lane`, if it is large. */
function patchQuadrants(small: v128, x: v128): v128 {
  let n = small;
  const x0 = i32x4.extract_lane(x, 0);
  const x1 = i32x4.extract_lane(x, 1);
  const x2 = i32x4.extract_lane(x, 2);
  const x3 = i32x4.extract_lane(x, 3);
  if ((x0 & 0x7fffffff) >= 0x49800000) n = i32x4.replace_lane(n, 0, quadrantLarge(x0));
  if ((x1 & 0x7fffffff) >= 0x49800000) n = i32x4.replace_lane(n, 1, quadrantLarge(x1));
  if ((x2 & 0x7fffffff) >= 0x49800000) n = i32x4.replace_lane(n, 2, quadrantLarge(x2));
  if ((x3 & 0x7fffffff) >= 0x49800000) n = i32x4.replace_lane(n, 3, quadrantLarge(x3));
  return n;
}

/** sin(x + shift pi/2). */
function sinShifted(x: v128, shift: i32): v128 {
  const low = promoteLow(x);
  const high = promoteHigh(x);
  const nLow = f64x2.nearest(f64x2.mul(low, f64x2.splat(TWO_OVER_PI)));
  const nHigh = f64x2.nearest(f64x2.mul(high, f64x2.splat(TWO_OVER_PI)));
  let rLow = reduceSmall(low, nLow);
  let rHigh = reduceSmall(high, nHigh);
  const iLow = i32x4.trunc_sat_f64x2_s_zero(nLow);
  const iHigh = i32x4.trunc_sat_f64x2_s_zero(nHigh);
  let n = v128.shuffle<u64>(iLow, iHigh, 0, 2);
  if (!i32x4.all_true(f32x4.lt(f32x4.abs(x), f32x4.splat(LARGE)))) {
    rLow = patchRemainder(rLow, i32x4.extract_lane(x, 0), i32x4.extract_lane(x, 1));
    rHigh = patchRemainder(rHigh, i32x4.extract_lane(x, 2), i32x4.extract_lane(x, 3));
    n = patchQuadrants(n, x);
  }
  n = i32x4.add(n, i32x4.splat(shift));
  const s = demote(sinReduced(rLow), sinReduced(rHigh));
  const c = demote(cosReduced(rLow), cosReduced(rHigh));
  const odd = i32x4.ne(v128.and(n, i32x4.splat(1)), i32x4.splat(0));
  return v128.xor(v128.bitselect(c, s, odd), i32x4.shl(v128.and(n, i32x4.splat(2)), 30));
}

/** sin(x). */
export function sin(x: v128): v128 {
  return v128.bitselect(x, sinShifted(x, 0), f32x4.eq(x, f32x4.splat(0)));
}

/** cos(x). */
export function cos(x: v128): v128 {
  return sinShifted(x, 1);
}
