// Laws: what the values of an initializer should look like. Tests and reports compare observation with these only.

/** Mean, variance, support and, where a closed form exists, the cumulative distribution function. */
export interface Law {
  readonly mean: number;
  readonly variance: number;
  readonly support: readonly [number, number];
  readonly cdf?: (x: number) => number;
}

/** The standard deviation of a standard normal cut to [-2, 2]. */
export const TRUNCATED_STDDEV = 0.87962566103423978;

/**
 * The standard normal's distribution function, to about 1e-15.
 *
 * @example
 * normalCdf(0); // => 0.5
 */
export function normalCdf(x: number): number {
  return 0.5 * erfc(-x / Math.SQRT2);
}

/** erfc by the power series near 0, by the continued fraction of Laplace beyond. */
function erfc(x: number): number {
  if (x < 0) return 2 - erfc(-x);
  if (x < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
      if (term === 0) break;
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let n = 80; n > 0; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}

/** All values equal. */
export function constantLaw(value: number): Law {
  return { mean: value, variance: 0, support: [value, value], cdf: (x) => (x < value ? 0 : 1) };
}

/** One of `values`, in proportion to `weights`; equally likely unless said. */
export function mixedLaw(values: readonly number[], weights: readonly number[] = values.map(() => 1)): Law {
  const present = values.filter((_, i) => (weights[i] ?? 0) > 0);
  const shares = weights.filter((weight) => weight > 0);
  const total = shares.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return constantLaw(0);
  const average = (of: (value: number) => number): number =>
    present.reduce((sum, value, i) => sum + ((shares[i] ?? 0) / total) * of(value), 0);
  const mean = average((value) => value);
  return {
    mean,
    variance: average((value) => (value - mean) ** 2),
    support: [
      present.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
      present.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
    ],
    cdf: (x) => average((value) => (value <= x ? 1 : 0)),
  };
}

/** One with probability `share`, else zero. */
export function onesLaw(share: number): Law {
  return mixedLaw([0, 1], [1 - share, share]);
}

/** Uniform on [minval, maxval). */
export function uniformLaw(minval: number, maxval: number): Law {
  const range = maxval - minval;
  if (range === 0) return constantLaw(minval);
  return {
    mean: (minval + maxval) / 2,
    variance: range ** 2 / 12,
    support: [minval, maxval],
    cdf: (x) => Math.min(1, Math.max(0, (x - minval) / range)),
  };
}

/** Normal. */
export function normalLaw(mean: number, stddev: number): Law {
  if (stddev === 0) return constantLaw(mean);
  return {
    mean,
    variance: stddev ** 2,
    support: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
    cdf: (x) => normalCdf((x - mean) / stddev),
  };
}

/** Normal cut at two of its standard deviations; `stddev` is that of the normal before the cut. */
export function truncatedNormalLaw(mean: number, stddev: number): Law {
  if (stddev === 0) return constantLaw(mean);
  const tail = normalCdf(-2);
  return {
    mean,
    variance: (TRUNCATED_STDDEV * stddev) ** 2,
    support: [mean - 2 * stddev, mean + 2 * stddev],
    cdf: (x) => Math.min(1, Math.max(0, (normalCdf((x - mean) / stddev) - tail) / (1 - 2 * tail))),
  };
}
