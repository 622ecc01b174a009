// Measures a tensor of a weight file in two passes: counts, moments, hash and samples, then the histogram.
// Only a few chunks are in memory at a time, so `inspect` and `diagnose` handle files of any size.

import { createHash } from "node:crypto";
import type { StoredTensor } from "@fanin/formats";
import { beginningOf, hasUnits, type MeasuredTensor, type TensorPart, type UnitMatrix } from "@fanin/lab/weights";
import type { AnyDType } from "@fanin/tensor";
import { realValues } from "../values/real-values.ts";
import { elementCount, storedPieces } from "../values/stored-values.ts";
import { ValueHistogram, ValueStatistics } from "../values/value-statistics.ts";
import { UnitSample } from "./unit-sample.ts";
import { ValueSample } from "./value-sample.ts";

const BINS = 10;
const floats: ReadonlySet<AnyDType> = new Set(["float64", "float32", "float16", "bfloat16"]);

/** The measurements that do not enter the diagnosis. */
export interface StoredMeasurement {
  readonly measured: MeasuredTensor;
  readonly found: ValueStatistics;
  readonly histogram: ValueHistogram | undefined;
  readonly bytes: number;
  readonly sha256: string;
}

/** Returns the units of a kernel that was read at once. */
function wholeMatrix(
  values: Float32Array | Float64Array,
  shape: readonly number[],
  { layout }: TensorPart,
): UnitMatrix {
  const units = (layout === "keras" ? shape.at(-1) : shape[0]) ?? 1;
  const inputs = units === 0 ? 0 : values.length / units;
  return layout === "keras"
    ? { values, inputs, units, inputStride: units, unitStride: 1 }
    : { values, inputs, units, inputStride: 1, unitStride: inputs };
}

/** Measures a tensor in a file. */
export async function measureStored(tensor: StoredTensor, part: TensorPart): Promise<StoredMeasurement> {
  const { name, shape, dtype } = tensor;
  const count = elementCount(tensor);
  const isFloat = floats.has(dtype);
  const isKernel = isFloat && part.layout !== null && hasUnits(part, shape) && count > 0;
  const units = isKernel && part.layout && UnitSample.isNeeded(count) ? new UnitSample(shape, part.layout) : undefined;
  const sample = new ValueSample(count);
  const found = new ValueStatistics();
  const hash = createHash("sha256");
  let beginning: Float64Array | undefined;
  let bytes = 0;
  for await (const piece of storedPieces(tensor)) {
    hash.update(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength));
    bytes += piece.byteLength;
    const values = realValues(dtype, piece);
    found.add(values);
    if (!isFloat) continue;
    const real = values as Float32Array | Float64Array;
    beginning ??= beginningOf(real);
    sample.add(real);
    units?.add(real);
  }
  const { min, max, nan, positiveInfinity, negativeInfinity, zeros, standardDeviation } = found;
  const infinities = positiveInfinity + negativeInfinity;
  let histogram: ValueHistogram | undefined;
  if (found.hasRange && max > min) {
    histogram = new ValueHistogram(min, max, BINS);
    for await (const piece of storedPieces(tensor)) histogram.add(realValues(dtype, piece));
  }
  const sha256 = hash.digest("hex");
  const mean = found.hasRange && min === max ? min : found.mean;
  const values = isFloat ? sample.values() : null;
  const isUsable = isKernel && nan + infinities === 0 && values !== null;
  const measured: MeasuredTensor = {
    name,
    shape,
    dtype,
    count,
    statistics: isFloat ? { count, nans: nan, infinities, zeros, mean, standardDeviation, min, max } : null,
    histogram: histogram && isFloat ? { low: min, high: max, counts: histogram.counts } : null,
    values,
    matrix: isUsable ? (units?.matrix() ?? wholeMatrix(values, shape, part)) : null,
    beginning: beginning ?? new Float64Array(0),
    fingerprint: sha256,
    bytes: null,
  };
  return { measured, found, histogram, bytes, sha256 };
}
