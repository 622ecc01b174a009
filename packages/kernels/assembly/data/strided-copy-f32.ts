// One copy for transpose, slice, pad, reverse and tile: any strides on both sides, in rows; transposes by 4x4 tiles.
// Source: NumPy's strides; the descriptor is that of elementwise/broadcast.ts with A the input and B the output.
//
// Where the output's rows are contiguous and the input's next dimension is, four rows at a time are written from tiles:
//   input   x00 x10 x20 x30        output  x00 x01 x02 x03
//           x01 x11 x21 x31   ->           x10 x11 x12 x13
//           x02 x12 x22 x32                x20 x21 x22 x23
//           x03 x13 x23 x33                x30 x31 x32 x33

import { advance, rowsFrom } from "../elementwise/broadcast";
import { copyRow, fillRow } from "../elementwise/row-f32";
import { storeTransposed } from "../math/lanes";

/** One row of `n` floats, `stepIn` and `stepOut` bytes apart. */
function copyStrided(to: usize, from: usize, n: u32, stepIn: usize, stepOut: usize): void {
  if (stepIn == 4 && stepOut == 4) {
    copyRow(to, from, n);
    return;
  }
  for (; n > 0; n--, to += stepOut, from += stepIn) store<f32>(to, load<f32>(from));
}

/** `rows` rows of `n` floats: rows of the output `ldo` bytes apart, columns of the input `stepIn` bytes apart. */
function transposePlane(to: usize, from: usize, rows: u32, n: u32, stepIn: usize, ldo: usize): void {
  let r: u32 = 0;
  for (; r + 4 <= rows; r += 4, from += 16, to += 4 * ldo) {
    let x = from;
    let at = to;
    let j: u32 = 0;
    for (; j + 4 <= n; j += 4, at += 16, x += 4 * stepIn) {
      const x0 = v128.load(x);
      const x1 = v128.load(x + stepIn);
      storeTransposed(at, ldo, x0, x1, v128.load(x + 2 * stepIn), v128.load(x + 3 * stepIn));
    }
    for (; j < n; j++, at += 4, x += stepIn) {
      const column = v128.load(x);
      v128.store32_lane(at, column, 0);
      v128.store32_lane(at + ldo, column, 1);
      v128.store32_lane(at + 2 * ldo, column, 2);
      v128.store32_lane(at + 3 * ldo, column, 3);
    }
  }
  for (; r < rows; r++, from += 4, to += ldo) copyStrided(to, from, n, stepIn, 4);
}

/**
 * Copies from `x` to `out` as the descriptor `shape` says, its strides A of the input and B of the output, any of them;
 * `out` and `x` do not overlap.
 */
export function strided_copy_f32(out: usize, x: usize, shape: usize): void {
  const n = load<u32>(shape, 12);
  const stepIn = load<u32>(shape, 16) << 2;
  const stepOut = load<u32>(shape, 20) << 2;
  const planes = load<u32>(shape) > 0 && stepOut == 4 && stepIn != 4 && load<u32>(shape, 28) == 1;
  const skip: u32 = planes ? 1 : 0;
  const rows = planes ? load<u32>(shape, 24) : 1;
  const ldo = planes ? load<u32>(shape, 32) << 2 : 0;
  for (let left = rowsFrom(shape, skip); left > 0; left--) {
    const from = x + load<u32>(shape, 4);
    const to = out + load<u32>(shape, 8);
    if (planes) transposePlane(to, from, rows, n, stepIn, ldo);
    else copyStrided(to, from, n, stepIn, stepOut);
    advance(shape, skip);
  }
}

/** out = `value`, n floats: a pad, before its inside is copied. */
export function fill_f32(out: usize, n: u32, value: f32): void {
  fillRow(out, f32x4.splat(value), n);
}
