// Sine and cosine of a double in [0, 2 pi], correctly rounded.
// Source: the Taylor series on [-pi/4, pi/4], in double-double; the reference implementation is exact arithmetic.
//
// The error before rounding is below 2^-77, so 1 result in 10^7 may round the other way; for glibc's error see correct-log-f64.

import { highOf, pair, polynomial, product, sum, twoSum } from "./double-double";

// pi/2 in three parts; n PIO2_A and n PIO2_B are exact for n up to 4.
const PIO2_A: f64 = reinterpret<f64>(0x3ff921fb54442d18);
const PIO2_B: f64 = reinterpret<f64>(0x3c91a62633145c00);
const PIO2_C: f64 = reinterpret<f64>(0x397b839a252049c1);
const TWO_OVER_PI: f64 = reinterpret<f64>(0x3fe45f306dc9c883);
const TERMS = 12; // the 13th is below 2^-80 of the sum
const PAIRS = 5; // the 6th is below 2^-25 of it

/** (-1)^k / (2 k + 1)!, each as high and low part. */
const SIN_SERIES: usize = memory.data<u64>([
  0x3ff0000000000000, 0x0000000000000000, 0xbfc5555555555555, 0xbc65555555555555, 0x3f81111111111111,
  0x3c01111111111111, 0xbf2a01a01a01a01a, 0xbb6a01a01a01a01a, 0x3ec71de3a556c734, 0xbb6c154f8ddc6c00,
  0xbe5ae64567f544e4, 0x3afc062e06d1f209, 0x3de6124613a86d09, 0x3a8f28e0cc748ebe, 0xbd6ae7f3e733b81f,
  0xb9e1d8656b0ee8cb, 0x3ce952c77030ad4a, 0x398ac981465ddc6c, 0xbc62f49b46814157, 0xb8f2650f61dbdcb4,
  0x3bd71b8ef6dcf572, 0xb87d043ae40c4647, 0xbb4761b41316381a, 0x37d3423c7d91404f,
]);

/** (-1)^k / (2 k)!, each as high and low part. */
const COS_SERIES: usize = memory.data<u64>([
  0x3ff0000000000000, 0x0000000000000000, 0xbfe0000000000000, 0x0000000000000000, 0x3fa5555555555555,
  0x3c45555555555555, 0xbf56c16c16c16c17, 0x3bef49f49f49f49f, 0x3efa01a01a01a01a, 0x3b3a01a01a01a01a,
  0xbe927e4fb7789f5c, 0xbb3cbbc05b4fa99a, 0x3e21eed8eff8d898, 0xbac2aec959e14c06, 0xbda93974a8c07c9d,
  0xba305d6f8a2efd1f, 0x3d2ae7f3e733b81f, 0x39a1d8656b0ee8cb, 0xbca6827863b97d97, 0xb94eec01221a8b0b,
  0x3c1e542ba4020225, 0x387ea72b4afe3c2f, 0xbb90ce396db7f853, 0x383aebcdbd20331c,
]);

/** [sin(x), cos(x)], for x in [0, 2 pi]. */
export function correctSincosF64(x: f64): v128 {
  const turns = <i32>nearest(x * TWO_OVER_PI);
  const n = <f64>turns;
  let r = twoSum(x, -n * PIO2_A);
  r = sum(r, pair(-n * PIO2_B, 0));
  r = sum(r, pair(-n * PIO2_C, 0));
  const z = product(r, r);
  const s = highOf(product(r, polynomial(SIN_SERIES, TERMS, PAIRS, z)));
  const c = highOf(polynomial(COS_SERIES, TERMS, PAIRS, z));
  // Each quarter turn takes (sin, cos) to (cos, -sin).
  const swapped = (turns & 1) != 0;
  const sine = swapped ? c : s;
  const cosine = swapped ? s : c;
  return pair((turns & 2) != 0 ? -sine : sine, ((turns + 1) & 2) != 0 ? -cosine : cosine);
}
