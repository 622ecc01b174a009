// Converts a stored tensor to the input of a writer, in its new layout and element type; it is read while it is written.

import type { StoredTensor, StreamedTensor } from "@fanin/formats";
import type { AnyDType, TensorData } from "@fanin/tensor";
import { realValues } from "../../values/real-values.ts";
import { storedPieces } from "../../values/stored-values.ts";
import type { TensorPlan } from "./layout-plan.ts";
import { reversedValues } from "./reversed-values.ts";

/** The element types that --dtype converts: the floating-point ones. */
const floating: ReadonlySet<AnyDType> = new Set(["float64", "float16", "bfloat16"]);

/** Returns the element type in the output. */
export function dtypeAfter(dtype: AnyDType, asked: "float32" | undefined): AnyDType {
  return asked !== undefined && floating.has(dtype) ? asked : dtype;
}

/** Converts `tensor` by `plan` and `asked`. */
export function convertedTensor(tensor: StoredTensor, plan: TensorPlan, asked: "float32" | undefined): StreamedTensor {
  const dtype = dtypeAfter(tensor.dtype, asked);
  const pieces = (): AsyncIterable<TensorData> =>
    plan.groups ? reversedValues(tensor, plan.groups) : storedPieces(tensor);
  async function* cast(): AsyncGenerator<TensorData, void, undefined> {
    for await (const piece of pieces()) yield Float32Array.from(realValues(tensor.dtype, piece));
  }
  return { name: tensor.name, shape: plan.shape, dtype, chunks: () => (dtype === tensor.dtype ? pieces() : cast()) };
}
