// erf on four floats: x P(x^2) / Q(x^2), clamped to 1 where erf rounds to it.
// Source: XLA's erf for f32 (openxla/xla, Apache-2.0), coefficients by bit pattern.
//
// ULP: erf 5.2

import { horner } from "./lanes";

const LIMIT: f32 = reinterpret<f32>(0x406f9c68); // 3.74
const P0: f32 = reinterpret<f32>(0x39702d51);
const P1: f32 = reinterpret<f32>(0x3b5f5da2);
const P2: f32 = reinterpret<f32>(0x3d50b6eb);
const P3: f32 = reinterpret<f32>(0x3e3da740);
const P4: f32 = reinterpret<f32>(0x3f906eba);
const Q0: f32 = reinterpret<f32>(0xb3fd3906);
const Q1: f32 = reinterpret<f32>(0x37c588df);
const Q2: f32 = reinterpret<f32>(0x3a856d28);
const Q3: f32 = reinterpret<f32>(0x3c6687d4);
const Q4: f32 = reinterpret<f32>(0x3de34c21);
const Q5: f32 = reinterpret<f32>(0x3efeb44a);

/** erf(x). */
export function erf(x: v128): v128 {
  const x2 = f32x4.mul(x, x);
  let p = f32x4.splat(P0);
  p = horner(p, x2, P1);
  p = horner(p, x2, P2);
  p = horner(p, x2, P3);
  p = horner(p, x2, P4);
  let q = f32x4.splat(Q0);
  q = horner(q, x2, Q1);
  q = horner(q, x2, Q2);
  q = horner(q, x2, Q3);
  q = horner(q, x2, Q4);
  q = horner(q, x2, Q5);
  q = horner(q, x2, 1);
  const sign = v128.and(x, i32x4.splat(0x80000000));
  const one = v128.or(sign, f32x4.splat(1));
  const beyond = f32x4.ge(f32x4.abs(x), f32x4.splat(LIMIT));
  return v128.bitselect(one, f32x4.div(f32x4.mul(x, p), q), beyond);
}
