// The factorization of doubles: Q orthonormal, and R = Q^T A upper triangular with the diagonal that is given.

import { describe, expect, it } from "vitest";
import { randomNormal } from "../initializers/random.ts";
import { qrF64 } from "./qr-f64.ts";

/** X^T Y for two row-major matrices of `rows` rows. */
function product(x: Float64Array, y: Float64Array, rows: number, cols: number): number[][] {
  return Array.from({ length: cols }, (_, i) =>
    Array.from({ length: cols }, (_, j) => {
      let sum = 0;
      for (let r = 0; r < rows; r++) sum += (x[r * cols + i] ?? 0) * (y[r * cols + j] ?? 0);
      return sum;
    }),
  );
}

describe("qrF64", () => {
  it.each([
    [1, 1],
    [5, 1],
    [4, 4],
    [40, 17],
    [64, 64],
  ])("factorizes %i x %i", (rows, cols) => {
    const a = randomNormal({ stddev: 1, seed: 3 })([rows, cols], { dtype: "float64" }).data;
    const { q, diagonal } = qrF64(a, rows, cols);
    for (const [i, row] of product(q, q, rows, cols).entries()) {
      for (const [j, dot] of row.entries()) expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(1e-14);
    }
    for (const [i, row] of product(q, a, rows, cols).entries()) {
      for (const [j, r] of row.entries()) {
        if (i === j) expect(Math.abs(r - (diagonal[i] ?? 0))).toBeLessThan(1e-13);
        if (i > j) expect(Math.abs(r)).toBeLessThan(1e-13);
      }
    }
  });

  it("gives a unit column for one of zeros, and nothing for no columns", () => {
    expect([...qrF64(new Float64Array(2), 2, 1).q]).toEqual([1, 0]);
    expect(qrF64(new Float64Array(0), 3, 0).q.length).toBe(0);
  });
});
