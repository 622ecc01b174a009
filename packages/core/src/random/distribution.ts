// Distributions as values: their moments, their distribution function, and how a framework's random numbers draw them.
// One file: the four are one family, a few lines each beside their docstrings.

/** What the values of an initializer look like: tests and reports compare observations with it. */
export interface Distribution {
  readonly mean: number;
  readonly variance: number;
  /** The least and the greatest value. */
  readonly support: readonly [number, number];
  /** The cumulative distribution function, where it has a closed form. */
  readonly cdf?: (x: number) => number;
}

/** What draws values into arrays: the random numbers of one framework, from one seed and position, in one element type. */
export interface ValueSource<A> {
  uniform(out: A, low: number, high: number): void;
  normal(out: A, mean: number, stddev: number): void;
  /** `low` and `high` are in standard deviations from the mean. */
  truncatedNormal(out: A, mean: number, stddev: number, low: number, high: number): void;
  constant(out: A, value: number): void;
}

/** The kinds of distribution that a source draws. */
export type DistributionKind = keyof ValueSource<never>;

/** A distribution whose values are independent of one another and can be drawn. */
export interface DrawnDistribution extends Distribution {
  readonly kind: DistributionKind;
  /** The arguments of the function that made it. */
  readonly parameters: readonly number[];
  readonly cdf: (x: number) => number;
  /** Fills `out` from `source`. */
  fill<A>(out: A, source: ValueSource<A>): void;
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

/** The distribution function of a single value. */
function step(x: number, value: number): number {
  return x < value ? 0 : 1;
}

function clampToUnit(x: number): number {
  return Math.min(1, Math.max(0, x));
}

function sorted(a: number, b: number): readonly [number, number] {
  return a <= b ? [a, b] : [b, a];
}

/** The probability that a standard normal is within [low, high]; in the tail that loses no digits. */
function normalMass(low: number, high: number): number {
  return low > 0 ? normalCdf(-low) - normalCdf(-high) : normalCdf(high) - normalCdf(low);
}

/** The density of the standard normal. */
function normalDensity(z: number): number {
  return Number.isFinite(z) ? Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI) : 0;
}

// Classes, because moments that are not asked for must cost a small fill nothing.

class Uniform implements DrawnDistribution {
  readonly kind = "uniform";
  readonly #low: number;
  readonly #high: number;

  constructor(low: number, high: number) {
    this.#low = low;
    this.#high = high;
  }

