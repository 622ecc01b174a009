// Rows of floats: the inner loops of im2col, pooling, biases and softmax.
// Source: plain loops over four floats and a tail.

import { loadTail, storeTail } from "../math/lanes";

/** to = from, n floats. */
export function copyRow(to: usize, from: usize, n: u32): void {
  let left = <i32>n;
  for (; left > 3; left -= 4, to += 16, from += 16) v128.store(to, v128.load(from));
  if (left > 0) storeTail(to, loadTail(from, left), left);
}

/** to = `value` in each lane, n floats. */
export function fillRow(to: usize, value: v128, n: u32): void {
  let left = <i32>n;
  for (; left > 3; left -= 4, to += 16) v128.store(to, value);
  if (left > 0) storeTail(to, value, left);
}

/** to += from, n floats. */
export function addToRow(to: usize, from: usize, n: u32): void {
  const tail = n & 3;
  for (const end = to + ((n - tail) << 2); to < end; to += 16, from += 16) {
    v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
  }
  if (tail) storeTail(to, f32x4.add(loadTail(to, tail), loadTail(from, tail)), tail);
}

/** row /= `divisor`, n floats. */
export function divideRow(row: usize, divisor: f32, n: u32): void {
  const d = f32x4.splat(divisor);
  let left = <i32>n;
  for (; left > 3; left -= 4, row += 16) v128.store(row, f32x4.div(v128.load(row), d));
  if (left > 0) storeTail(row, f32x4.div(loadTail(row, left), d), left);
}
