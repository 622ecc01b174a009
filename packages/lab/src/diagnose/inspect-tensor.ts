// Everything that diagnose says of one tensor by itself: part, fans, statistics, family, symmetry of its units.

import type { HistogramData } from "../engine/moments.ts";
import type { Layout } from "./layout.ts";
import { lawFans, recognizeFamily } from "./recognize-family.ts";
import { effectiveRank, type UnitSymmetry, unitSymmetry } from "./unit-symmetry.ts";
import { type ValueStatistics, valueStatistics } from "./value-statistics.ts";
import type { WeightFamily } from "./weight-family.ts";
import {
  countOf,
  type Role,
  roleOf,
  sizeOfShape,
  type TensorName,
  unitMatrix,
  type Values,
  valuesOf,
  type WeightTensor,
} from "./weight-tensor.ts";

/** One tensor of a report; plain data. */
export interface TensorReport {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly role: Role;
  readonly fanIn: number;
  readonly fanOut: number;
  /** Null where the values are no real numbers, or do not fill the shape. */
  readonly statistics: ValueStatistics | null;
  /** Standard deviation times the root of fan_in; null where there is none. */
  readonly scaledDeviation: number | null;
  /** Counts between the extremes; null for values that are all equal or not all finite. */
  readonly histogram: HistogramData | null;
  /** Null where values are missing or not finite. */
  readonly family: WeightFamily | null;
  /** Of kernels only. */
  readonly symmetry: UnitSymmetry | null;
  /** The participation ratio of the singular values, of kernels only. */
  readonly effectiveRank: number | null;
}

/** A report with what further checks need. */
export interface InspectedTensor {
  readonly tensor: WeightTensor;
  readonly values: Values | null;
  readonly report: TensorReport;
}

const BINS = 10;

/** Kernels whose last axis (first in PyTorch) is one unit each. */
const isUnitKernel = (role: Role): boolean => role === "kernel";

function histogramOf(values: Values, { min, max }: ValueStatistics): HistogramData | null {
  if (!(max > min)) return null;
  const counts = new Array<number>(BINS).fill(0);
  for (const value of values) {
    const bin = Math.min(BINS - 1, Math.floor(((value - min) / (max - min)) * BINS));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { low: min, high: max, counts };
}

/** Looks at one tensor. */
export function inspectTensor(
  tensor: WeightTensor,
  layout: Layout,
  kernels: ReadonlyMap<string, TensorName>,
): InspectedTensor {
  const { name, shape, dtype } = tensor;
  const role = roleOf(tensor);
  const { fanIn, fanOut } = lawFans(tensor, role, layout, kernels);
  const fits = countOf(tensor) === sizeOfShape(tensor);
  const values = fits ? valuesOf(tensor) : null;
  const statistics = values && valueStatistics(values);
  const allFinite = statistics !== null && statistics.nans + statistics.infinities === 0;
  const isMatrix = isUnitKernel(role) && shape.length >= 2 && values !== null && values.length > 0 && allFinite;
  const matrix = isMatrix ? unitMatrix(values, shape, layout) : null;
  return {
    tensor,
    values,
    report: {
      name,
      shape,
      dtype,
      role,
      fanIn,
      fanOut,
      statistics,
      scaledDeviation:
        statistics && statistics.count > 0 && allFinite && shape.length >= 2
          ? statistics.standardDeviation * Math.sqrt(fanIn)
          : null,
      histogram: values && allFinite && statistics ? histogramOf(values, statistics) : null,
      family: values && allFinite && statistics ? recognizeFamily(tensor, values, statistics, layout, kernels) : null,
      symmetry: matrix && unitSymmetry(matrix),
      effectiveRank: matrix && effectiveRank(matrix),
    },
  };
}
