// The bias of a dense layer.
// Source: plain loops; addToRow, as a call for each short row, takes a fifth longer.

import { loadTail, storeTail } from "../math/lanes";

/** Adds the row `bias` (cols) to each of the rows of `x` (rows x cols), in place. */
export function bias_add_f32(x: usize, bias: usize, rows: u32, cols: u32): void {
  const tail = cols & 3;
  const main = (cols - tail) << 2;
  for (let r: u32 = 0; r < rows; r++) {
    for (let j: usize = 0; j < main; j += 16, x += 16) {
      v128.store(x, f32x4.add(v128.load(x), v128.load(bias + j)));
    }
    if (tail) {
      storeTail(x, f32x4.add(loadTail(x, tail), loadTail(bias + main, tail)), tail);
      x += tail << 2;
    }
  }
}
