// Values far beyond the spread of the others. The spread is that of the middle half, which outliers cannot widen.
// Source: Huber and Ronchetti 2009, Robust Statistics, 5.1, for the deviation from quartiles.

import { sortedSample } from "./kolmogorov-smirnov.ts";
import type { ValueStatistics } from "./value-statistics.ts";
import type { Values } from "./weight-tensor.ts";

/** The distance between the quartiles of a standard normal. */
const NORMAL_QUARTILES = 1.3489795003921634;
/** No law that an initializer draws from reaches this far: of 1e20 normal values the farthest is at 9.3. */
const FARTHEST_DRAWN = 10;
/** Beyond, a value is worth a finding. */
const OUTLIER = 20;
/** A trained layer's tail is heavy but has no gap; a damaged value stands alone. */
const GAP = 10;
const ALONE = 100;
/** More are a part of the law, not outliers of it. */
const MOST = 0.05;

/** Values that stand apart. */
export interface Outliers {
  /** How many there are among the values looked at. */
  readonly count: number;
  /** How far the farthest is, in deviations of the others. */
  readonly deviations: number;
  readonly farthest: number;
  /** Whether nothing lies between them and the others. */
  readonly isApart: boolean;
  /** The others. */
  readonly rest: Float64Array;
}

/** The median, and the deviation by the quartiles; of a sparse tensor by those of the values that are not 0. */
function robustSpread(sorted: Float64Array): { centre: number; deviation: number } {
  const at = (values: Float64Array, share: number): number => values[Math.floor(share * (values.length - 1))] ?? 0;
  const deviation = (values: Float64Array): number => (at(values, 0.75) - at(values, 0.25)) / NORMAL_QUARTILES;
  const found = deviation(sorted);
  if (found > 0) return { centre: at(sorted, 0.5), deviation: found };
  const others = sorted.filter((value) => value !== 0);
  return { centre: at(others, 0.5), deviation: deviation(others) };
}

/** The outliers among finite values; null where there are none. */
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
  if (count > MOST * values.length) return null;
  // In a sample the farthest may be missing.
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
