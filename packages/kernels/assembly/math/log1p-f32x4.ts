// log1p on four floats: log of u = 1 + x, with the rounding error of the addition returned to the reduced argument.
// Source: the scheme of FreeBSD's s_log1p.c, on the polynomial of log-f32x4.ts.
//
// ULP: log1p 1.4

import { exponentOf, logReduced, logSpecial } from "./log-f32x4";

const SQRT_2: f32 = 1.41421356237309505;

/** log(1 + t) for t in [0, 1]. */
export function log1pUnit(t: v128): v128 {
  // 1 + t = 2^e (1 + x): for t above sqrt(2) - 1, e = 1 and x = (t - 1) / 2, both exact.
  const above = f32x4.gt(t, f32x4.splat(SQRT_2 - 1));
  const x = v128.bitselect(f32x4.mul(f32x4.sub(t, f32x4.splat(1)), f32x4.splat(0.5)), t, above);
  return logReduced(x, v128.and(above, f32x4.splat(1)));
}

/** log(1 + x) without cancellation near 0. */
export function log1p(x: v128): v128 {
  const one = f32x4.splat(1);
  const u = f32x4.add(x, one);
  const lost = v128.bitselect(f32x4.sub(x, f32x4.sub(u, one)), f32x4.sub(one, f32x4.sub(u, x)), f32x4.lt(x, one));
  const i = exponentOf(u);
  const m = i32x4.sub(u, i32x4.shl(i, 23));
  const scale = i32x4.shl(i32x4.max_s(i32x4.sub(i32x4.splat(127), i), i32x4.splat(0)), 23); // 2^-e, or 0 if that is denormal
  const f = f32x4.add(f32x4.sub(m, one), f32x4.mul(lost, scale));
  const y = logSpecial(logReduced(f, f32x4.convert_i32x4_s(i)), u, x);
  return v128.bitselect(x, y, f32x4.eq(x, f32x4.splat(0)));
}
