// log on four floats: x = 2^e m with m in [sqrt(1/2), sqrt(2)), and a polynomial in m - 1.
// Source: Cephes logf.
//
// ULP: log 0.8

import { LN2_HIGH, LN2_LOW, P0, P1, P2, P3, P4, P5, P6, P7, P8 } from "./cephes-log-constants";
import { horner } from "./lanes";

const SQRT_HALF_BITS: u32 = 0x3f3504f3;
const SMALLEST_NORMAL: f32 = 1.17549435e-38;

/** e ln2 + log(1 + f), for integers e and 1 + f in [sqrt(1/2), sqrt(2)]. */
export function logReduced(f: v128, e: v128): v128 {
  let p = f32x4.splat(P0);
  p = horner(p, f, P1);
  p = horner(p, f, P2);
  p = horner(p, f, P3);
  p = horner(p, f, P4);
  p = horner(p, f, P5);
  p = horner(p, f, P6);
  p = horner(p, f, P7);
  p = horner(p, f, P8);
  const z = f32x4.mul(f, f);
  let y = f32x4.mul(f32x4.mul(p, f), z);
  y = f32x4.add(y, f32x4.mul(e, f32x4.splat(LN2_LOW)));
  y = f32x4.sub(y, f32x4.mul(z, f32x4.splat(0.5)));
  return f32x4.add(f32x4.add(f, y), f32x4.mul(e, f32x4.splat(LN2_HIGH)));
}

/** The integers e for which 2^-e `x` is in [sqrt(1/2), sqrt(2)), for positive normal x. */
export function exponentOf(x: v128): v128 {
  return i32x4.shr_s(i32x4.sub(x, i32x4.splat(SQRT_HALF_BITS)), 23);
}

/** `y` = log(u), but -Inf at 0, NaN below, and `x` itself where it is Inf or NaN; u = 1 + x or u = x. */
export function logSpecial(y: v128, u: v128, x: v128): v128 {
  const zero = f32x4.splat(0);
  const finite = v128.bitselect(y, x, f32x4.lt(x, f32x4.splat(Infinity)));
  const positive = v128.bitselect(f32x4.splat(-Infinity), finite, f32x4.eq(u, zero));
  return v128.bitselect(f32x4.splat(NaN), positive, f32x4.lt(u, zero));
}

/** log(x). */
export function log(x: v128): v128 {
  const denormal = f32x4.lt(x, f32x4.splat(SMALLEST_NORMAL));
  const normal = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, denormal);
  const i = exponentOf(normal);
  const m = i32x4.sub(normal, i32x4.shl(i, 23));
  const e = f32x4.sub(f32x4.convert_i32x4_s(i), v128.and(denormal, f32x4.splat(23)));
  return logSpecial(logReduced(f32x4.sub(m, f32x4.splat(1)), e), x, x);
}
