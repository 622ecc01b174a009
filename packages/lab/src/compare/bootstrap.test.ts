import { normalCdf } from "@fanin/core";
import { describe, expect, it } from "vitest";
import { bcaInterval, mean } from "./bootstrap.ts";
import { normalQuantile } from "./normal-quantile.ts";

// The spatial test data of Efron and Tibshirani 1993, table 14.1, series A.
const spatial = [48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6, 0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41];
/** The statistic of the book: the variance with divisor n. */
const variance = (values: ArrayLike<number>): number =>
  mean(Array.from(values, (value) => (value - mean(values)) ** 2));

/** The exact distribution of the mean over all n^n resamples of `values`. */
function allMeans(values: readonly number[]): number[] {
  let sums = [0];
  for (let i = 0; i < values.length; i++) sums = sums.flatMap((sum) => values.map((value) => sum + value));
  return sums.map((sum) => sum / values.length).sort((a, b) => a - b);
}

describe("bcaInterval", () => {
  it("gives the book's 90 % interval for the variance of the spatial test data", () => {
    expect(variance(spatial)).toBeCloseTo(171.5, 1);
    const { low, high, bias, acceleration } = bcaInterval(spatial, 0.9, variance);
    // Page 186 and table 14.2: a = 0.061, z0 = 0.146, BCa (115.8, 259.6) from 2000 resamples.
    expect(acceleration).toBeCloseTo(0.061, 3);
    // Standard errors of 2000 resamples: z0 0.028; the ends, by the slope of the quantile there, 1.9 and 4.5. Three of each.
    expect(Math.abs(bias - 0.146)).toBeLessThan(3 * 0.028);
    expect(Math.abs(low - 115.8)).toBeLessThan(3 * 1.9);
    expect(Math.abs(high - 259.6)).toBeLessThan(3 * 4.5);
  });

  it("agrees with the exact distribution over all resamples of five skewed values", () => {
    const values = [0.5, 1, 1.75, 2.125, 7];
    const means = allMeans(values);
    const estimate = mean(values);
    const below = means.filter((value) => value < estimate - 1e-9).length;
    const equal = means.filter((value) => Math.abs(value - estimate) <= 1e-9).length;
    const z0 = normalQuantile((below + equal / 2) / means.length);
    // For the mean the jackknife's a is the sum of cubes over 6 (sum of squares)^1.5 of the values about their mean.
    const cubes = values.reduce((sum, value) => sum + (value - estimate) ** 3, 0);
    const squares = values.reduce((sum, value) => sum + (value - estimate) ** 2, 0);
    const a = cubes / (6 * squares ** 1.5);
    const { low, high, bias, acceleration } = bcaInterval(values);
    expect(acceleration).toBeCloseTo(a, 12);
    // Standard error of z0 from 9999 resamples: 0.0125.
    expect(Math.abs(bias - z0)).toBeLessThan(3 * 0.0125);
    for (const [end, z] of [
      [low, normalQuantile(0.025)],
      [high, normalQuantile(0.975)],
    ] as const) {
      const share = normalCdf(z0 + (z0 + z) / (1 - a * (z0 + z)));
      // Three standard errors of the share of 9999 resamples below the end, including that of z0.
      const margin = 3 * Math.sqrt((share * (1 - share)) / 9999) + 3 * 0.0125 * 2 * 0.12;
      const at = (p: number) => means[Math.min(means.length - 1, Math.max(0, Math.round(p * means.length)))] ?? 0;
      expect(end).toBeGreaterThanOrEqual(at(share - margin));
      expect(end).toBeLessThanOrEqual(at(share + margin));
    }
  });

  it("is one point if all values are equal, and the same on every call", () => {
    expect(bcaInterval([0.1, 0.1, 0.1, 0.1, 0.1, 0.1])).toMatchObject({ bias: 0, acceleration: 0 });
    expect(bcaInterval([0.1, 0.1, 0.1, 0.1, 0.1, 0.1]).low).toBeCloseTo(0.1, 15);
    expect(bcaInterval(spatial)).toEqual(bcaInterval(spatial));
  });

  it("shifts and scales with the values", () => {
    const values = [1, 3, 4, 8, 9, 16];
    const { low, high } = bcaInterval(values);
    const moved = bcaInterval(values.map((value) => -4 * value + 32));
    expect([bcaInterval(values.map((value) => 4 * value + 32)).low, -moved.low]).toEqual([
      4 * low + 32,
      expect.closeTo(4 * high - 32, 0),
    ]);
  });

  it("refuses what it cannot resample", () => {
    expect(() => bcaInterval([1])).toThrow(RangeError);
    expect(() => bcaInterval([1, 2], 1)).toThrow(RangeError);
  });
});
