// x^y on four floats, as exp(y log |x|) in f64, rounded once, with the sign and the special cases of C's pow.
// Source: log m = 2 artanh((m - 1) / (m + 1)) and Taylor's series, both cut off where f64 has 1e-12 left.
//
// ULP: pow 0.501

import { hornerF64 } from "./lanes";

const SQRT_HALF_BITS: i64 = 0x3fe6a09e667f3bcd;
const LN2: f64 = 0.6931471805599453;
const LOG2_E: f64 = 1.4426950408889634;
const FARTHEST: f64 = 200; // e^200 overflows f32, e^-200 rounds to 0

/** log of two positive f64 that were normal or denormal f32, or 0 or Inf or NaN. */
function log(x: v128): v128 {
  const i = i64x2.shr_s(i64x2.sub(x, i64x2.splat(SQRT_HALF_BITS)), 52);
  const m = i64x2.sub(x, i64x2.shl(i, 52));
  const e = f64x2.convert_low_i32x4_s(v128.shuffle<u32>(i, i, 0, 2, 0, 2));
  const one = f64x2.splat(1);
  const s = f64x2.div(f64x2.sub(m, one), f64x2.add(m, one));
  const s2 = f64x2.mul(s, s);
  let p = f64x2.splat(2.0 / 15);
  p = hornerF64(p, s2, 2.0 / 13);
  p = hornerF64(p, s2, 2.0 / 11);
  p = hornerF64(p, s2, 2.0 / 9);
  p = hornerF64(p, s2, 2.0 / 7);
  p = hornerF64(p, s2, 2.0 / 5);
  p = hornerF64(p, s2, 2.0 / 3);
  p = hornerF64(p, s2, 2);
  const y = f64x2.add(f64x2.mul(s, p), f64x2.mul(e, f64x2.splat(LN2)));
  const finite = v128.bitselect(y, x, f64x2.lt(x, f64x2.splat(Infinity)));
  return v128.bitselect(f64x2.splat(-Infinity), finite, f64x2.eq(x, f64x2.splat(0)));
}

/** exp of two f64, to be rounded to f32. */
function exp(x: v128): v128 {
  const bounded = f64x2.pmax(f64x2.pmin(x, f64x2.splat(FARTHEST)), f64x2.splat(-FARTHEST));
  const n = f64x2.nearest(f64x2.mul(bounded, f64x2.splat(LOG2_E)));
  const r = f64x2.sub(bounded, f64x2.mul(n, f64x2.splat(LN2)));
  let p = f64x2.splat(1.0 / 362880);
  p = hornerF64(p, r, 1.0 / 40320);
  p = hornerF64(p, r, 1.0 / 5040);
  p = hornerF64(p, r, 1.0 / 720);
  p = hornerF64(p, r, 1.0 / 120);
  p = hornerF64(p, r, 1.0 / 24);
  p = hornerF64(p, r, 1.0 / 6);
  p = hornerF64(p, r, 0.5);
  p = hornerF64(p, r, 1);
  p = hornerF64(p, r, 1);
  const exponent = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(n));
  return f64x2.mul(p, i64x2.shl(i64x2.add(exponent, i64x2.splat(1023)), 52));
}

/** The power of two of the lanes, as floats in lanes 0 and 1. */
function powLow(magnitude: v128, y: v128): v128 {
  const t = f64x2.mul(f64x2.promote_low_f32x4(y), log(f64x2.promote_low_f32x4(magnitude)));
  return f32x4.demote_f64x2_zero(exp(t));
}

/** x^y; NaN for a negative x and a y that is no integer; 1 for y = 0, for x = 1 and for -1 to an infinite power. */
export function pow(x: v128, y: v128): v128 {
  const magnitude = f32x4.abs(x);
  const low = powLow(magnitude, y);
  const high = powLow(v128.shuffle<u64>(magnitude, magnitude, 1, 1), v128.shuffle<u64>(y, y, 1, 1));
  const power = v128.shuffle<u64>(low, high, 0, 2);
  const integer = f32x4.eq(f32x4.trunc(y), y);
  const half = f32x4.mul(y, f32x4.splat(0.5));
  const odd = v128.andnot(integer, f32x4.eq(f32x4.trunc(half), half));
  const signed = v128.or(power, v128.and(v128.and(x, odd), i32x4.splat(0x80000000)));
  const zero = f32x4.splat(0);
  // A finite negative base: -0 and -Inf have powers of every exponent.
  const negative = v128.and(f32x4.lt(x, zero), f32x4.gt(x, f32x4.splat(-Infinity)));
  const real = v128.bitselect(f32x4.splat(NaN), signed, v128.andnot(negative, integer));
  const one = f32x4.splat(1);
  const infinite = v128.and(f32x4.eq(magnitude, one), f32x4.eq(f32x4.abs(y), f32x4.splat(Infinity)));
  const unit = v128.or(v128.or(f32x4.eq(y, zero), f32x4.eq(x, one)), infinite);
  return v128.bitselect(one, real, unit);
}
