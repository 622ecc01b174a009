// Arithmetic on pairs of f64 whose sum carries about 104 bits: enough to round an elementary function correctly.
// Source: Dekker 1971, "A floating-point technique for extending the available precision"; Knuth, TAOCP 2, 4.2.2.
//
// A pair is one vector: the high part in lane 0, the low part in lane 1.

import { productError } from "./lanes";

/** The pair of a high and a low part. */
export function pair(high: f64, low: f64): v128 {
  return f64x2.replace_lane(f64x2.splat(high), 1, low);
}

export function highOf(x: v128): f64 {
  return f64x2.extract_lane(x, 0);
}

export function lowOf(x: v128): f64 {
  return f64x2.extract_lane(x, 1);
}

/** a + b exactly. */
export function twoSum(a: f64, b: f64): v128 {
  const sum = a + b;
  const bb = sum - a;
  return pair(sum, a - (sum - bb) + (b - bb));
}

/** a + b for |a| >= |b|, or a = 0. */
function fastSum(a: f64, b: f64): v128 {
  const sum = a + b;
  return pair(sum, b - (sum - a));
}

export function sum(a: v128, b: v128): v128 {
  const high = twoSum(highOf(a), highOf(b));
  const low = twoSum(lowOf(a), lowOf(b));
  const middle = fastSum(highOf(high), lowOf(high) + highOf(low));
  return fastSum(highOf(middle), lowOf(middle) + lowOf(low));
}

export function product(a: v128, b: v128): v128 {
  const high = highOf(a) * highOf(b);
  const error = productError(highOf(a), highOf(b), high);
  return fastSum(high, error + (highOf(a) * lowOf(b) + lowOf(a) * highOf(b)));
}

/** a / b, b not 0. */
export function quotient(a: v128, b: v128): v128 {
  const first = highOf(a) / highOf(b);
  const rest = sum(a, f64x2.neg(product(b, pair(first, 0))));
  return fastSum(first, highOf(rest) / highOf(b));
}

/**
 * c[0] + c[1] z + ... + c[terms - 1] z^(terms - 1), with the coefficients as pairs at `series`. The terms from `pairs` on
 * are so small that plain f64 serves for them.
 */
export function polynomial(series: usize, terms: i32, pairs: i32, z: v128): v128 {
  let at = series + ((<usize>(terms - 1)) << 4);
  const lastPlain = series + ((<usize>pairs) << 4);
  let tail = load<f64>(at);
  while (at > lastPlain) {
    at -= 16;
    tail = tail * highOf(z) + load<f64>(at);
  }
  let value = pair(tail, 0);
  while (at > series) {
    at -= 16;
    value = sum(product(value, z), v128.load(at));
  }
  return value;
}
