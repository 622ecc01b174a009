// One tensor of a weight file as `fanin inspect --json` has it.

import type { InspectedTensor, Layout, Role, TrainingState, WeightFamily } from "@fanin/lab";
import type { AnyDType } from "@fanin/tensor";
import type { StoredMeasurement } from "./measure-stored.ts";

/** What `fanin inspect --json` says of a tensor. */
export interface TensorSummary {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: AnyDType;
  readonly count: number;
  readonly bytes: number;
  readonly role: Role;
  /** Where a kernel has its inputs; null for tensors that are no kernels. */
  readonly layout: Layout | null;
  /** Whether the values are as an initializer left them. */
  readonly state: TrainingState;
  readonly fanIn: number | null;
  readonly fanOut: number | null;
  /** Moments of the finite values; null where there are none. */
  readonly mean: number | null;
  readonly std: number | null;
  readonly min: number | null;
  readonly max: number | null;
  /** The standard deviation times the root of fan-in: 1 is LeCun's, 1.414 He's; null without fans or values. */
  readonly sigmaRootFanIn: number | null;
  readonly zeros: number;
  readonly nan: number;
  readonly positiveInfinity: number;
  readonly negativeInfinity: number;
  /** Of the finite values; null where they are all equal. */
  readonly histogram: { readonly low: number; readonly high: number; readonly counts: readonly number[] } | null;
  /** The initializer that the values look like; null for values that are no floats, or not all finite. */
  readonly family: WeightFamily | null;
  /** Of the values' bytes, little-endian. */
  readonly sha256: string;
}

/** Sums up a tensor that has been measured and inspected. */
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

/** Whether all values are one number. */
export function isConstant({ count, nan, positiveInfinity, negativeInfinity, min, max }: TensorSummary): boolean {
  return count < 2 || (nan + positiveInfinity + negativeInfinity === 0 && min === max);
}
