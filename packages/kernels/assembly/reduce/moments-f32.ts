// Mean, spread and range of an array, in f64, in two passes.
// Source: the corrected two-pass algorithm (Chan, Golub and LeVeque 1983), whose second term removes the mean's rounding.

import { sumF64 } from "../math/lanes";
import { sum_f32 } from "./sum-f32";

/**
 * Writes four f64 to `out` (8-byte aligned): mean, sum of squared deviations from it, smallest, largest.
 * A NaN among the values makes all four NaN; n = 0 gives 0, 0, Infinity, -Infinity.
 */
export function moments_f32(out: usize, x: usize, n: u32): void {
  const mean = n == 0 ? 0 : sum_f32(x, n) / <f64>n;
  let squares = f64x2.splat(0);
  let deviations = f64x2.splat(0);
  let smallest = f64x2.splat(Infinity);
  let largest = f64x2.splat(-Infinity);
  const m = f64x2.splat(mean);
  let i: u32 = 0;
  for (; i + 2 <= n; i += 2, x += 8) {
    const value = f64x2.promote_low_f32x4(v128.load64_zero(x));
    const d = f64x2.sub(value, m);
    deviations = f64x2.add(deviations, d);
    squares = f64x2.add(squares, f64x2.mul(d, d));
    smallest = f64x2.min(smallest, value);
    largest = f64x2.max(largest, value);
  }
  let square = sumF64(squares);
  let deviation = sumF64(deviations);
  let low = min(f64x2.extract_lane(smallest, 0), f64x2.extract_lane(smallest, 1));
  let high = max(f64x2.extract_lane(largest, 0), f64x2.extract_lane(largest, 1));
  if (i < n) {
    const value = <f64>load<f32>(x);
    const d = value - mean;
    deviation += d;
    square += d * d;
    low = min(low, value);
    high = max(high, value);
  }
  store<f64>(out, mean);
  store<f64>(out, n == 0 ? 0 : square - (deviation * deviation) / <f64>n, 8);
  store<f64>(out, low, 16);
  store<f64>(out, high, 24);
}

/**
 * Adds to the `bins` u32 counters at `counts` the values within [low, high], bins of equal width, `high` itself in the
 * last; values outside and NaN are not counted. low < high.
 */
export function histogram_f32(counts: usize, x: usize, n: u32, low: f64, high: f64, bins: u32): void {
  const scale = <f64>bins / (high - low);
  for (let i: u32 = 0; i < n; i++, x += 4) {
    const value = <f64>load<f32>(x);
    if (!(value >= low && value <= high)) continue;
    const bin = min(<u32>((value - low) * scale), bins - 1);
    const at = counts + ((<usize>bin) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
}
