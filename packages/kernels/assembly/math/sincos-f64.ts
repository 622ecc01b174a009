// sin and cos of a double in [0, 2 pi], carried beyond double and rounded once: within about half an ulp.
// Source: Taylor's series behind a reduction by pi/2 in two parts, the leading terms carried in two parts as well.
//
// A plain 1-ulp routine would differ from glibc's, and so from PyTorch's doubles, in every tenth value. Within 2^-30 of
// a multiple of pi/2, which one angle in 10^9 is, the reduction has fewer bits than that.

import { productError } from "./lanes";

const TWO_OVER_PI: f64 = 0.6366197723675814;
export const HALF_PI_HIGH: f64 = reinterpret<f64>(0x3ff921fb54400000); // 33 bits: up to four times it is exact
export const HALF_PI_LOW: f64 = reinterpret<f64>(0x3dd0b4611a626331);
const SIXTH_LOW: f64 = 9.25185853854297e-18; // 1/6 less its double
const TWENTY_FOURTH_LOW: f64 = 2.3129646346357427e-18; // 1/24 less its double

/** sin(x + tail) for |x| <= pi/4. */
function sinReduced(x: f64, tail: f64): f64 {
  const z = x * x;
  const zError = productError(x, x, z);
  let q: f64 = 1.0 / 355687428096000.0; // 1 / 17!
  q = q * z - 1.0 / 1307674368000.0;
  q = q * z + 1.0 / 6227020800.0;
  q = q * z - 1.0 / 39916800.0;
  q = q * z + 1.0 / 362880.0;
  q = q * z - 1.0 / 5040.0;
  q = (q * z + 1.0 / 120.0) * z;
  const p = q - 1.0 / 6.0; // the cubic term is the one whose rounding would show: in two parts from here
  const pError = -1.0 / 6.0 - p + q - SIXTH_LOW;
  const w = z * p;
  const wError = productError(z, p, w) + (zError * p + z * pError);
  const t = x * w;
  const tError = productError(x, w, t) + x * wError;
  const s = x + t;
  return s + (x - s + t + (tError + tail * (1 - z * (0.5 - z / 24))));
}

/** cos(x + tail) for |x| <= pi/4. */
function cosReduced(x: f64, tail: f64): f64 {
  const z = x * x;
  const zError = productError(x, x, z);
  let q: f64 = -1.0 / 6402373705728000.0; // -1 / 18!
  q = q * z + 1.0 / 20922789888000.0;
  q = q * z - 1.0 / 87178291200.0;
  q = q * z + 1.0 / 479001600.0;
  q = q * z - 1.0 / 3628800.0;
  q = q * z + 1.0 / 40320.0;
  q = (q * z - 1.0 / 720.0) * z;
  const p = q + 1.0 / 24.0;
  const pError = 1.0 / 24.0 - p + q + TWENTY_FOURTH_LOW;
  const w = z * p;
  const wError = productError(z, p, w) + (zError * p + z * pError);
  const t = z * w;
  const tError = productError(z, w, t) + (zError * w + z * wError);
  const half = 0.5 * z;
  const c = 1 - half;
  const s = c + t;
  const lost = c - s + t + (1 - c - half);
  return s + (lost + (tError - 0.5 * zError - x * tail * (1 - z / 6)));
}

/** sin(angle + quarters pi/2): sine for 0 quarters, cosine for 1. */
export function sinQuarter(angle: f64, quarters: i32): f64 {
  const n = nearest(angle * TWO_OVER_PI);
  const r = angle - n * HALF_PI_HIGH;
  const w = n * HALF_PI_LOW;
  const x = r - w;
  const tail = r - x - w;
  const quadrant = (<i32>n + quarters) & 3;
  const value = quadrant & 1 ? cosReduced(x, tail) : sinReduced(x, tail);
  return quadrant & 2 ? -value : value;
}
