// Random matrices with orthonormal rows or columns in f64, for measurements of orthogonal initialization.
// Source: Saxe et al. 2013; Gram-Schmidt applied twice, which is orthonormal up to rounding (Giraud et al. 2005).

import { randomNormal } from "@fanin/core";
import { expectInteger } from "@fanin/tensor/arguments";

/**
 * Draws a rows x cols matrix uniformly from those with orthonormal rows (columns if rows > cols).
 *
 * @throws RangeError for sides outside 1 .. 4096.
 * @example
 * orthonormal(2, 2, 7); // a rotation or a reflection
 */
export function orthonormal(rows: number, cols: number, seed: number): Float64Array {
  expectInteger("rows", rows, 1, 4096);
  expectInteger("cols", cols, 1, 4096);
  const [count, length] = [Math.min(rows, cols), Math.max(rows, cols)];
  const q = Float64Array.from(randomNormal({ seed, stddev: 1 })([count * length]).data);
  for (let i = 0; i < count; i++) {
    const row = q.subarray(i * length, (i + 1) * length);
    for (let pass = 0; pass < 2; pass++) {
      for (let k = 0; k < i; k++) {
        const other = q.subarray(k * length, (k + 1) * length);
        let dot = 0;
        for (let j = 0; j < length; j++) dot += (row[j] ?? 0) * (other[j] ?? 0);
        for (let j = 0; j < length; j++) row[j] = (row[j] ?? 0) - dot * (other[j] ?? 0);
      }
      let square = 0;
      for (const x of row) square += x * x;
      const inverse = 1 / Math.sqrt(square);
      for (let j = 0; j < length; j++) row[j] = (row[j] ?? 0) * inverse;
    }
  }
  if (rows <= cols) return q;
  const transposed = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) transposed[i * cols + j] = q[j * rows + i] ?? 0;
  return transposed;
}
