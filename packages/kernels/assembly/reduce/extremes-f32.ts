// The largest and smallest values along an axis, and where they are. The array is outer x length x inner, row-major, and
// the axis in the middle is reduced. Source: TensorFlow.js's Max, Min, ArgMax and ArgMin.
//
//   inner = 1:   one row at a time            | 0 1 2 3 | 4 5 6 7 | ..   lane i holds the best of 4 j + i
//   inner > 1:   four columns at a time, down | c c+1 c+2 c+3 |          lane i holds the best of column c + i
// Minima are the maxima of the negated values: `sign` is the sign bit, or 0.

import { largestLane, loadLanes, storeLanes } from "../math/lanes";

const SIGN: u32 = 0x80000000;

/** The largest of `n` values; NaN if one of them is, -Infinity if n = 0. */
function largest(x: usize, n: u32, sign: v128): f32 {
  let best = f32x4.splat(-Infinity);
  let i: u32 = 0;
  for (; i + 4 <= n; i += 4, x += 16) best = f32x4.max(best, v128.xor(v128.load(x), sign));
  for (; i < n; i++, x += 4) best = f32x4.max(best, v128.xor(v128.load32_splat(x), sign));
  return f32x4.extract_lane(largestLane(best), 0);
}

/** The largest values down `length` rows of four columns at `x`, of which `cols` exist, rows `stride` bytes apart. */
function largestColumns(x: usize, length: u32, stride: usize, cols: u32, sign: v128): v128 {
  let best = f32x4.splat(-Infinity);
  for (let r: u32 = 0; r < length; r++, x += stride) {
    best = f32x4.max(best, v128.xor(loadLanes(x, cols), sign));
  }
  return best;
}

function extremes(out: usize, x: usize, outer: u32, length: u32, inner: u32, sign: v128): void {
  const stride = (<usize>inner) << 2;
  for (let o: u32 = 0; o < outer; o++, x += <usize>length * stride) {
    if (inner == 1) {
      v128.store32_lane(out, v128.xor(f32x4.splat(largest(x, length, sign)), sign), 0);
      out += 4;
      continue;
    }
    for (let left = <i32>inner, at = x; left > 0; left -= 4, at += 16) {
      const cols = min(left, 4);
      const best = v128.xor(largestColumns(at, length, stride, cols, sign), sign);
      storeLanes(out, best, cols);
      out += cols << 2;
    }
  }
}

/** out (outer x inner) = the largest of each `length` values; NaN if one is NaN, -Infinity if length = 0. */
export function max_axis_f32(out: usize, x: usize, outer: u32, length: u32, inner: u32): void {
  extremes(out, x, outer, length, inner, i32x4.splat(0));
}

/** out (outer x inner) = the smallest of each `length` values; NaN if one is NaN, Infinity if length = 0. */
export function min_axis_f32(out: usize, x: usize, outer: u32, length: u32, inner: u32): void {
  extremes(out, x, outer, length, inner, i32x4.splat(SIGN));
}

/** The index of the largest of `n` values, the first of equals; 0 if none is above -Infinity. */
function indexOfLargest(x: usize, n: u32, sign: v128): u32 {
  let best = f32x4.splat(-Infinity);
  let i: u32 = 0;
  let at = x;
  for (; i + 4 <= n; i += 4, at += 16) best = f32x4.pmax(best, v128.xor(v128.load(at), sign));
  for (; i < n; i++, at += 4) best = f32x4.pmax(best, v128.xor(v128.load32_splat(at), sign));
  best = largestLane(best); // of what pmax kept none is NaN
  if (f32x4.extract_lane(best, 0) == -Infinity) return 0;
  for (i = 0; i + 4 <= n; i += 4, x += 16) {
    const found = i32x4.bitmask(f32x4.eq(best, v128.xor(v128.load(x), sign)));
    if (found) return i + ctz(found);
  }
  for (; i < n; i++, x += 4) {
    if (i32x4.bitmask(f32x4.eq(best, v128.xor(v128.load32_splat(x), sign)))) return i;
  }
  return 0;
}

function indices(out: usize, x: usize, outer: u32, length: u32, inner: u32, sign: v128): void {
  const stride = (<usize>inner) << 2;
  for (let o: u32 = 0; o < outer; o++, x += <usize>length * stride) {
    if (inner == 1) {
      store<u32>(out, indexOfLargest(x, length, sign));
      out += 4;
      continue;
    }
    for (let left = <i32>inner, first = x; left > 0; left -= 4, first += 16) {
      const cols = min(left, 4);
      let best = f32x4.splat(-Infinity);
      let index = i32x4.splat(0);
      let at = first;
      for (let r: u32 = 0; r < length; r++, at += stride) {
        const value = v128.xor(loadLanes(at, cols), sign);
        const above = f32x4.gt(value, best);
        best = v128.bitselect(value, best, above);
        index = v128.bitselect(i32x4.splat(r), index, above);
      }
      storeLanes(out, index, cols);
      out += cols << 2;
    }
  }
}

/**
 * out (outer x inner, u32) = the index of the largest of each `length` values, the first of equals; NaN are passed over,
 * and where nothing is above -Infinity the index is 0.
 */
export function argmax_axis_f32(out: usize, x: usize, outer: u32, length: u32, inner: u32): void {
  indices(out, x, outer, length, inner, i32x4.splat(0));
}

/** out (outer x inner, u32) = the index of the smallest of each `length` values: argmax_axis_f32 of -x. */
export function argmin_axis_f32(out: usize, x: usize, outer: u32, length: u32, inner: u32): void {
  indices(out, x, outer, length, inner, i32x4.splat(SIGN));
}
