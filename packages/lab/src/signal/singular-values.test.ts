import { randomNormal } from "@fanin/core";
import { describe, expect, it } from "vitest";
import { orthonormal } from "./orthonormal.ts";
import { marchenkoPastur, singularValues } from "./singular-values.ts";

describe("singularValues", () => {
  it("gives the known values of known matrices", () => {
    expect([...singularValues([3, 0, 0, 4], 2, 2)]).toEqual([expect.closeTo(4, 13), expect.closeTo(3, 13)]);
    expect([...singularValues([1, 2, 3, 4, 5, 6], 2, 3)]).toEqual([
      expect.closeTo(9.508032000695724, 12),
      expect.closeTo(0.7728696356734838, 12),
    ]);
    expect([...singularValues([1, 1, 1, 1], 2, 2)]).toEqual([expect.closeTo(2, 13), expect.closeTo(0, 15)]);
    expect([...singularValues([0, 0, 0], 1, 3)]).toEqual([0]);
    // Hilbert's matrix of order 5: condition number 476607.25.
    const hilbert = Array.from({ length: 25 }, (_, i) => 1 / (1 + Math.floor(i / 5) + (i % 5)));
    const s = singularValues(hilbert, 5, 5);
    expect((s[0] ?? 0) / (s[4] ?? 1)).toBeCloseTo(476607.25, 1);
  });

  it.each([
    [1, 1],
    [5, 5],
    [40, 17],
    [17, 40],
    [64, 64],
  ])("matches trace and fourth moment of %i x %i", (rows, cols) => {
    const a = randomNormal({ seed: rows * cols, stddev: 1 })([rows, cols]).data;
    const s = singularValues(a, rows, cols);
    let [trace, fourth] = [0, 0];
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < rows; k++) {
        let dot = 0;
        for (let j = 0; j < cols; j++) dot += (a[i * cols + j] ?? 0) * (a[k * cols + j] ?? 0);
        fourth += dot * dot;
        if (i === k) trace += dot;
      }
    }
    expect(s.reduce((sum, x) => sum + x ** 2, 0) / trace).toBeCloseTo(1, 12);
    expect(s.reduce((sum, x) => sum + x ** 4, 0) / fourth).toBeCloseTo(1, 12);
    expect([...s]).toEqual([...s].sort((x, y) => y - x));
  });

  it("scales exactly, also if squares leave the range of doubles", () => {
    const a = [1, 2, 3, 4, 5, 7];
    const s = singularValues(a, 3, 2);
    for (const scale of [2 ** -600, 2 ** 600]) {
      const scaled = singularValues(
        a.map((x) => x * scale),
        3,
        2,
      );
      scaled.forEach((x, i) => {
        expect(x / scale).toBeCloseTo(s[i] ?? 0, 12);
      });
    }
  });

  it("finds 1 for orthonormal matrices", () => {
    for (const [rows, cols] of [
      [30, 30],
      [50, 20],
      [20, 50],
    ] as const) {
      for (const s of singularValues(orthonormal(rows, cols, 5), rows, cols)) expect(s).toBeCloseTo(1, 13);
    }
  });

  it("names the faulty argument", () => {
    expect(() => singularValues([1], 1, 2)).toThrow("values: expected 1 x 2 = 2 numbers, got 1");
    expect(() => singularValues([Number.NaN], 1, 1)).toThrow("values: expected finite numbers, got NaN at 0");
    expect(() => singularValues([], 2000, 2000)).toThrow("rows: expected an integer from 1 to 1024, got 2000");
  });
});

describe("marchenkoPastur", () => {
  it.each([
    [100, 100],
    [300, 100],
    [100, 784],
  ])("has mass 1 and the right second moment for %i x %i", (rows, cols) => {
    const { low, high, density, cdf } = marchenkoPastur(rows, cols, 0.5);
    let [mass, second] = [0, 0];
    const steps = 20_000;
    for (let i = 0; i < steps; i++) {
      const s = low + ((high - low) * (i + 0.5)) / steps;
      mass += (density(s) * (high - low)) / steps;
      second += (s * s * density(s) * (high - low)) / steps;
    }
    expect(mass).toBeCloseTo(1, 4);
    expect(second).toBeCloseTo(0.5 * Math.max(rows, cols), 2);
    expect([cdf(low - 1), cdf(high)]).toEqual([0, 1]);
    expect(cdf(high * 0.999999)).toBeCloseTo(1, 4);
  });

  it("is the quarter circle for a square matrix", () => {
    const { density } = marchenkoPastur(100, 100, 1 / 100);
    for (const s of [0, 0.5, 1.5]) expect(density(s)).toBeCloseTo(Math.sqrt(4 - s * s) / Math.PI, 12);
  });

  it("describes a drawn matrix: Kolmogorov's distance is of order 1 / n", () => {
    const s = singularValues(randomNormal({ seed: 2, stddev: 1 / 14 })([196, 98]).data, 196, 98);
    const { cdf } = marchenkoPastur(196, 98, 1 / 196);
    const distance = Math.max(...[...s].reverse().map((x, i) => Math.abs(cdf(x) - (i + 0.5) / 98)));
    expect(distance).toBeLessThan(3 / 98);
  });
});
