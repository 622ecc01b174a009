// Values far beyond the spread of the others. The spread is that of the middle half, which outliers do not affect.
// Source: Huber and Ronchetti 2009, Robust Statistics, 5.1, for the deviation from quartiles.

import { sortedSample } from "./kolmogorov-smirnov.ts";
import type { ValueStatistics } from "./value-statistics.ts";
import type { Values } from "./weight-tensor.ts";

/** The distance between the quartiles of a standard normal. */
const NORMAL_QUARTILES = 1.3489795003921634;
/** No initializer's distribution reaches this far: the farthest of 1e20 normal values is at 9.3. */
const FARTHEST_DRAWN = 10;
/** Beyond this many deviations, a value is a finding. */
const OUTLIER = 20;
/** The gap that isolates a damaged value; a trained layer has a heavy tail without a gap. */
const GAP = 10;
const ALONE = 100;
/** A larger share belongs to the distribution. */
const MAX_SHARE = 0.05;

/** The outliers of a tensor. */
export interface Outliers {
  /** Their number in the sample. */
  readonly count: number;
  /** The distance of the farthest, in deviations of the others. */
  readonly deviations: number;
  readonly farthest: number;
  /** Whether a gap separates them from the others. */
  readonly isApart: boolean;
  /** The other values. */
  readonly rest: Float64Array;
}

/** The median, and the deviation from the quartiles; for a sparse tensor, of its nonzero values. */
function robustSpread(sorted: Float64Array): { centre: number; deviation: number } {
  const at = (values: Float64Array, share: number): number => values[Math.floor(share * (values.length - 1))] ?? 0;
  const deviation = (values: Float64Array): number => (at(values, 0.75) - at(values, 0.25)) / NORMAL_QUARTILES;
  const found = deviation(sorted);
  if (found > 0) return { centre: at(sorted, 0.5), deviation: found };
  const others = sorted.filter((value) => value !== 0);
  return { centre: at(others, 0.5), deviation: deviation(others) };
}

/** The outliers among finite values; null if there are none. */
export function findOutliers(values: Values, { min, max }: ValueStatistics): Outliers | null {
  const sorted = sortedSample(values);
  const { centre, deviation } = robustSpread(sorted);
  if (!(deviation > 0)) return null;
  const farthest = max - centre > centre - min ? max : min;
  const deviations = Math.abs(farthest - centre) / deviation;
  if (!(deviations > OUTLIER)) return null;
  const distance = (value: number): number => Math.abs(value - centre) / deviation;
  let count = 0;
  for (const value of values) if (distance(value) > FARTHEST_DRAWN) count++;
  if (count > MAX_SHARE * values.length) return null;
  // A sample may miss the farthest value.
  const far = [...sorted.filter((value) => distance(value) > FARTHEST_DRAWN).map(distance), deviations];
  far.sort((a, b) => a - b);
  let isApart = (far[0] ?? 0) > ALONE;
  for (const [k, value] of far.entries()) {
    const before = Math.max(FARTHEST_DRAWN, far[k - 1] ?? 0);
    isApart ||= value > ALONE && value > GAP * before;
  }
  const rest = Float64Array.from(values).filter((value) => distance(value) <= FARTHEST_DRAWN);
  return { count: Math.max(1, count), deviations, farthest, isApart, rest };
}
