// Softmax and categorical cross-entropy with its gradient, from logits and integer labels.
// Source: the log-sum-exp form; equals keras.losses.CategoricalCrossentropy on a softmax output.

import { divideRow } from "../elementwise/row-f32";
import { exp } from "../math/exp-f32x4";
import { largestLane, loadTail, read, sumF32, write } from "../math/lanes";

/** The largest of `cols` floats; NaN if one of them is NaN. */
function rowMax(x: usize, cols: u32): f32 {
  let best = f32x4.splat(-Infinity);
  let j: u32 = 0;
  for (; j + 4 <= cols; j += 4, x += 16) best = f32x4.max(best, v128.load(x));
  for (; j < cols; j++, x += 4) best = f32x4.max(best, v128.load32_splat(x));
  return f32x4.extract_lane(largestLane(best), 0);
}

/** exp(x - shift) of one vector at `x`, or of the `count` floats that remain, then zeros; also written to `out`. */
function expLanes<T>(out: usize, x: usize, count: u32, shift: v128): v128 {
  const e = exp(f32x4.sub(read<T>(x, count), shift));
  write<T>(out, e, count);
  return isVector<T>() ? e : loadTail(out, count);
}

/** Writes exp(x - shift) of `cols` floats to `out` and returns their sum. */
function expRow(out: usize, x: usize, cols: u32, shift: f32): f32 {
  const s = f32x4.splat(shift);
  let sum = f32x4.splat(0);
  let left = <i32>cols;
  for (; left > 3; left -= 4, out += 16, x += 16) sum = f32x4.add(sum, expLanes<v128>(out, x, 4, s));
  if (left > 0) sum = f32x4.add(sum, expLanes<f32>(out, x, left, s));
  return sumF32(sum);
}

/** Each row of `out` = exp(x - max) / sum, rows x cols; in place allowed. */
export function softmax_f32(out: usize, x: usize, rows: u32, cols: u32): void {
  for (let r: u32 = 0; r < rows; r++, out += cols << 2, x += cols << 2) {
    divideRow(out, expRow(out, x, cols, rowMax(x, cols)), cols);
  }
}

/**
 * Returns the sum over rows of -log softmax(x)[label] and writes the gradient (softmax(x) - onehot) * `scale` to
 * `gradient` (rows x cols). `labels` are i32 in [0, cols).
 */
export function softmax_cross_entropy_f32(
  gradient: usize,
  x: usize,
  labels: usize,
  rows: u32,
  cols: u32,
  scale: f32,
): f64 {
  let loss: f64 = 0;
  for (let r: u32 = 0; r < rows; r++, gradient += cols << 2, x += cols << 2) {
    const label = load<u32>(labels + (r << 2));
    const largest = rowMax(x, cols);
    const logit = load<f32>(x + (label << 2));
    const sum = expRow(gradient, x, cols, largest);
    loss += Math.log(<f64>sum) - <f64>(logit - largest);
    const factor = scale / sum;
    for (let j: u32 = 0; j < cols; j++) {
      const at = gradient + (j << 2);
      store<f32>(at, load<f32>(at) * factor - (j == label ? scale : 0));
    }
  }
  return loss;
}

/** How many rows of `x` (rows x cols) have their largest entry, the first of equals, at their label. */
export function count_correct_f32(x: usize, labels: usize, rows: u32, cols: u32): u32 {
  let correct: u32 = 0;
  for (let r: u32 = 0; r < rows; r++, x += cols << 2) {
    let best: u32 = 0;
    for (let j: u32 = 1; j < cols; j++) {
      if (load<f32>(x + (j << 2)) > load<f32>(x + (best << 2))) best = j;
    }
    if (best == load<u32>(labels + (r << 2))) correct++;
  }
  return correct;
}
