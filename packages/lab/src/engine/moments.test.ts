import { describe, expect, it } from "vitest";
import { histogram, moments } from "./moments.ts";

describe("moments", () => {
  it("merges chunks as one array", () => {
    const values = Float32Array.from({ length: 40_000 }, (_, i) => (i % 1000) / 1000 + (i > 20_000 ? 5 : 0));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const found = moments(values);
    expect(found.count).toBe(40_000);
    expect(found.mean).toBeCloseTo(mean, 12);
    expect(found.standardDeviation).toBeCloseTo(Math.sqrt(variance), 12);
    expect([found.min, found.max]).toEqual([0, Math.fround(5.999)]);
  });

  it("keeps the spread of values far from zero", () => {
    const found = moments(Float32Array.from({ length: 30_000 }, (_, i) => 1000 + (i % 2)));
    expect(found.standardDeviation).toBe(0.5);
  });

  it("has an empty range for no values", () => {
    expect(moments(new Float32Array(0))).toEqual({
      count: 0,
      mean: 0,
      standardDeviation: 0,
      min: Number.POSITIVE_INFINITY,
      max: Number.NEGATIVE_INFINITY,
    });
  });

  it("propagates NaN", () => {
    expect(moments(new Float32Array([1, Number.NaN, 2])).mean).toBeNaN();
  });
});

describe("histogram", () => {
  it("counts every value within the range once, and the upper end in the last bin", () => {
    const values = Float32Array.from({ length: 20_001 }, (_, i) => i / 20_000);
    const { counts } = histogram(values, 0, 1, 4);
    expect(counts).toEqual([5000, 5000, 5000, 5001]);
  });
});
