// Sums of floats, accumulated in f64: 2^29 terms of one sign lose no bit of an f32 result.

import { demote, sumF64 } from "../math/lanes";

/** The sum of `n` floats. */
export function sum_f32(x: usize, n: u32): f64 {
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let i: u32 = 0;
  for (; i + 4 <= n; i += 4, x += 16) {
    low = f64x2.add(low, f64x2.promote_low_f32x4(v128.load64_zero(x)));
    high = f64x2.add(high, f64x2.promote_low_f32x4(v128.load64_zero(x, 8)));
  }
  let sum = sumF64(f64x2.add(low, high));
  for (; i < n; i++, x += 4) sum += <f64>load<f32>(x);
  return sum;
}

/** out[j] = the sum over rows of x[r][j], over `divisor`, for x of rows x cols. */
function columnMeans(out: usize, x: usize, rows: u32, cols: u32, divisor: f64): void {
  const stride = (<usize>cols) << 2;
  const d = f64x2.splat(divisor);
  let j: u32 = 0;
  for (; j + 4 <= cols; j += 4, out += 16, x += 16) {
    let low = f64x2.splat(0);
    let high = f64x2.splat(0);
    let at = x;
    for (let r: u32 = 0; r < rows; r++, at += stride) {
      low = f64x2.add(low, f64x2.promote_low_f32x4(v128.load64_zero(at)));
      high = f64x2.add(high, f64x2.promote_low_f32x4(v128.load64_zero(at, 8)));
    }
    v128.store(out, demote(f64x2.div(low, d), f64x2.div(high, d)));
  }
  for (; j < cols; j++, out += 4, x += 4) {
    let sum: f64 = 0;
    let at = x;
    for (let r: u32 = 0; r < rows; r++, at += stride) sum += <f64>load<f32>(at);
    store<f32>(out, <f32>(sum / divisor));
  }
}

/** out[j] = the sum over rows of x[r][j], for x of rows x cols. */
export function column_sum_f32(out: usize, x: usize, rows: u32, cols: u32): void {
  columnMeans(out, x, rows, cols, 1);
}

function means(out: usize, x: usize, outer: u32, length: u32, inner: u32, divisor: f64): void {
  const stride = (<usize>inner) << 2;
  for (let o: u32 = 0; o < outer; o++, x += <usize>length * stride, out += stride) {
    if (inner == 1) store<f32>(out, <f32>(sum_f32(x, length) / divisor));
    else columnMeans(out, x, length, inner, divisor);
  }
}

/** out (outer x inner) = the sums over the middle axis of x (outer x length x inner). */
export function sum_axis_f32(out: usize, x: usize, outer: u32, length: u32, inner: u32): void {
  means(out, x, outer, length, inner, 1);
}

/** out (outer x inner) = the means over the middle axis of x (outer x length x inner); NaN if length = 0. */
export function mean_axis_f32(out: usize, x: usize, outer: u32, length: u32, inner: u32): void {
  means(out, x, outer, length, inner, <f64>length);
}
