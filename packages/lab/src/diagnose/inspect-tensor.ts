// The report on a single tensor: part, fans, statistics, family, symmetry of its units.

import type { HistogramData } from "@fanin/figures";
import type { Layout } from "./layout.ts";
import type { MeasuredTensor } from "./measured-tensor.ts";
import type { Outliers } from "./outliers.ts";
import { familyOfFinite, recognizeFamily } from "./recognize-family.ts";
import type { Role } from "./tensor-names.ts";
import type { TensorPart } from "./tensor-parts.ts";
import { effectiveRank, type UnitSymmetry, unitSymmetry } from "./unit-symmetry.ts";
import type { ValueStatistics } from "./value-statistics.ts";
import type { WeightFamily } from "./weight-family.ts";
import type { Values } from "./weight-tensor.ts";

/** One tensor of a report; plain data. */
export interface TensorReport {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly role: Role;
  /** The layout of a kernel; null for other tensors. */
  readonly layout: Layout | null;
  readonly fanIn: number;
  readonly fanOut: number;
  /** Null if the values are not real numbers or do not fill the shape. */
  readonly statistics: ValueStatistics | null;
  /** Standard deviation times sqrt(fan_in); null without a fan_in. */
  readonly scaledDeviation: number | null;
  /** Counts between the extremes; null if all values are equal or some are not finite. */
  readonly histogram: HistogramData | null;
  /** Null if values are missing or not finite. */
  readonly family: WeightFamily | null;
  /** For kernels only. */
  readonly symmetry: UnitSymmetry | null;
  /** The participation ratio of the singular values, for kernels only. */
  readonly effectiveRank: number | null;
}

/** A report with the inputs of further checks. It omits the values, so the file can be larger than memory. */
export interface InspectedTensor {
  readonly tensor: Omit<MeasuredTensor, "values" | "matrix">;
  readonly part: TensorPart;
  readonly report: TensorReport;
  /** The number of directions that the kernel could use, of the sampled inputs. */
  readonly mostDirections: number;
  readonly outliers: Omit<Outliers, "rest"> | null;
  /** The family without outliers and non-finite values, if there are any. */
  readonly restFamily: WeightFamily | null;
  /** All values of a kernel, to run the network. */
  readonly values: Values | null;
}

const MAX_DIRECTIONS = 128;

/**
 * Inspects one tensor. Set `keepsValues` to run the network afterwards.
 *
 * @example
 * const tensor = { name: "dense/kernel", shape: [2, 2], dtype: "float32", data: Float32Array.of(1, 2, 3, 4) };
 * const part = tensorParts([tensor]).get("dense/kernel");
 * part && inspectTensor(measureTensor(tensor, part), part).tensor.name; // => 'dense/kernel'
 */
export function inspectTensor(measured: MeasuredTensor, part: TensorPart, keepsValues = false): InspectedTensor {
  const { values, matrix, ...tensor } = measured;
  const { name, shape, dtype, statistics, histogram } = tensor;
  const { role, layout, fanIn, fanOut } = part;
  const allFinite = statistics !== null && statistics.nans + statistics.infinities === 0;
  const found = allFinite ? recognizeFamily(measured, statistics, part) : null;
  const { rest: _, ...outliers } = found?.outliers ?? { rest: null };
  const isWhole = values !== null && values.length === tensor.count;
  return {
    tensor,
    part,
    report: {
      name,
      shape,
      dtype,
      role,
      layout,
      fanIn,
      fanOut,
      statistics,
      scaledDeviation:
        statistics && statistics.count > 0 && allFinite && shape.length >= 2
          ? statistics.standardDeviation * Math.sqrt(fanIn)
          : null,
      histogram: allFinite ? histogram : null,
      family: found?.family ?? null,
      symmetry: matrix && unitSymmetry(matrix),
      effectiveRank: matrix && effectiveRank(matrix),
    },
    mostDirections: matrix ? Math.min(matrix.units, matrix.inputs, MAX_DIRECTIONS) : 0,
    outliers: found?.outliers ? (outliers as Omit<Outliers, "rest">) : null,
    restFamily: found ? found.rest : statistics ? familyOfFinite(measured, part) : null,
    values: keepsValues && isWhole ? values : null,
  };
}
