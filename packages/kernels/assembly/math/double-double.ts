// Arithmetic on pairs of f64 whose sum carries about 104 bits: enough to round an elementary function correctly.
// Source: Dekker 1971, "A floating-point technique for extending the available precision"; Knuth, TAOCP 2, 4.2.2.
//
// A function here returns the high part and leaves the low part in `low`, since a kernel has no pairs to return.

import { productError } from "./product-error";

/** The low part of the last result. */
export let low: f64 = 0;

/** a + b exactly. */
export function twoSum(a: f64, b: f64): f64 {
  const sum = a + b;
  const bb = sum - a;
  low = a - (sum - bb) + (b - bb);
  return sum;
}

/** a * b exactly, where neither overflows 2^996. */
export function twoProduct(a: f64, b: f64): f64 {
  const product = a * b;
  low = productError(a, b, product);
  return product;
}

/** a + b for |a| >= |b|, or a = 0. */
function fastSum(a: f64, b: f64): f64 {
  const sum = a + b;
  low = b - (sum - a);
  return sum;
}

/** (aHigh, aLow) + (bHigh, bLow). */
export function sum(aHigh: f64, aLow: f64, bHigh: f64, bLow: f64): f64 {
  const high = twoSum(aHigh, bHigh);
  const error = low;
  const tail = twoSum(aLow, bLow);
  const tailError = low;
  const middle = fastSum(high, error + tail);
  return fastSum(middle, low + tailError);
}

/** (aHigh, aLow) * (bHigh, bLow). */
export function product(aHigh: f64, aLow: f64, bHigh: f64, bLow: f64): f64 {
  const high = twoProduct(aHigh, bHigh);
  return fastSum(high, low + (aHigh * bLow + aLow * bHigh));
}

/** (aHigh, aLow) / (bHigh, bLow), b not 0. */
export function quotient(aHigh: f64, aLow: f64, bHigh: f64, bLow: f64): f64 {
  const first = aHigh / bHigh;
  const back = product(bHigh, bLow, first, 0);
  const rest = sum(aHigh, aLow, -back, -low);
  return fastSum(first, rest / bHigh);
}

/**
 * c[0] + c[1] z + ... + c[terms - 1] z^(terms - 1), with the coefficients as pairs at `series`. The terms from `pairs` on
 * are so small that plain f64 serves for them.
 */
export function polynomial(series: usize, terms: i32, pairs: i32, zHigh: f64, zLow: f64): f64 {
  let at = series + ((<usize>(terms - 1)) << 4);
  const lastPlain = series + ((<usize>pairs) << 4);
  let high = load<f64>(at);
  while (at > lastPlain) {
    at -= 16;
    high = high * zHigh + load<f64>(at);
  }
  low = 0;
  while (at > series) {
    at -= 16;
    high = product(high, low, zHigh, zLow);
    high = sum(high, low, load<f64>(at), load<f64>(at, 8));
  }
  return high;
}
