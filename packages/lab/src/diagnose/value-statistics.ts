// Moments, extremes and non-finite counts of a tensor's values, in float64.
// Source: the two-pass form of Welford 1962, which needs no correction.

import type { Values } from "./weight-tensor.ts";

/** Statistics of the finite values of a tensor, and the counts of NaN and infinities. */
export interface ValueStatistics {
  readonly count: number;
  readonly nans: number;
  readonly infinities: number;
  readonly zeros: number;
  readonly mean: number;
  /** The population standard deviation (divisor n). */
  readonly standardDeviation: number;
  readonly min: number;
  readonly max: number;
}

/** The statistics of the finite values; without any, mean 0 and an empty range. */
export function valueStatistics(values: Values): ValueStatistics {
  let nans = 0;
  let infinities = 0;
  let zeros = 0;
  let sum = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) {
      if (Number.isNaN(value)) nans++;
      else infinities++;
      continue;
    }
    if (value === 0) zeros++;
    sum += value;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const finite = values.length - nans - infinities;
  // The mean of a constant is that constant, without rounding of the sum.
  const mean = finite === 0 ? 0 : min === max ? min : sum / finite;
  let squares = 0;
  for (const value of values) if (Number.isFinite(value)) squares += (value - mean) ** 2;
  const standardDeviation = finite === 0 ? 0 : Math.sqrt(squares / finite);
  return { count: values.length, nans, infinities, zeros, mean, standardDeviation, min, max };
}
