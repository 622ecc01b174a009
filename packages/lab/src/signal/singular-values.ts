// Singular values of a matrix in f64: Householder bidiagonalization, then bisection on the bidiagonal matrix.
// Source: Golub and Kahan 1965; the zero-diagonal tridiagonal form and its Sturm counts as in Demmel and Kahan 1990.

import { expectInteger } from "@fanin/tensor/arguments";

const MAX_SIDE = 1024; // takes about three seconds; enough for a figure of a layer

/** The norm of a strided vector from `from` on, scaled by its greatest value to avoid overflow and underflow. */
function norm(a: Float64Array, start: number, stride: number, count: number): number {
  let greatest = 0;
  for (let i = 0; i < count; i++) greatest = Math.max(greatest, Math.abs(a[start + i * stride] ?? 0));
  if (greatest === 0) return 0;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const x = (a[start + i * stride] ?? 0) / greatest;
    sum += x * x;
  }
  return greatest * Math.sqrt(sum);
}

/**
 * Replaces a strided vector by its Householder vector v with implied v[0] = 1 at `start`. Returns the transformed first
 * element and the factor 2 / (v . v); a factor of 0 means the identity.
 */
function householder(a: Float64Array, start: number, stride: number, count: number): [value: number, factor: number] {
  const length = norm(a, start, stride, count);
  const first = a[start] ?? 0;
  if (length === 0) return [0, 0];
  const value = first > 0 ? -length : length;
  const pivot = first - value;
  for (let i = 1; i < count; i++) a[start + i * stride] = (a[start + i * stride] ?? 0) / pivot;
  a[start] = 1;
  return [value, -pivot / value];
}

/** Diagonal and superdiagonal of the bidiagonal form of the rows x cols matrix `a`, rows >= cols; overwrites `a`. */
function bidiagonalize(a: Float64Array, rows: number, cols: number): { diagonal: Float64Array; above: Float64Array } {
  const diagonal = new Float64Array(cols);
  const above = new Float64Array(Math.max(0, cols - 1));
  const sums = new Float64Array(cols);
  for (let k = 0; k < cols; k++) {
    const [d, left] = householder(a, k * cols + k, cols, rows - k);
    diagonal[k] = d;
    if (left !== 0) {
      sums.fill(0);
      for (let i = k; i < rows; i++) {
        const v = a[i * cols + k] ?? 0;
        for (let j = k + 1; j < cols; j++) sums[j] = (sums[j] ?? 0) + v * (a[i * cols + j] ?? 0);
      }
      for (let i = k; i < rows; i++) {
        const v = left * (a[i * cols + k] ?? 0);
        for (let j = k + 1; j < cols; j++) a[i * cols + j] = (a[i * cols + j] ?? 0) - v * (sums[j] ?? 0);
      }
    }
    if (k + 1 >= cols) break;
    const start = k * cols + k + 1;
    const [e, right] = householder(a, start, 1, cols - k - 1);
    above[k] = e;
    if (right === 0) continue;
    for (let i = k + 1; i < rows; i++) {
      let sum = 0;
      for (let j = k + 1; j < cols; j++) sum += (a[i * cols + j] ?? 0) * (a[k * cols + j] ?? 0);
      sum *= right;
      for (let j = k + 1; j < cols; j++) a[i * cols + j] = (a[i * cols + j] ?? 0) - sum * (a[k * cols + j] ?? 0);
    }
  }
  return { diagonal, above };
}

/** The number of singular values of the bidiagonal matrix below x > 0; `squares` are those of d1, e1, d2, e2, ... */
function countBelow(squares: Float64Array, x: number): number {
  // The Sturm sequence of the tridiagonal matrix with zero diagonal, whose eigenvalues are the singular values and
  // their negatives.
  let negative = 1;
  let pivot = -x;
  for (const square of squares) {
    // A pivot of 0 counts as a tiny number.
    pivot = -x - square / (pivot === 0 ? -Number.MIN_VALUE : pivot);
    if (pivot < 0) negative++;
  }
  return negative - (squares.length + 1) / 2;
}

