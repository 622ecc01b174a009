// Recognises the initializer of a tensor from all its values, or from a sample of a large one.
// Source: weight-family.ts; tensor-parts.ts for parts and fans.

import type { MeasuredTensor } from "./measured-tensor.ts";
import { findOutliers, type Outliers } from "./outliers.ts";
import type { TensorPart } from "./tensor-parts.ts";
import { type ValueStatistics, valueStatistics } from "./value-statistics.ts";
import { type WeightFamily, weightFamily } from "./weight-family.ts";

/** The family of a tensor, and its family without outliers. */
export interface RecognizedFamily {
  readonly family: WeightFamily;
  readonly outliers: Outliers | null;
  /** The family of the other values, if there are outliers. */
  readonly rest: WeightFamily | null;
}

/** The family of a tensor with finite values. */
export function recognizeFamily(
  { shape, dtype, values }: MeasuredTensor,
  statistics: ValueStatistics,
  part: TensorPart,
): RecognizedFamily | null {
  if (values === null) return null;
  const context = { role: part.role, fanIn: part.fanIn, fanOut: part.fanOut, hidden: part.hidden };
  const family = weightFamily({ shape, dtype }, values, statistics, part.layout, context);
  const outliers = family.kind === "unknown" || family.kind === "sparse" ? findOutliers(values, statistics) : null;
  if (!outliers) return { family, outliers, rest: null };
  const rest = weightFamily(
    { shape: [outliers.rest.length], dtype },
    outliers.rest,
    valueStatistics(outliers.rest),
    null,
    context,
  );
  const others = `${outliers.count} value${outliers.count === 1 ? "" : "s"} far beyond`;
  if (rest.kind !== "drawn") return { family, outliers, rest };
  return { family: { ...family, description: `${rest.description}, but for ${others}` }, outliers, rest };
}

/** The family of the finite values of a tensor that also has non-finite ones. */
export function familyOfFinite(tensor: MeasuredTensor, part: TensorPart): WeightFamily | null {
  const { values, dtype } = tensor;
  if (values === null) return null;
  const finite = Float64Array.from(values).filter(Number.isFinite);
  if (finite.length === 0) return null;
  const { role, fanIn, fanOut, hidden } = part;
  return weightFamily({ shape: [finite.length], dtype }, finite, valueStatistics(finite), null, {
    role,
    fanIn,
    fanOut,
    hidden,
  });
}
