import { describe, expect, it } from "vitest";
import { spread, studentQuantile } from "./spread.ts";

describe("studentQuantile", () => {
  it.each([
    [1, 12.7062],
    [2, 4.30265],
    [3, 3.18245],
    [4, 2.77645],
    [7, 2.36462],
    [30, 2.04227],
  ])("agrees with the tables for %i degrees of freedom", (degrees, table) => {
    expect(Math.abs(studentQuantile(degrees) / table - 1)).toBeLessThan(0.004);
  });
});

describe("spread", () => {
  it("gives mean, sample standard deviation, interval and range", () => {
    const { mean, standardDeviation, interval, min, max } = spread([1, 2, 3]);
    expect({ mean, standardDeviation, min, max }).toEqual({ mean: 2, standardDeviation: 1, min: 1, max: 3 });
    expect(interval?.[0]).toBeCloseTo(2 - 4.30265 / Math.sqrt(3), 4);
    expect(interval?.[1]).toBeCloseTo(2 + 4.30265 / Math.sqrt(3), 4);
  });

  it("has no deviation and no interval for one value", () => {
    expect(spread([0.5])).toEqual({ mean: 0.5, standardDeviation: null, interval: null, min: 0.5, max: 0.5 });
  });

  it("refuses no values", () => {
    expect(() => spread([])).toThrow(RangeError);
  });
});
