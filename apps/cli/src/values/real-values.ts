// The elements of any array of a tensor as numbers: half precision decoded, 64-bit integers rounded.

import { type AnyDType, type TensorData, tensorOf, toFloat32 } from "@fanin/tensor";

/** Numbers by index. */
export type RealValues = Exclude<TensorData, BigInt64Array | BigUint64Array>;

/** The values of `data`; of complex numbers both parts, one after the other. */
export function realValues(dtype: AnyDType, data: TensorData): RealValues {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array) return Float64Array.from(data, Number);
  if (dtype === "float16" || dtype === "bfloat16") return toFloat32(tensorOf([data.length], dtype, data)).data;
  return data;
}
