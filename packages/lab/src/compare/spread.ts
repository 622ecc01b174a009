// Mean, spread and the 95 % interval of the mean over a few runs.
// Source: Student 1908; the quantile by Cornish-Fisher (Abramowitz and Stegun 26.7.5), exact for 1 and 2 degrees of freedom.

import type { Spread } from "./result.ts";

const Z = 1.959963984540054; // the 97.5 % quantile of the standard normal

/** The 97.5 % quantile of Student's t with `degrees` degrees of freedom, 1 or more; within 0.4 % of the exact value. */
export function studentQuantile(degrees: number): number {
  if (degrees === 1) return Math.tan(0.475 * Math.PI);
  if (degrees === 2) return 0.95 * Math.sqrt(2 / (1 - 0.95 ** 2));
  const g1 = (Z ** 3 + Z) / 4;
  const g2 = (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96;
  const g3 = (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384;
  const g4 = (79 * Z ** 9 + 776 * Z ** 7 + 1482 * Z ** 5 - 1920 * Z ** 3 - 945 * Z) / 92160;
  return Z + g1 / degrees + g2 / degrees ** 2 + g3 / degrees ** 3 + g4 / degrees ** 4;
}

/**
 * Mean, sample standard deviation, interval and range of one or more values. For one value, deviation and interval are null.
 *
 * @throws RangeError for no values.
 * @example
 * spread([1, 2, 3]); // => { mean: 2, standardDeviation: 1, interval: [ -0.4841377117503307, 4.48413771175033 ], min: 1, max: 3 }
 */
export function spread(values: readonly number[]): Spread {
  const n = values.length;
  if (n === 0) throw new RangeError("values: expected at least one, got none");
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const standardDeviation = n > 1 ? Math.sqrt(squares / (n - 1)) : null;
  const half = standardDeviation === null ? null : (studentQuantile(n - 1) * standardDeviation) / Math.sqrt(n);
  return {
    mean,
    standardDeviation,
    interval: half === null ? null : [mean - half, mean + half],
    min: Math.min(...values),
    max: Math.max(...values),
  };
}
