// The upper tail of the standard normal distribution on four floats, with small relative error down to where it underflows.
// Source: exp(-t^2 / 2) u P(u) with u = 1 / (1 + 0.3 t); P is a Lawson fit of degree 9 on t in [0, 14.5], error 2.6e-8.

import { exp } from "./exp-f32x4";
import { horner } from "./lanes";

const FARTHEST: f32 = 14.5; // the tail is 0 from 14.3 on
const HIGH_HALF: u32 = 0xfffff000; // the upper 12 bits of a mantissa, whose square is exact
const P0: f32 = 0.11968669295310974;
const P1: f32 = 0.11957181245088577;
const P2: f32 = 0.11023545265197754;
const P3: f32 = 0.07838951796293259;
const P4: f32 = 0.09615719318389893;
const P5: f32 = -0.07942413538694382;
const P6: f32 = 0.19178526103496552;
const P7: f32 = -0.2282141149044037;
const P8: f32 = 0.11243581026792526;
const P9: f32 = -0.020623503252863884;

/** |x|, at most FARTHEST; a NaN stays NaN. */
function distance(x: v128): v128 {
  return f32x4.pmin(f32x4.abs(x), f32x4.splat(FARTHEST));
}

/** exp(-x^2 / 2), corrected for the rounding of the square. */
export function gaussian(x: v128): v128 {
  const t = distance(x);
  const high = v128.and(t, i32x4.splat(HIGH_HALF));
  const low = f32x4.sub(t, high);
  const square = f32x4.mul(t, t);
  let lost = f32x4.sub(f32x4.mul(high, high), square);
  lost = f32x4.add(lost, f32x4.mul(f32x4.add(high, high), low));
  lost = f32x4.add(lost, f32x4.mul(low, low));
  const e = exp(f32x4.mul(square, f32x4.splat(-0.5)));
  return f32x4.sub(e, f32x4.mul(e, f32x4.mul(lost, f32x4.splat(0.5))));
}

/** P(Z > |x|) / gaussian(x): Mills' ratio over sqrt(2 pi). */
export function tailRatio(x: v128): v128 {
  const one = f32x4.splat(1);
  const u = f32x4.div(one, f32x4.add(one, f32x4.mul(distance(x), f32x4.splat(0.3))));
  let p = f32x4.splat(P9);
  p = horner(p, u, P8);
  p = horner(p, u, P7);
  p = horner(p, u, P6);
  p = horner(p, u, P5);
  p = horner(p, u, P4);
  p = horner(p, u, P3);
  p = horner(p, u, P2);
  p = horner(p, u, P1);
  p = horner(p, u, P0);
  return f32x4.mul(u, p);
}
