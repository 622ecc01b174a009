// Compares moments, counts and histogram of values in chunks with a direct computation.

import { describe, expect, it } from "vitest";
import { ValueHistogram, ValueStatistics } from "./value-statistics.ts";

/** Makes values with a mean far from zero, for which a single pass over squares would lose all digits. */
const values = Float64Array.from({ length: 30_001 }, (_, i) => 1e6 + Math.sin(i * i));

describe("ValueStatistics", () => {
  it.each([1, 7, 8192, 10_000, 30_001])("has the moments of all values in chunks of %d", (size) => {
    const found = new ValueStatistics();
    for (let start = 0; start < values.length; start += size) found.add(values.subarray(start, start + size));
    const mean = values.reduce((sum, value) => sum + (value - 1e6), 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - 1e6 - mean) ** 2, 0) / values.length;
    expect(found.count).toBe(values.length);
    // Each chunk rounds the mean once, by at most half of the spacing 2^-33 of float64 at 1e6.
    const tolerance = Math.ceil(values.length / Math.min(size, 8192)) * 2 ** -34 + 1e-9;
    expect(Math.abs(found.mean - 1e6 - mean)).toBeLessThanOrEqual(tolerance);
    expect(Math.abs(found.standardDeviation - Math.sqrt(variance))).toBeLessThanOrEqual(tolerance);
    expect([found.min, found.max]).toEqual([Math.min(...values), Math.max(...values)]);
  });

  it("counts NaN and infinities separately, and excludes them from the moments", () => {
    const found = new ValueStatistics();
    found.add(
      new Float32Array([1, Number.NaN, 3, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, Number.NaN]),
    );
    const { count, nan, positiveInfinity, negativeInfinity, zeros, mean, min, max } = found;
    expect({ count, nan, positiveInfinity, negativeInfinity, zeros, mean, min, max }).toEqual({
      count: 8,
      nan: 2,
      positiveInfinity: 1,
      negativeInfinity: 1,
      zeros: 2,
      mean: 1,
      min: 0,
      max: 3,
    });
  });

  it("has no range without a finite value", () => {
    const found = new ValueStatistics();
    found.add(new Float32Array([Number.NaN]));
    expect([found.hasRange, found.standardDeviation]).toEqual([false, 0]);
  });
});

describe("ValueHistogram", () => {
  it("assigns values to bins of equal width, the greatest to the last", () => {
    const histogram = new ValueHistogram(0, 4, 4);
    histogram.add(new Float32Array([0, 0.5, 1, 2.5, 3, 4, Number.NaN, Number.POSITIVE_INFINITY]));
    expect(histogram.counts).toEqual([2, 1, 1, 2]);
  });

  it("spans ranges whose difference overflows float64", () => {
    const histogram = new ValueHistogram(-1.7e308, 1.7e308, 2);
    histogram.add(new Float64Array([-1.7e308, -1e300, 1e300, 1.7e308]));
    expect(histogram.counts).toEqual([2, 2]);
  });
});
