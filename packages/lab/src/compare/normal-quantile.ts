// The quantile of the standard normal in float64.
// Source: Abramowitz and Stegun 26.2.23 for the initial value, then Halley's method on the distribution function.

import { normalCdf } from "@fanin/core";

/**
 * The z with normalCdf(z) = p, to about 1e-14; -Infinity at 0, Infinity at 1.
 *
 * @throws RangeError for p outside [0, 1].
 * @example
 * normalQuantile(0.975).toFixed(6); // => '1.959964'
 */
export function normalQuantile(p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`p: expected a number from 0 to 1, got ${p}`);
  // normalCdf resolves the lower tail only.
  if (p > 0.5) return -normalQuantile(1 - p);
  if (p === 0) return Number.NEGATIVE_INFINITY;
  const t = Math.sqrt(-2 * Math.log(p));
  let z = -(t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
  for (let i = 0; i < 3; i++) {
    const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
    const step = (normalCdf(z) - p) / density;
    z -= step / (1 + 0.5 * z * step);
  }
  return z;
}