  get parameters(): readonly number[] {
    return [this.#low, this.#high];
  }

  get mean(): number {
    return (this.#low + this.#high) / 2;
  }

  get variance(): number {
    return (this.#high - this.#low) ** 2 / 12;
  }

  get support(): readonly [number, number] {
    return sorted(this.#low, this.#high);
  }

  get cdf(): (x: number) => number {
    const [low, high] = this.support;
    return (x) => (low === high ? step(x, low) : clampToUnit((x - low) / (high - low)));
  }

  fill<A>(out: A, source: ValueSource<A>): void {
    source.uniform(out, this.#low, this.#high);
  }
}

class Normal implements DrawnDistribution {
  readonly kind = "normal";
  readonly mean: number;
  readonly #stddev: number;

  constructor(mean: number, stddev: number) {
    this.mean = mean;
    this.#stddev = stddev;
  }

  get parameters(): readonly number[] {
    return [this.mean, this.#stddev];
  }

  get variance(): number {
    return this.#stddev ** 2;
  }

  get support(): readonly [number, number] {
    return this.#stddev === 0 ? [this.mean, this.mean] : [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  }

  get cdf(): (x: number) => number {
    const { mean } = this;
    const size = Math.abs(this.#stddev);
    return (x) => (size === 0 ? step(x, mean) : normalCdf((x - mean) / size));
  }

  fill<A>(out: A, source: ValueSource<A>): void {
    source.normal(out, this.mean, this.#stddev);
  }
}

class TruncatedNormal implements DrawnDistribution {
  readonly kind = "truncatedNormal";
  readonly #mean: number;
  readonly #stddev: number;
  readonly #low: number;
  readonly #high: number;

  constructor(mean: number, stddev: number, low: number, high: number) {
    this.#mean = mean;
    this.#stddev = stddev;
    this.#low = low;
    this.#high = high;
  }

  get parameters(): readonly number[] {
    return [this.#mean, this.#stddev, this.#low, this.#high];
  }

  /** Mean of the standard normal within the bounds; JAX gives the upper one where they leave nothing between them. */
  get #standardMean(): number {
    if (!(this.#low < this.#high)) return this.#high;
    return (normalDensity(this.#low) - normalDensity(this.#high)) / normalMass(this.#low, this.#high);
  }

  get mean(): number {
    return this.#mean + this.#stddev * this.#standardMean;
  }

  get variance(): number {
    if (!(this.#low < this.#high)) return 0;
    const edge = (z: number): number => (Number.isFinite(z) ? z * normalDensity(z) : 0);
    const edges = (edge(this.#low) - edge(this.#high)) / normalMass(this.#low, this.#high);
    return this.#stddev ** 2 * (1 + edges - this.#standardMean ** 2);
  }

  get support(): readonly [number, number] {
    if (this.#stddev === 0) return [this.#mean, this.#mean];
    const low = Math.min(this.#low, this.#high);
    return sorted(this.#mean + this.#stddev * low, this.#mean + this.#stddev * this.#high);
  }

  get cdf(): (x: number) => number {
    const [least, most] = this.support;
    if (least === most) return (x) => step(x, least);
    const mass = normalMass(this.#low, this.#high);
    return (x) => {
      const z = (x - this.#mean) / this.#stddev;
      return clampToUnit((this.#stddev > 0 ? normalMass(this.#low, z) : normalMass(z, this.#high)) / mass);
    };
  }

  fill<A>(out: A, source: ValueSource<A>): void {
    source.truncatedNormal(out, this.#mean, this.#stddev, this.#low, this.#high);
  }
}

class Constant implements DrawnDistribution {
  readonly kind = "constant";
  readonly mean: number;
  readonly variance = 0;

  constructor(value: number) {
    this.mean = value;
  }

  get parameters(): readonly number[] {
    return [this.mean];
  }

  get support(): readonly [number, number] {
    return [this.mean, this.mean];
  }

  get cdf(): (x: number) => number {
    const { mean } = this;
    return (x) => step(x, mean);
  }

  fill<A>(out: A, source: ValueSource<A>): void {
    source.constant(out, this.mean);
  }
}

/**
 * Uniform on [low, high).
 *
 * @example
 * distributions.uniform(-1, 3).mean; // => 1
 */
export function uniform(low: number, high: number): DrawnDistribution {
  return new Uniform(low, high);
}

/**
 * Normal.
 *
 * @example
 * distributions.normal(0, 2).variance; // => 4
 */
export function normal(mean: number, stddev: number): DrawnDistribution {
  return new Normal(mean, stddev);
}

/**
 * Normal cut at `low` and `high` standard deviations from the mean; `stddev` is that of the normal before the cut.
 * Defaults to a cut at two standard deviations, the only one that Keras draws.
 *
 * @example
 * distributions.truncatedNormal(1, 0.5).support; // => [ 0, 2 ]
 */
export function truncatedNormal(mean: number, stddev: number, low: number = -2, high: number = 2): DrawnDistribution {
  return new TruncatedNormal(mean, stddev, low, high);
}

/**
 * All values equal.
 *
 * @example
 * distributions.constant(3).cdf(2); // => 0
 */
export function constant(value: number): DrawnDistribution {
  return new Constant(value);
}

/** One of `values`, in proportion to `weights`, which default to equal ones. */
export function discrete(values: readonly number[], weights: readonly number[] = values.map(() => 1)): Distribution {
  const present = values.filter((_, i) => (weights[i] as number) > 0);
  const shares = weights.filter((weight) => weight > 0);
  const total = shares.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return constant(0);
  const average = (of: (value: number) => number): number =>
    present.reduce((sum, value, i) => sum + ((shares[i] as number) / total) * of(value), 0);
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
export function bernoulli(share: number): Distribution {
  return discrete([0, 1], [1 - share, share]);
}
