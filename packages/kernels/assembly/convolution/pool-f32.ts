// Max and average pooling and their gradients, four channels at a time; taps outside the image do not count.
// Source: TensorFlow.js's MaxPool, AvgPool and gradients; the descriptor `shape` is that of window.ts, outC = inC.

import { addToRow, divideRow, fillRow } from "../elementwise/row-f32";
import { loadLanes, storeLanes } from "../math/lanes";
import {
  DILATION_HEIGHT,
  DILATION_WIDTH,
  FILTER_HEIGHT,
  FILTER_WIDTH,
  firstRowOf,
  IN_CHANNELS,
  IN_HEIGHT,
  IN_WIDTH,
  inPixels,
  leftOf,
  OUTSIDE,
  outPixels,
  tapPixel,
  tapsOf,
  topOf,
  windowAt,
} from "./window";

/** to = the larger of to and from, NaN in `from` passed over; n floats. */
function raiseRow(to: usize, from: usize, n: u32): void {
  for (let rest = <i32>n; rest > 0; rest -= 4, to += 16, from += 16) {
    storeLanes(to, f32x4.pmax(loadLanes(to, rest), loadLanes(from, rest)), rest);
  }
}

/** to += from / count, n floats. */
function addShare(to: usize, from: usize, count: v128, n: u32): void {
  for (let rest = <i32>n; rest > 0; rest -= 4, to += 16, from += 16) {
    storeLanes(to, f32x4.add(loadLanes(to, rest), f32x4.div(loadLanes(from, rest), count)), rest);
  }
}

/** How many of `taps` taps, the first at `first` (wrapping below 0) and `dilation` apart, are within 0 .. `size` - 1. */
function tapsInside(first: u32, taps: u32, dilation: u32, size: u32): u32 {
  let count: u32 = 0;
  for (let tap: u32 = 0; tap < taps; tap++, first += dilation) count += first < size ? 1 : 0;
  return count;
}

const LARGEST: u32 = 0; // y = the largest of x
const MEAN: u32 = 1; // y = the mean of x
const SHARES: u32 = 2; // x += y over the number of values

/** Does what `mode` says to the pixels of y and, for each, the pixels of x that its window sees. */
function walk(y: usize, x: usize, shape: usize, mode: u32): void {
  const bytes = load<u32>(shape, IN_CHANNELS) << 2;
  const channels = bytes >> 2;
  const height = load<u32>(shape, IN_HEIGHT);
  const width = load<u32>(shape, IN_WIDTH);
  const filterHeight = load<u32>(shape, FILTER_HEIGHT);
  const filterWidth = load<u32>(shape, FILTER_WIDTH);
  const dilationHeight = load<u32>(shape, DILATION_HEIGHT);
  const dilationWidth = load<u32>(shape, DILATION_WIDTH);
  for (let pixel: u32 = 0, end = outPixels(shape); pixel < end; pixel++, y += bytes) {
    const window = windowAt(shape, pixel);
    const top = topOf(window);
    const left = leftOf(window);
    const image = x + firstRowOf(window) * width * bytes;
    const rows = tapsInside(top, filterHeight, dilationHeight, height);
    const count = <f32>(rows * tapsInside(left, filterWidth, dilationWidth, width));
    if (mode != SHARES) fillRow(y, f32x4.splat(mode == LARGEST ? -Infinity : 0), channels);
    for (let fy: u32 = 0, row = top; fy < filterHeight; fy++, row += dilationHeight) {
      if (row >= height) continue;
      for (let fx: u32 = 0, column = left; fx < filterWidth; fx++, column += dilationWidth) {
        if (column >= width) continue;
        const at = image + (row * width + column) * bytes;
        if (mode == LARGEST) raiseRow(y, at, channels);
        else if (mode == MEAN) addToRow(y, at, channels);
        else addShare(at, y, f32x4.splat(count), channels);
      }
    }
    if (mode == MEAN) divideRow(y, count, channels);
  }
}

/** y = the largest value each window sees, NaN passed over; -Infinity if it sees none. */
export function max_pool_f32(y: usize, x: usize, shape: usize): void {
  walk(y, x, shape, LARGEST);
}

/** dx = for each window, dy at the first of its largest values, 0 elsewhere, added up. */
export function max_pool_gradient_f32(dx: usize, dy: usize, x: usize, shape: usize): void {
  const channels = load<u32>(shape, IN_CHANNELS);
  const taps = tapsOf(shape);
  memory.fill(dx, 0, (inPixels(shape) * channels) << 2);
  for (let pixel: u32 = 0, end = outPixels(shape); pixel < end; pixel++, dy += channels << 2) {
    const window = windowAt(shape, pixel);
    const top = topOf(window);
    const left = leftOf(window);
    const first = firstRowOf(window);
    for (let rest = <i32>channels, c: usize = 0; rest > 0; rest -= 4, c += 16) {
      let best = f32x4.splat(-Infinity);
      let place = i32x4.splat(-1);
      for (let tap: u32 = 0; tap < taps; tap++) {
        const seen = tapPixel(shape, top, left, first, tap);
        if (seen == OUTSIDE) continue;
        const value = loadLanes(x + ((seen * channels) << 2) + c, rest);
        const above = f32x4.gt(value, best);
        best = v128.bitselect(value, best, above);
        place = v128.bitselect(i32x4.splat(tap), place, above);
      }
      const slope = loadLanes(dy + c, rest);
      for (let tap: u32 = 0; tap < taps; tap++) {
        const seen = tapPixel(shape, top, left, first, tap);
        if (seen == OUTSIDE) continue;
        const at = dx + ((seen * channels) << 2) + c;
        const share = v128.and(slope, i32x4.eq(place, i32x4.splat(tap)));
        storeLanes(at, f32x4.add(loadLanes(at, rest), share), rest);
      }
    }
  }
}

/** y = the mean of the values each window sees; NaN if it sees none. */
export function avg_pool_f32(y: usize, x: usize, shape: usize): void {
  walk(y, x, shape, MEAN);
}

/** dx = for each window, dy over the number of values it sees, at each of them, added up. */
export function avg_pool_gradient_f32(dx: usize, dy: usize, shape: usize): void {
  memory.fill(dx, 0, (inPixels(shape) * load<u32>(shape, IN_CHANNELS)) << 2);
  walk(dy, dx, shape, SHARES);
}
