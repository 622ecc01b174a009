// The properties of the factorization: Q orthonormal, A = QR, R triangular; and what is not an ordinary matrix.

import { describe, expect, it } from "vitest";
import { randomNormal } from "../initializers/random.ts";
import { qr } from "./qr.ts";

const at = (x: Float32Array, i: number) => x[i] ?? Number.NaN;

/** The largest |Q^T Q - I|, in float64. */
function orthogonalityError(q: Float32Array, rows: number, cols: number): number {
  let worst = 0;
  for (let i = 0; i < cols; i++) {
    for (let j = 0; j <= i; j++) {
      let dot = 0;
      for (let r = 0; r < rows; r++) dot += at(q, r * cols + i) * at(q, r * cols + j);
      worst = Math.max(worst, Math.abs(dot - (i === j ? 1 : 0)));
    }
  }
  return worst;
}

/** The largest |QR - A|, in float64. */
function residual(a: Float32Array, q: Float32Array, r: Float32Array, rows: number, cols: number): number {
  let worst = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      let sum = 0;
      for (let k = 0; k <= j; k++) sum += at(q, i * cols + k) * at(r, k * cols + j);
      worst = Math.max(worst, Math.abs(sum - at(a, i * cols + j)));
    }
  }
  return worst;
}

describe("qr", () => {
  it.each([
    [1, 1],
    [3, 2],
    [32, 32],
    [33, 33],
    [65, 64],
    [100, 7],
    [257, 129],
    [1000, 1],
  ])("factorizes %i x %i: Q^T Q = I within 1e-6, QR = A within 1e-5, R triangular", (rows, cols) => {
    const { data } = randomNormal({ stddev: 1, seed: 3 })([rows, cols]);
    const before = data.slice();
    const { q, r } = qr(data, rows, cols);
    expect(data).toEqual(before);
    expect([q.length, r.length]).toEqual([rows * cols, cols * cols]);
    expect(orthogonalityError(q, rows, cols)).toBeLessThan(1e-6);
    expect(residual(data, q, r, rows, cols)).toBeLessThan(1e-5);
    for (let i = 0; i < cols; i++) expect([...r.subarray(i * cols, i * cols + i)].every((x) => x === 0)).toBe(true);
  });

  it("keeps the columns orthonormal to 1e-6 at 1024 x 1024", () => {
    const { data } = randomNormal({ stddev: 1, seed: 4 })([1024, 1024]);
    const { q } = qr(data, 1024, 1024);
    // Every 31st column against every column: all pairs would take seconds.
    let worst = 0;
    for (let i = 0; i < 1024; i += 31) {
      const dots = new Float64Array(1024);
      for (let r = 0; r < 1024; r++) {
        const factor = at(q, r * 1024 + i);
        for (let j = 0; j < 1024; j++) dots[j] = (dots[j] ?? 0) + factor * at(q, r * 1024 + j);
      }
      dots.forEach((dot, j) => {
        worst = Math.max(worst, Math.abs(dot - (i === j ? 1 : 0)));
      });
    }
    expect(worst).toBeLessThan(1e-6);
  });

  it.each([1e-45, 1e-38, 1e-20, 1e20, 3e38])("is not troubled by elements of size %d", (size) => {
    const a = Float32Array.from([1, 0.5, -1, 0.25, 1, 1], (x) => Math.fround(x * size));
    const { q, r } = qr(a, 3, 2);
    expect(orthogonalityError(q, 3, 2)).toBeLessThan(1e-6);
    if (size < 1e38) expect(residual(a, q, r, 3, 2)).toBeLessThanOrEqual(1e-6 * size + 1.5e-45);
  });

  it("gives a zero column a zero diagonal and a unit column of Q", () => {
    const a = Float32Array.of(1, 0, 2, 2, 0, 1, 3, 0, 5, 4, 0, -1);
    const { q, r } = qr(a, 4, 3);
    expect(at(r, 4)).toBe(0);
    expect(orthogonalityError(q, 4, 3)).toBeLessThan(1e-6);
    expect(residual(a, q, r, 4, 3)).toBeLessThan(1e-6);
    const zero = qr(new Float32Array(12), 4, 3);
    expect([...zero.r].every((x) => x === 0)).toBe(true);
    expect([...zero.q]).toEqual([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]);
  });

  it("stays orthonormal for columns that depend on one another", () => {
    const rows = 80;
    const cols = 70;
    const { data } = randomNormal({ stddev: 1, seed: 5 })([rows, cols]);
    for (let i = 0; i < rows; i++) for (let j = 40; j < cols; j++) data[i * cols + j] = at(data, i * cols + j - 40);
    const { q, r } = qr(data, rows, cols);
    expect(orthogonalityError(q, rows, cols)).toBeLessThan(1e-6);
    expect(residual(data, q, r, rows, cols)).toBeLessThan(1e-5);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])("gives NaN for a matrix with %d", (bad) => {
    const { q, r } = qr(Float32Array.of(1, 2, 3, 4, bad, 6), 3, 2);
    expect([...q]).toEqual(new Array(6).fill(Number.NaN));
    expect([...r]).toEqual([Number.NaN, Number.NaN, 0, Number.NaN]);
  });

  it("takes 1 x 1, rows of nothing and columns of nothing", () => {
    expect(qr(Float32Array.of(-2), 1, 1)).toEqual({ q: Float32Array.of(1), r: Float32Array.of(-2) });
    expect(qr(new Float32Array(0), 5, 0)).toEqual({ q: new Float32Array(0), r: new Float32Array(0) });
    expect(qr(new Float32Array(0), 0, 0)).toEqual({ q: new Float32Array(0), r: new Float32Array(0) });
  });

  it("says how much was asked for where memory does not suffice, and works afterwards", () => {
    const tall = 12_000_000;
    expect(() => qr(new Float32Array(tall * 32), tall, 32)).toThrow(/out of WebAssembly memory: \d+ bytes asked for/);
    expect(qr(Float32Array.of(3), 1, 1).r).toEqual(Float32Array.of(3));
  });

  it("refuses what is not a matrix of that size", () => {
    expect(() => qr([1, 2] as unknown as Float32Array, 2, 1)).toThrow(/a: expected a Float32Array/);
    expect(() => qr(new Float32Array(6), 2, 3)).toThrow(/cols: expected at most rows = 2, got 3/);
    expect(() => qr(new Float32Array(5), 3, 2)).toThrow(/a: expected rows \* cols = 6 elements, got 5/);
    expect(() => qr(new Float32Array(6), 1.5, 4)).toThrow(/rows: expected an integer/);
    expect(() => qr(new Float32Array(6), 3, -2)).toThrow(/cols: expected an integer/);
  });
});
