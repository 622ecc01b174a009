// The Kolmogorov-Smirnov test of values against a distribution.
// Source: Marsaglia, Tsang and Wang 2003 for the tail of the limit; Stephens 1970 for the correction at finite n.

/** The greatest number of values to sort: enough to detect a shift of the distribution function of 1 %. */
const SAMPLE = 1 << 15;

/** A sorted sample of evenly spaced elements of `values`. */
export function sortedSample(values: Float32Array | Float64Array): Float64Array {
  const stride = Math.max(1, Math.ceil(values.length / SAMPLE));
  const sample = new Float64Array(Math.ceil(values.length / stride));
  for (let i = 0; i < sample.length; i++) sample[i] = values[i * stride] ?? 0;
  return sample.sort();
}

/** The greatest distance between the empirical distribution of sorted values and `cdf`. */
export function ksDistance(sorted: Float64Array, cdf: (x: number) => number): number {
  const n = sorted.length;
  let distance = 0;
  for (let i = 0; i < n; i++) {
    const expected = cdf(sorted[i] as number);
    distance = Math.max(distance, expected - i / n, (i + 1) / n - expected);
  }
  return distance;
}

/** The p-value of a distance: 2 sum of (-1)^(k-1) exp(-2 k² d²). */
export function ksProbability(distance: number, n: number): number {
  const root = Math.sqrt(n);
  const d = distance * (root + 0.12 + 0.11 / root);
  // Below this, the series converges slowly and the p-value is 1 to twelve digits.
  if (d < 0.27) return 1;
  let sum = 0;
  for (let k = 1; k <= 20; k++) sum += (k % 2 === 1 ? 2 : -2) * Math.exp(-2 * k * k * d * d);
  return Math.min(1, Math.max(0, sum));
}
