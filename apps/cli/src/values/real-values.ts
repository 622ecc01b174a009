// Reads the elements of any array as numbers: decodes half precision, and rounds 64-bit integers.

import { type AnyDType, type TensorData, tensorOf, toFloat32 } from "@fanin/tensor";

/** Numbers by index. */
export type RealValues = Exclude<TensorData, BigInt64Array | BigUint64Array>;

/** Returns the values of `data`; for complex numbers, both parts in turn. */
export function realValues(dtype: AnyDType, data: TensorData): RealValues {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number);
  if (dtype === "float16" || dtype === "bfloat16") return toFloat32(tensorOf([data.length], dtype, data)).data;
  return data;
}
