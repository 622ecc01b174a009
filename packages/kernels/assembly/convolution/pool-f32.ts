// Max and average pooling and their gradients, four channels at a time; taps outside the image do not count.
// Source: TensorFlow.js's MaxPool, AvgPool and gradients; the descriptor `shape` is that of window.ts, outC = inC.

import { addToRow, divideRow, fillRow } from "../elementwise/row-f32";
import { loadLanes, storeLanes } from "../math/lanes";
import {
  firstRowOf,
  IN_CHANNELS,
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

/** y = the largest value each window sees, NaN passed over; -Infinity if it sees none. */
export function max_pool_f32(y: usize, x: usize, shape: usize): void {
  const channels = load<u32>(shape, IN_CHANNELS);
  const taps = tapsOf(shape);
  for (let pixel: u32 = 0, end = outPixels(shape); pixel < end; pixel++, y += channels << 2) {
    const window = windowAt(shape, pixel);
    const top = topOf(window);
    const left = leftOf(window);
    const first = firstRowOf(window);
    fillRow(y, f32x4.splat(-Infinity), channels);
    for (let tap: u32 = 0; tap < taps; tap++) {
      const seen = tapPixel(shape, top, left, first, tap);
      if (seen == OUTSIDE) continue;
      raiseRow(y, x + ((seen * channels) << 2), channels);
    }
  }
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
  const channels = load<u32>(shape, IN_CHANNELS);
  const taps = tapsOf(shape);
  memory.fill(y, 0, (outPixels(shape) * channels) << 2);
  for (let pixel: u32 = 0, end = outPixels(shape); pixel < end; pixel++, y += channels << 2) {
    const window = windowAt(shape, pixel);
    const top = topOf(window);
    const left = leftOf(window);
    const first = firstRowOf(window);
    let count: u32 = 0;
    for (let tap: u32 = 0; tap < taps; tap++) {
      const seen = tapPixel(shape, top, left, first, tap);
      if (seen == OUTSIDE) continue;
      addToRow(y, x + ((seen * channels) << 2), channels);
      count++;
    }
    divideRow(y, <f32>count, channels);
  }
}

/** dx = for each window, dy over the number of values it sees, at each of them, added up. */
export function avg_pool_gradient_f32(dx: usize, dy: usize, shape: usize): void {
  const channels = load<u32>(shape, IN_CHANNELS);
  const taps = tapsOf(shape);
  memory.fill(dx, 0, (inPixels(shape) * channels) << 2);
  for (let pixel: u32 = 0, end = outPixels(shape); pixel < end; pixel++, dy += channels << 2) {
    const window = windowAt(shape, pixel);
    const top = topOf(window);
    const left = leftOf(window);
    const first = firstRowOf(window);
    let inside: u32 = 0;
    for (let tap: u32 = 0; tap < taps; tap++) inside += tapPixel(shape, top, left, first, tap) != OUTSIDE ? 1 : 0;
    const count = f32x4.splat(<f32>inside);
    for (let tap: u32 = 0; tap < taps; tap++) {
      const seen = tapPixel(shape, top, left, first, tap);
      if (seen == OUTSIDE) continue;
      addShare(dx + ((seen * channels) << 2), dy, count, channels);
    }
  }
}
