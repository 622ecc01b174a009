// One tensor of a weight file, summed up in two passes over its values: counts, moments, hash and family, then the histogram.

import { createHash } from "node:crypto";
import type { DType, StoredTensor } from "@fanin/formats";
import { fansOf, type Layout, recognizeFamily, type TensorName, type WeightFamily } from "@fanin/lab";
import { realValues } from "../values/real-values.ts";
import { elementCount, storedPieces } from "../values/stored-values.ts";
import { ValueHistogram, ValueStatistics } from "../values/value-statistics.ts";
import { ValueSample } from "./value-sample.ts";

const BINS = 10;

/** What `fanin inspect --json` says of a tensor. */
export interface TensorSummary {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly count: number;
  readonly bytes: number;
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

const floats: ReadonlySet<DType> = new Set(["float64", "float32", "float16", "bfloat16"]);

/** Sums up a tensor of which no more than a few pieces are in memory at a time; `kernels` are those of its file. */
export async function summarizeTensor(
  tensor: StoredTensor,
  layout: Layout,
  kernels: ReadonlyMap<string, TensorName>,
): Promise<TensorSummary> {
  const { name, shape, dtype } = tensor;
  const sample = new ValueSample(elementCount(tensor));
  const found = new ValueStatistics();
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const piece of storedPieces(tensor)) {
    hash.update(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength));
    bytes += piece.byteLength;
    const values = realValues(dtype, piece);
    found.add(values);
    if (floats.has(dtype)) sample.add(values as Float32Array | Float64Array);
  }
  const { min, max, mean, standardDeviation } = found;
  let histogram: ValueHistogram | undefined;
  if (found.hasRange && max > min) {
    histogram = new ValueHistogram(min, max, BINS);
    for await (const piece of storedPieces(tensor)) histogram.add(realValues(dtype, piece));
  }
  const fans = shape.length < 2 ? null : fansOf(shape, layout);
  return {
    name,
    shape,
    dtype,
    count: elementCount(tensor),
    bytes,
    fanIn: fans?.fanIn ?? null,
    fanOut: fans?.fanOut ?? null,
    mean: found.hasRange ? mean : null,
    std: found.hasRange ? standardDeviation : null,
    min: found.hasRange ? min : null,
    max: found.hasRange ? max : null,
    sigmaRootFanIn: fans !== null && found.hasRange ? standardDeviation * Math.sqrt(fans.fanIn) : null,
    zeros: found.zeros,
    nan: found.nan,
    positiveInfinity: found.positiveInfinity,
    negativeInfinity: found.negativeInfinity,
    histogram: histogram === undefined ? null : { low: min, high: max, counts: histogram.counts },
    family: floats.has(dtype) ? familyOf(tensor, sample, found, layout, kernels) : null,
    sha256: hash.digest("hex"),
  };
}

function familyOf(
  tensor: StoredTensor,
  sample: ValueSample,
  { count, nan, positiveInfinity, negativeInfinity, zeros, mean, standardDeviation, min, max }: ValueStatistics,
  layout: Layout,
  kernels: ReadonlyMap<string, TensorName>,
): WeightFamily | null {
  if (nan + positiveInfinity + negativeInfinity > 0) return null;
  const statistics = { count, nans: 0, infinities: 0, zeros, mean, standardDeviation, min, max };
  return recognizeFamily(tensor, sample.values(), statistics, layout, kernels);
}

/** Whether all values are one number, so that equal tensors of it are no news. */
export function isConstant({ count, nan, positiveInfinity, negativeInfinity, min, max }: TensorSummary): boolean {
  return count < 2 || (nan + positiveInfinity + negativeInfinity === 0 && min === max);
}
