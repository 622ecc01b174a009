// Accumulates how far two tensors of one shape are apart, in chunks: bits, values, the largest difference, norms, cosine.
// Source: Blue 1978, "A portable Fortran program to find the Euclidean norm of a vector", for norms without overflow.

import { type AnyDType, elementLayouts, type TensorData } from "@fanin/tensor";
import { realValues } from "../../values/real-values.ts";

/** Elements per block, so that all passes stay in the cache. */
const BLOCK = 4096;

/** How far two tensors of one shape are apart. */
export interface Distance {
  readonly count: number;
  /** Number of elements with equal bits; null for different dtypes. */
  readonly equalBits: number | null;
  /** Number of elements with equal values; NaN equals NaN, and -0 equals 0. */
  readonly equalValues: number;
  /** Number of elements that are NaN or infinite in one tensor and another value in the other. */
  readonly unmatched: number;
  /** The largest absolute difference of the finite elements; Infinity if it exceeds float64. */
  readonly maxAbsolute: number;
  /** The norm of the difference divided by the norm of A, of the finite elements; Infinity if A is 0 and B is not. */
  readonly relative: number;
  /** The cosine of the angle between the finite elements of both; null if either is 0. */
  readonly cosine: number | null;
}

/** A sum of products whose factors are divided by powers of two, so that no float64 overflows. */
class ScaledNorm {
  scale = 0;
  sum = 0;

  /** Raises the scale to that of a block and returns the factor of earlier sums. */
  raise(largest: number): number {
    if (largest <= this.scale) return 1;
    const scale = 2 ** Math.min(1023, Math.max(-1022, Math.floor(Math.log2(largest))));
    if (scale <= this.scale) return 1;
    const factor = this.scale / scale;
    this.sum *= factor * factor;
    this.scale = scale;
    return factor;
  }
}

const isIntegers = (data: TensorData): boolean => data instanceof BigInt64Array || data instanceof BigUint64Array;

/** The difference of two values of which one at least is a 64-bit integer, rounded once. */
function exactDifference(a: number | bigint, b: number | bigint): number {
  if (typeof a === "bigint" && typeof b === "bigint") return Number(a - b);
  const number = Number(typeof a === "number" ? a : b);
  if (!Number.isInteger(number)) return Number(a) - Number(b);
  return Number(BigInt(a) - BigInt(b));
}

