// log of a positive double, its leading terms carried beyond double and rounded once: within 0.55 ulp.
// Source: log(m) = 2 artanh((m - 1) / (m + 1)), its series, the quotient carried in two parts.

import { productError } from "./lanes";

const SQRT_TWO: f64 = 1.4142135623730951;
const LN2_HIGH: f64 = reinterpret<f64>(0x3fe62e42fee00000); // 32 bits: its product with an exponent is exact
const LN2_LOW: f64 = reinterpret<f64>(0x3dea39ef35793c76);

/** log(x) for a positive, normal x; -Infinity for 0. */
export function logF64(x: f64): f64 {
  if (x == 0) return -Infinity;
  // x = 2^k m with m in [sqrt(1/2), sqrt(2)).
  const bits = reinterpret<u64>(x);
  let k = <i32>(bits >> 52) - 1023;
  let m = reinterpret<f64>((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
  if (m >= SQRT_TWO) {
    m *= 0.5;
    k++;
  }
  const a = m - 1; // exact
  const b = m + 1;
  const bError = m - (b - 1);
  const f = a / b;
  const product = f * b;
  const fError = (a - product - productError(f, b, product) - f * bError) / b;
  const z = f * f;
  let p: f64 = 1.0 / 25.0;
  p = p * z + 1.0 / 23.0;
  p = p * z + 1.0 / 21.0;
  p = p * z + 1.0 / 19.0;
  p = p * z + 1.0 / 17.0;
  p = p * z + 1.0 / 15.0;
  p = p * z + 1.0 / 13.0;
  p = p * z + 1.0 / 11.0;
  p = p * z + 1.0 / 9.0;
  p = p * z + 1.0 / 7.0;
  p = p * z + 1.0 / 5.0;
  p = p * z + 1.0 / 3.0;
  // The sum of the two large terms is exact: s and its rounding error.
  const large = <f64>k * LN2_HIGH;
  const s = large + 2 * f;
  const lost = k == 0 ? 0 : large - s + 2 * f;
  return s + (lost + (<f64>k * LN2_LOW + 2 * (fError + z * f * p)));
}
