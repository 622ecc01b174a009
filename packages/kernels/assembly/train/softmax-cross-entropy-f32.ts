// Softmax and categorical cross-entropy with its gradient, from logits and integer labels.
// Source: the log-sum-exp form; equals keras.losses.CategoricalCrossentropy on a softmax output.

import { loadTail, storeTail } from "../elementwise/tail";
import { exp } from "../math/exp-f32x4";

/** The sum of the four lanes. */
function horizontalSum(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** The largest of `cols` floats; NaN if one of them is NaN. */
function rowMax(x: usize, cols: u32): f32 {
  let best = f32x4.splat(-Infinity);
  let j: u32 = 0;
  for (; j + 4 <= cols; j += 4, x += 16) best = f32x4.max(best, v128.load(x));
  for (; j < cols; j++, x += 4) best = f32x4.max(best, v128.load32_splat(x));
  best = f32x4.max(best, v128.shuffle<u64>(best, best, 1, 0));
  return f32x4.extract_lane(f32x4.max(best, v128.shuffle<u32>(best, best, 1, 0, 3, 2)), 0);
}

/** Writes exp(x - shift) of `cols` floats to `out` and returns their sum. */
function expRow(out: usize, x: usize, cols: u32, shift: f32): f32 {
  const s = f32x4.splat(shift);
  let sum = f32x4.splat(0);
  let j: u32 = 0;
  for (; j + 4 <= cols; j += 4, out += 16, x += 16) {
    const e = exp(f32x4.sub(v128.load(x), s));
    v128.store(out, e);
    sum = f32x4.add(sum, e);
  }
  const tail = cols - j;
  if (tail) {
    storeTail(out, exp(f32x4.sub(loadTail(x, tail), s)), tail);
    sum = f32x4.add(sum, loadTail(out, tail));
  }
  return horizontalSum(sum);
}

/** Each row of `out` = exp(x - max) / sum, rows x cols; in place allowed. */
export function softmax_f32(out: usize, x: usize, rows: u32, cols: u32): void {
  for (let r: u32 = 0; r < rows; r++, x += cols << 2) {
    const sum = f32x4.splat(expRow(out, x, cols, rowMax(x, cols)));
    for (let left = <i32>cols; left > 0; left -= 4) {
      if (left > 3) v128.store(out, f32x4.div(v128.load(out), sum));
      else storeTail(out, f32x4.div(loadTail(out, left), sum), left);
      out += min(left, 4) << 2;
    }
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