/** Views an array as words of at most 32 bits. */
function wordsOf(
  { buffer, byteOffset, byteLength }: TensorData,
  bytes: number,
): Uint8Array | Uint16Array | Uint32Array {
  if (bytes === 1) return new Uint8Array(buffer, byteOffset, byteLength);
  if (bytes === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

const isComplex = (dtype: AnyDType): boolean => dtype === "complex64" || dtype === "complex128";

/** Returns real and imaginary parts in turn. */
function withParts(values: ArrayLike<number>): Float64Array {
  const parts = new Float64Array(2 * values.length);
  for (let i = 0; i < values.length; i++) parts[2 * i] = values[i] as number;
  return parts;
}

/** Compares the elements of tensor A with those of tensor B. */
export class TensorDistance {
  readonly #dtypes: readonly [AnyDType, AnyDType];
  /** Numbers per element: 2 for complex numbers. */
  readonly #parts: 1 | 2;
  readonly #difference = new Float64Array(2 * BLOCK);
  readonly #norms = { a: new ScaledNorm(), b: new ScaledNorm(), difference: new ScaledNorm() };
  #dot = 0;
  #count = 0;
  #equalBits = 0;
  #equalValues = 0;
  #unmatched = 0;
  #largest = 0;

  constructor(a: AnyDType, b: AnyDType) {
    this.#dtypes = [a, b];
    this.#parts = isComplex(a) || isComplex(b) ? 2 : 1;
  }

  /** Adds the same elements of both tensors. */
  add(a: TensorData, b: TensorData): void {
    const [first, second] = this.#dtypes;
    if (first === second) this.#addBits(a, b, elementLayouts[first].bytes);
    const [x, y] = [this.#numbers(first, a), this.#numbers(second, b)];
    const exact = this.#parts === 1 && (isIntegers(a) || isIntegers(b)) ? ([a, b] as const) : undefined;
    for (let start = 0; start < x.length; start += BLOCK) {
      this.#addBlock(x, y, start, Math.min(x.length, start + BLOCK), exact);
    }
  }

  #numbers(dtype: AnyDType, data: TensorData): ArrayLike<number> {
    const values = realValues(dtype, data);
    return this.#parts === 2 && !isComplex(dtype) ? withParts(values) : values;
  }

  #addBits(a: TensorData, b: TensorData, bytes: number): void {
    const [x, y] = [wordsOf(a, bytes), wordsOf(b, bytes)];
    const words = Math.max(1, bytes / 4);
    for (let i = 0; i < x.length; i += words) {
      let isEqual = x[i] === y[i];
      for (let k = 1; k < words && isEqual; k++) isEqual = x[i + k] === y[i + k];
      if (isEqual) this.#equalBits++;
    }
  }

  /** Adds numbers `start` to `end`; `exact` has the values where numbers would round 64-bit integers. */
  #addBlock(
    x: ArrayLike<number>,
    y: ArrayLike<number>,
    start: number,
    end: number,
    exact: readonly [TensorData, TensorData] | undefined,
  ): void {
    const parts = this.#parts;
    const difference = this.#difference;
    // NaN marks elements that do not enter the norms.
    let [largestA, largestB, largest] = [0, 0, 0];
    for (let i = start; i < end; i += parts) {
      const at = i - start;
      this.#count++;
      const isMarked = this.#compare(x, y, i, at, exact);
      if (isMarked) continue;
      for (let k = 0; k < parts; k++) {
        const size = Math.abs(difference[at + k] as number);
        if (size > largest) largest = size;
        largestA = Math.max(largestA, Math.abs(x[i + k] as number));
        largestB = Math.max(largestB, Math.abs(y[i + k] as number));
      }
      const size = parts === 1 ? Math.abs(difference[at] as number) : this.#modulus(at);
      if (size > this.#largest) this.#largest = size;
    }
    const { a, b, difference: apart } = this.#norms;
    const [byA, byB] = [a.raise(largestA), b.raise(largestB)];
    this.#dot *= byA * byB;
    apart.raise(largest);
    const isHuge = largest === Number.POSITIVE_INFINITY;
    for (let i = start; i < end; i++) {
      const between = difference[i - start] as number;
      if (Number.isNaN(between)) continue;
      const [left, right] = [(x[i] as number) / (a.scale || 1), (y[i] as number) / (b.scale || 1)];
      a.sum += left * left;
      b.sum += right * right;
      this.#dot += left * right;
      const scale = apart.scale || 1;
      const scaled = isHuge ? (x[i] as number) / scale - (y[i] as number) / scale : between / scale;
      apart.sum += scaled * scaled;
    }
  }

  /** Compares the element at `i` and writes its difference; returns whether it is NaN or infinite in either. */
  #compare(
    x: ArrayLike<number>,
    y: ArrayLike<number>,
    i: number,
    at: number,
    exact: readonly [TensorData, TensorData] | undefined,
  ): boolean {
    const difference = this.#difference;
    let [isEqual, isReal] = [true, true];
    for (let k = 0; k < this.#parts; k++) {
      const [left, right] = [x[i + k] as number, y[i + k] as number];
      isReal &&= left - left === 0 && right - right === 0;
      let between = left - right;
      if (exact && isReal) {
        between = exactDifference(exact[0][i] as number | bigint, exact[1][i] as number | bigint);
      }
      difference[at + k] = between;
      // Differences of unequal numbers are not 0, because float64 has subnormal numbers.
      isEqual &&= between === 0 || (!isReal && left === right) || (Number.isNaN(left) && Number.isNaN(right));
    }
    if (isEqual) this.#equalValues++;
    if (isReal) return false;
    if (!isEqual) this.#unmatched++;
    difference.fill(Number.NaN, at, at + this.#parts);
    return true;
  }

  #modulus(at: number): number {
    return Math.hypot(this.#difference[at] as number, this.#difference[at + 1] as number);
  }

  /** The distance of all added elements. */
  get distance(): Distance {
    const { a, b, difference } = this.#norms;
    const [first, second] = this.#dtypes;
    const isEqual = difference.sum === 0;
    const ratio = (difference.scale / a.scale) * Math.sqrt(difference.sum / a.sum);
    const cosine = this.#dot / Math.sqrt(a.sum * b.sum);
    return {
      count: this.#count,
      equalBits: first === second ? this.#equalBits : null,
      equalValues: this.#equalValues,
      unmatched: this.#unmatched,
      maxAbsolute: this.#largest,
      relative: isEqual ? 0 : a.sum === 0 ? Number.POSITIVE_INFINITY : ratio,
      cosine: a.sum === 0 || b.sum === 0 ? null : isEqual ? 1 : Math.min(1, Math.max(-1, cosine)),
    };
  }
}
