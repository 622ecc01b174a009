// The summary of a tensor in `fanin inspect --json`.

import type { InspectedTensor, Layout, Role, TrainingState, WeightFamily } from "@fanin/lab/weights";
import type { AnyDType } from "@fanin/tensor";
import type { StoredMeasurement } from "./measure-stored.ts";

/** The summary of a tensor. */
export interface TensorSummary {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: AnyDType;
  readonly count: number;
  readonly bytes: number;
  readonly role: Role;
  /** The layout of a kernel; null for other tensors. */
  readonly layout: Layout | null;
  /** Whether the values are untrained. */
  readonly state: TrainingState;
  readonly fanIn: number | null;
  readonly fanOut: number | null;
  /** Moments of the finite values; null if there are none. */
  readonly mean: number | null;
  readonly std: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** The standard deviation times the square root of fan-in: 1 for LeCun, 1.414 for He; null without fans or values. */
  readonly sigmaRootFanIn: number | null;
  readonly zeros: number;
  readonly nan: number;
  readonly positiveInfinity: number;
  readonly negativeInfinity: number;
  /** The histogram of the finite values; null if they are all equal. */
  readonly histogram: { readonly low: number; readonly high: number; readonly counts: readonly number[] } | null;
  /** The best matching initializer; null for values that are not floats, or not all finite. */
  readonly family: WeightFamily | null;
  /** The hash of the values as little-endian bytes. */
  readonly sha256: string;
}

/** Summarizes a measured tensor. */
export function summarizeTensor(
  { measured, found, histogram, bytes, sha256 }: StoredMeasurement,
  { report }: InspectedTensor,
  state: TrainingState,
): TensorSummary {
  const { name, shape, count } = measured;
  const { zeros, nan, positiveInfinity, negativeInfinity, hasRange, mean, min, max, standardDeviation } = found;
  const { role, layout, fanIn, fanOut, family } = report;
  const hasFans = shape.length >= 2;
  return {
    name,
    shape,
    dtype: measured.dtype as AnyDType,
    count,
    bytes,
    role,
    layout,
    state,
    fanIn: hasFans ? fanIn : null,
    fanOut: hasFans ? fanOut : null,
    mean: hasRange ? mean : null,
    std: hasRange ? standardDeviation : null,
    min: hasRange ? min : null,
    max: hasRange ? max : null,
    sigmaRootFanIn: hasFans && hasRange ? standardDeviation * Math.sqrt(fanIn) : null,
    zeros,
    nan,
    positiveInfinity,
    negativeInfinity,
    histogram: histogram === undefined ? null : { low: min, high: max, counts: histogram.counts },
    family,
    sha256,
  };
}

/** Whether all values are equal. */
export function isConstant({ count, nan, positiveInfinity, negativeInfinity, min, max }: TensorSummary): boolean {
  return count < 2 || (nan + positiveInfinity + negativeInfinity === 0 && min === max);
}
