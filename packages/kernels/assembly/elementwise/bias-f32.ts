// The bias of a dense layer.

import { addToRow } from "./row-f32";

/** Adds the row `bias` (cols) to each of the rows of `x` (rows x cols), in place. */
export function bias_add_f32(x: usize, bias: usize, rows: u32, cols: u32): void {
  for (let r: u32 = 0; r < rows; r++, x += cols << 2) addToRow(x, bias, cols);
}
