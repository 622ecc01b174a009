// Martens' rule: so many weights into each unit, wherever they are.

import { describe, expect, it } from "vitest";
import { meanSquare } from "../../test/signal.ts";
import { sparseNormal } from "./sparse-normal.ts";

/** The inputs that unit `unit` keeps. */
function kept(data: Float32Array, units: number, unit: number): number[] {
  return Array.from({ length: data.length / units }, (_, i) => i).filter((i) => data[i * units + unit] !== 0);
}

describe("sparseNormal", () => {
  it("keeps `connections` inputs of every unit, other ones for other units", () => {
    const { data } = sparseNormal({ connections: 15, seed: 1 })([200, 40]);
    const inputs = Array.from({ length: 40 }, (_, unit) => kept(data, 40, unit));
    for (const list of inputs) expect(list.length).toBe(15);
    expect(new Set(inputs.map(String)).size).toBe(40);
  });

  it("chooses every input equally often and independently of the weights", () => {
    const { data } = sparseNormal({ connections: 5, stddev: 2, seed: 2 })([50, 8000]);
    const counts = Array.from({ length: 50 }, (_, i) => data.subarray(i * 8000, (i + 1) * 8000).filter(Boolean).length);
    // Binomial(8000, 0.1): five and a half standard deviations of 26.8.
    for (const count of counts) expect(Math.abs(count - 800)).toBeLessThan(148);
    // 40,000 squares: a standard error of sqrt(2 / 40000) = 0.7 %.
    expect(Math.abs(meanSquare(data.filter(Boolean)) / 4 - 1)).toBeLessThan(0.035);
  });

  it("keeps all inputs of a unit that has fewer, and none for 0 connections", () => {
    expect(sparseNormal({ seed: 1 })([3, 4]).data.every((value) => value !== 0)).toBe(true);
    expect(sparseNormal({ connections: 0, seed: 1 })([3, 4]).data.every((value) => value === 0)).toBe(true);
    expect(sparseNormal({ connections: 15 }).distribution([150, 4]).variance).toBeCloseTo(0.1, 12);
    expect(() => sparseNormal()([4])).toThrow(/SparseNormal expected 2 or more dimensions/);
  });
});
