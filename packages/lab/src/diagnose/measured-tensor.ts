// The measurements of a tensor that the checks use: moments, a sample, the kernel's units, a fingerprint. This file makes them
// from an array. A reader of files larger than memory makes them in pieces, so both get the same judgement.

import type { HistogramData } from "@fanin/figures";
import type { TensorPart } from "./tensor-parts.ts";
import { type ValueStatistics, valueStatistics } from "./value-statistics.ts";
import {
  countOf,
  sizeOfShape,
  type UnitMatrix,
  unitMatrix,
  type Values,
  valuesOf,
  type WeightTensor,
} from "./weight-tensor.ts";

/** The number of values by which random numbers are compared. */
const BEGINNING = 32;
const BINS = 10;

/** A measured tensor. */
export interface MeasuredTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  /** The number of values. It is a finding if this is not the product of the shape. */
  readonly count: number;
  /** Null if the values are not real numbers or do not fill the shape. */
  readonly statistics: ValueStatistics | null;
  /** Null if all values are equal or some are not finite. */
  readonly histogram: HistogramData | null;
  /** All values, or evenly spaced ones of a large tensor; null if `statistics` is. */
  readonly values: Values | null;
  /** The units of a kernel with all inputs, or with some of them for a large kernel; null for other tensors. */
  readonly matrix: UnitMatrix | null;
  /** The first values. */
  readonly beginning: Float64Array;
  /** Equal for equal bytes. */
  readonly fingerprint: string;
  /** Whether equal fingerprints do not prove equal bytes. */
  readonly bytes: Uint8Array | null;
}

/**
 * Whether a tensor has units, which are checked for equality.
 *
 * @example
 * const tensor = { name: "dense/kernel", shape: [2, 2], dtype: "float32", data: Float32Array.of(1, 2, 3, 4) };
 * const part = tensorParts([tensor]).get("dense/kernel");
 * part && hasUnits(part, [2, 2]); // => true
 */
export function hasUnits({ role }: TensorPart, shape: readonly number[]): boolean {
  return (role === "kernel" || role === "recurrent") && shape.length >= 2;
}

/**
 * The first values of a tensor, as numbers.
 *
 * @example
 * beginningOf(Float32Array.of(1, 2)); // => Float64Array(2) [ 1, 2 ]
 */
export function beginningOf(values: Values): Float64Array {
  return Float64Array.from(values.subarray(0, BEGINNING));
}

function histogramOf(values: Values, { min, max, nans, infinities }: ValueStatistics): HistogramData | null {
  if (!(max > min) || nans + infinities > 0) return null;
  const counts = new Array<number>(BINS).fill(0);
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.floor(((value - min) / (max - min)) * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { low: min, high: max, counts };
}

/** FNV-1a (Fowler, Noll, Vo). */
function hash(bytes: Uint8Array): string {
  let h = 0x811c9dc5;
  for (const byte of bytes) h = Math.imul(h ^ byte, 0x01000193);
  return (h >>> 0).toString(16);
}

/**
 * Measures a tensor in memory.
 *
 * @example
 * const tensor = { name: "dense/kernel", shape: [2, 2], dtype: "float32", data: Float32Array.of(1, 2, 3, 4) };
 * const part = tensorParts([tensor]).get("dense/kernel");
 * part && measureTensor(tensor, part).count; // => 4
 */
export function measureTensor(tensor: WeightTensor, part: TensorPart): MeasuredTensor {
  const { name, shape, dtype, data } = tensor;
  const count = countOf(tensor);
  const values = count === sizeOfShape(tensor) ? valuesOf(tensor) : null;
  const statistics = values && valueStatistics(values);
  const isUsable = values !== null && values.length > 0 && statistics?.nans === 0 && statistics.infinities === 0;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return {
    name,
    shape,
    dtype,
    count,
    statistics,
    histogram: values && statistics ? histogramOf(values, statistics) : null,
    values,
    matrix: isUsable && part.layout && hasUnits(part, shape) ? unitMatrix(values, shape, part.layout) : null,
    beginning: values ? beginningOf(values) : new Float64Array(0),
    fingerprint: hash(bytes),
    bytes,
  };
}
