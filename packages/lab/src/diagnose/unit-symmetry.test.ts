// Equal units to 1e-3, in any order and number, and the effective rank of a kernel.

import { heNormal, orthogonal } from "@fanin/core";
import { describe, expect, it } from "vitest";
import { effectiveRank, unitSymmetry } from "./unit-symmetry.ts";
import { unitMatrix } from "./weight-tensor.ts";

const matrix = (values: Float32Array, inputs: number, units: number) => unitMatrix(values, [inputs, units], "keras");

/** A kernel whose unit `u` is a copy of unit `source(u)` of a random one, with relative noise. */
function copies(inputs: number, units: number, source: (u: number) => number, noise: number): Float32Array {
  const { data } = heNormal({ seed: 1 })([inputs, units]);
  return data.map((_, j) => {
    const u = j % units;
    const i = Math.floor(j / units);
    return (data[i * units + source(u)] ?? 0) * (1 + noise * (((i * 31 + u * 17) % 13) / 6 - 1));
  });
}

/** The reference implementation: compares every pair. */
function slowDistinct(values: Float32Array, inputs: number, units: number): number {
  const first: number[] = [];
  for (let u = 0; u < units; u++) {
    const same = first.some((other) => {
      let [difference, a, b] = [0, 0, 0];
      for (let i = 0; i < inputs; i++) {
        const [x, y] = [values[i * units + u] ?? 0, values[i * units + other] ?? 0];
        difference += (x - y) ** 2;
        a += x * x;
        b += y * y;
      }
      return difference <= 1e-6 * Math.max(a, b);
    });
    if (!same) first.push(u);
  }
  return first.length;
}

describe("symmetric units", () => {
  it.each([
    ["none", (u: number) => u, 60],
    ["all", () => 0, 1],
    ["pairs", (u: number) => u - (u % 2), 30],
    ["thirds, apart", (u: number) => u % 20, 20],
    ["two of all", (u: number) => (u === 41 ? 3 : u), 59],
  ])("%s", (_, source, distinct) => {
    for (const noise of [0, 1e-5, 3e-4]) {
      const values = copies(30, 60, source, noise);
      const symmetry = unitSymmetry(matrix(values, 30, 60));
      expect(symmetry.distinct).toBe(distinct);
      expect(symmetry.distinct).toBe(slowDistinct(values, 30, 60));
      expect(symmetry.twins).toBe(distinct === 60 ? 0 : distinct === 59 ? 2 : 60);
    }
  });

  it("are not found if they differ by a hundredth: the noise has 13 patterns", () => {
    expect(
      unitSymmetry(
        matrix(
          copies(30, 60, () => 0, 0.05),
          30,
          60,
        ),
      ).distinct,
    ).toBe(13);
  });

  it("include all zero units and only those", () => {
    const values = heNormal({ seed: 2 })([8, 10]).data.map((value, j) => (j % 10 < 4 ? 0 : value));
    expect(unitSymmetry(matrix(values, 8, 10))).toMatchObject({ distinct: 7, twins: 4, largest: 4 });
  });
});

describe("the effective rank", () => {
  it("is the number of orthogonal units, 1 for equal ones and 0 for zeros", () => {
    expect(effectiveRank(matrix(orthogonal({ seed: 0 })([60, 40]).data, 60, 40))).toBeCloseTo(40, 3);
    expect(
      effectiveRank(
        matrix(
          copies(30, 60, () => 0, 0),
          30,
          60,
        ),
      ),
    ).toBeCloseTo(1, 6);
    expect(effectiveRank(matrix(new Float32Array(12), 3, 4))).toBe(0);
  });

  // (Σ λ)² / Σ λ² of a Wishart matrix tends to n u / (n + u).
  it("is n u / (n + u) for Gaussian units", () => {
    const { data } = heNormal({ seed: 0 })([400, 100]);
    expect(effectiveRank(matrix(data, 400, 100)) / 80).toBeCloseTo(1, 1);
  });
});
