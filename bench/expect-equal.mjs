// The checks before a measurement: speeds are comparable only if all contenders compute the same.
// Each check throws an Error that names the work, the element and both values.
// @ts-check

/**
 * Throws unless |got - want| <= tolerance * (1 + |want|) everywhere.
 * @param {string} name
 * @param {ArrayLike<number>} got
 * @param {ArrayLike<number>} want
 * @param {number} tolerance 0 is equality
 */
export function expectClose(name, got, want, tolerance) {
  if (got.length !== want.length) throw new Error(`${name}: expected ${want.length} elements, got ${got.length}`);
  for (let i = 0; i < want.length; i++) {
    const expected = want[i] ?? 0;
    const value = got[i] ?? Number.NaN;
    if (!(Math.abs(value - expected) <= tolerance * (1 + Math.abs(expected)))) {
      throw new Error(`${name}: element ${i}: expected ${expected}, got ${value}`);
    }
  }
}

/**
 * Throws unless the mean and variance of `values` are those of `distribution` within five standard errors (taking a kurtosis of at
 * most 3), and all lie in its support.
 * @param {string} name
 * @param {ArrayLike<number>} values
 * @param {{ mean: number, variance: number, support: readonly [number, number] }} distribution
 */
export function expectDistribution(name, values, { mean, variance, support }) {
  const n = values.length;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const value = values[i] ?? Number.NaN;
    if (!(value >= support[0] && value <= support[1])) throw new Error(`${name}: ${value} lies outside [${support}]`);
    sum += value;
    squares += (value - mean) ** 2;
  }
  if (!(Math.abs(sum / n - mean) <= 5 * Math.sqrt(variance / n))) {
    throw new Error(`${name}: expected the mean ${mean}, got ${sum / n}`);
  }
  if (!(Math.abs(squares / n - variance) <= 5 * variance * Math.sqrt(2 / n))) {
    throw new Error(`${name}: expected the variance ${variance}, got ${squares / n}`);
  }
}

/**
 * Throws unless the columns of the n x n matrix `q` are orthonormal.
 * @param {string} name
 * @param {ArrayLike<number>} q row-major
 * @param {number} n
 */
export function expectOrthonormal(name, q, n) {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let dot = 0;
      for (let k = 0; k < n; k++) dot += (q[k * n + i] ?? Number.NaN) * (q[k * n + j] ?? Number.NaN);
      const error = Math.abs(dot - (i === j ? 1 : 0));
      if (!(error <= 1e-4)) throw new Error(`${name}: columns ${i} and ${j} are not orthonormal by ${error}`);
    }
  }
}