/**
 * The singular values of a rows x cols matrix (row-major), greatest first. Errors are about 1e-15 of the greatest.
 *
 * @throws RangeError for a side outside 1 .. 1024, or values that do not fill the matrix or are not finite.
 * @example
 * singularValues([3, 0, 0, 4], 2, 2); // Float64Array [4, 3], to the last bits
 */
export function singularValues(values: ArrayLike<number>, rows: number, cols: number): Float64Array {
  expectInteger("rows", rows, 1, MAX_SIDE);
  expectInteger("cols", cols, 1, MAX_SIDE);
  if (values.length !== rows * cols) {
    throw new RangeError(`values: expected ${rows} x ${cols} = ${rows * cols} numbers, got ${values.length}`);
  }
  const [tall, wide] = [Math.max(rows, cols), Math.min(rows, cols)];
  const a = new Float64Array(rows * cols);
  let greatest = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const value = values[i * cols + j] ?? 0;
      if (!Number.isFinite(value))
        throw new RangeError(`values: expected finite numbers, got ${value} at ${i * cols + j}`);
      a[rows >= cols ? i * cols + j : j * rows + i] = value;
      greatest = Math.max(greatest, Math.abs(value));
    }
  }
  const result = new Float64Array(wide);
  if (greatest === 0) return result;
  for (let i = 0; i < a.length; i++) a[i] = (a[i] ?? 0) / greatest;
  const { diagonal, above } = bidiagonalize(a, tall, wide);
  const squares = new Float64Array(2 * wide - 1);
  let bound = 0;
  for (let i = 0; i < squares.length; i++) {
    const value = (i % 2 === 0 ? diagonal[i >> 1] : above[i >> 1]) ?? 0;
    squares[i] = value * value;
    bound += value * value;
  }
  // Value k from the top has wide - k - 1 values below it, and bounds the next one.
  let top = Math.sqrt(bound) * (1 + 1e-12);
  const floor = top * 1e-17;
  for (let k = 0; k < wide; k++) {
    const rank = wide - k - 1;
    let [low, high] = [0, top];
    while (high - low > 1e-15 * high && high > floor) {
      const middle = (low + high) / 2;
      if (countBelow(squares, middle) > rank) high = middle;
      else low = middle;
    }
    top = high;
    result[k] = ((low + high) / 2) * greatest;
  }
  return result;
}

/** The Marchenko-Pastur distribution of singular values. */
export interface SpectrumLaw {
  readonly low: number;
  readonly high: number;
  /** The density at s; 0 outside the support. */
  density(s: number): number;
  /** The cumulative distribution function, by quadrature. */
  cdf(s: number): number;
}

/**
 * The distribution of the min(rows, cols) singular values of a wide rows x cols matrix with independent entries of this
 * variance. Its support is sqrt(variance) (sqrt(rows) +- sqrt(cols)); for a square matrix it is the quarter circle.
 *
 * Source: Marchenko and Pastur 1967.
 *
 * @example
 * marchenkoPastur(64, 64, 1 / 64).high; // => 2
 */
export function marchenkoPastur(rows: number, cols: number, variance: number): SpectrumLaw {
  const [n, m] = [Math.max(rows, cols), Math.min(rows, cols)];
  const deviation = Math.sqrt(variance);
  const low = deviation * (Math.sqrt(n) - Math.sqrt(m));
  const high = deviation * (Math.sqrt(n) + Math.sqrt(m));
  const density = (s: number): number => {
    if (!(s >= low && s <= high)) return 0;
    if (s === 0) return high / (Math.PI * m * variance);
    return Math.sqrt((high * high - s * s) * (s * s - low * low)) / (Math.PI * m * variance * s);
  };
  return {
    low,
    high,
    density,
    cdf: (s) => {
      if (s <= low) return 0;
      if (s >= high) return 1;
      // The midpoint rule in an angle, which removes the square roots at both ends.
      const steps = 400;
      const end = Math.acos(1 - (2 * (s - low)) / (high - low));
      let sum = 0;
      for (let i = 0; i < steps; i++) {
        const angle = (end * (i + 0.5)) / steps;
        sum += density(low + ((high - low) * (1 - Math.cos(angle))) / 2) * Math.sin(angle);
      }
      return (sum * (high - low) * end) / (2 * steps);
    },
  };
}
