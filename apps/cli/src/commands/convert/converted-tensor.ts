// Converts stored tensors to the input of a writer, in their new layout and element type; they are read while they are written.

import type { StoredTensor, StreamedTensor } from "@fanin/formats";
import type { AnyDType, TensorData } from "@fanin/tensor";
import { realValues } from "../../values/real-values.ts";
import { storedPieces } from "../../values/stored-values.ts";
import { gatheredValues, type MadeTensor } from "./gathered-values.ts";
import type { TensorPlan } from "./layout-plan.ts";
import { reversedValues } from "./reversed-values.ts";

/** The element types that --dtype converts: the floating-point ones. */
const floating: ReadonlySet<AnyDType> = new Set(["float64", "float16", "bfloat16"]);

/** Returns the element type in the output. */
export function dtypeAfter(dtype: AnyDType, asked: "float32" | undefined): AnyDType {
  return asked !== undefined && floating.has(dtype) ? asked : dtype;
}

/** Yields `pieces` of `dtype` as float32, if asked. */
async function* castPieces(
  pieces: AsyncIterable<TensorData>,
  dtype: AnyDType,
  asked: "float32" | undefined,
): AsyncGenerator<TensorData, void, undefined> {
  const isCast = dtypeAfter(dtype, asked) !== dtype;
  for await (const piece of pieces) yield isCast ? Float32Array.from(realValues(dtype, piece)) : piece;
}

/** Converts `tensor` by `plan` and `asked`. */
export function convertedTensor(tensor: StoredTensor, plan: TensorPlan, asked: "float32" | undefined): StreamedTensor {
  const { name, dtype } = tensor;
  const pieces = () => (plan.groups ? reversedValues(tensor, plan.groups) : storedPieces(tensor));
  return { name, shape: plan.shape, dtype: dtypeAfter(dtype, asked), chunks: () => castPieces(pieces(), dtype, asked) };
}

/** Converts a tensor that is made of several of IN. */
export function madeTensor(
  made: MadeTensor,
  sources: ReadonlyMap<string, StoredTensor>,
  dtype: AnyDType,
  asked: "float32" | undefined,
): StreamedTensor {
  const { name, shape } = made;
  const chunks = () => castPieces(gatheredValues(made, dtype, sources), dtype, asked);
  return { name, shape, dtype: dtypeAfter(dtype, asked), chunks };
}
