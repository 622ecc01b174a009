// exp and expm1 on four floats, by x = n ln2 + r with |r| <= ln2 / 2 and a polynomial in r.
// Source: Cephes expf (coefficients as in avx_mathfun.h, zlib licence).
//
// ULP: exp 1.0, expm1 1.6

import { LN2_HIGH, LN2_LOW } from "./cephes-log-constants";
import { horner } from "./lanes";

const LOG2_E: f32 = 1.44269504;
const P0: f32 = 1.98756915e-4; // exp(r) = 1 + r + r^2 P(r)
const P1: f32 = 1.3981999507e-3;
const P2: f32 = 8.3334519073e-3;
const P3: f32 = 4.1665795894e-2;
const P4: f32 = 1.6666665459e-1;
const P5: f32 = 5.0000001201e-1;
const HIGHEST: f32 = 89; // exp is Inf from 88.7229 on
const LOWEST: f32 = -104; // exp is 0 below -103.98

/** n, the integer nearest to x / ln2, for x within [LOWEST, HIGHEST]. */
function exponent(x: v128): v128 {
  return f32x4.nearest(f32x4.mul(x, f32x4.splat(LOG2_E)));
}

/** expm1 of r = x - n ln2. */
function expm1Reduced(x: v128, n: v128): v128 {
  let r = f32x4.sub(x, f32x4.mul(n, f32x4.splat(LN2_HIGH)));
  r = f32x4.sub(r, f32x4.mul(n, f32x4.splat(LN2_LOW)));
  let p = f32x4.splat(P0);
  p = horner(p, r, P1);
  p = horner(p, r, P2);
  p = horner(p, r, P3);
  p = horner(p, r, P4);
  p = horner(p, r, P5);
  return f32x4.add(f32x4.mul(p, f32x4.mul(r, r)), r);
}

/** 2^n for integers n in [-126, 127]. */
function powerOfTwo(n: v128): v128 {
  return i32x4.shl(i32x4.add(n, i32x4.splat(127)), 23);
}

/** exp(x); NaN stays NaN. */
export function exp(x: v128): v128 {
  // pmin/pmax with x second keep a NaN.
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(HIGHEST)), f32x4.splat(LOWEST));
  const n = exponent(bounded);
  const y = f32x4.add(expm1Reduced(bounded, n), f32x4.splat(1));
  // 2^n in two factors, so that n = 128 and denormal results come out right.
  const i = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(i, 1);
  return f32x4.mul(f32x4.mul(y, powerOfTwo(half)), powerOfTwo(i32x4.sub(i, half)));
}

/** exp(x) - 1 without cancellation near 0. */
export function expm1(x: v128): v128 {
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(HIGHEST)), f32x4.splat(-20)); // -1 to the last bit below -17.3
  const n = exponent(bounded);
  const e = expm1Reduced(bounded, n);
  const i = i32x4.trunc_sat_f32x4_s(n);
  const half = i32x4.shr_s(i, 1);
  const a = powerOfTwo(half);
  const b = powerOfTwo(i32x4.sub(i, half));
  // 2^n e + (2^n - 1), both terms exact up to the last addition; for n = 128 the factors are applied one by one.
  const y = f32x4.add(f32x4.mul(a, e), f32x4.sub(a, f32x4.div(f32x4.splat(1), b)));
  return v128.bitselect(x, f32x4.mul(y, b), f32x4.eq(x, f32x4.splat(0)));
}
