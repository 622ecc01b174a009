// Flushing: TensorFlow and JAX compute with the processor's flag that takes subnormal numbers, given or made, for zero.
// Source: tsl/platform/denormal.h (ScopedFlushDenormal), xla/service/cpu; both set FTZ and DAZ of MXCSR.

import type { FloatDType } from "@fanin/tensor";

/** The least normal number of the type in which an operation is computed; float16 is computed in float32, where its subnormals are normal. */
const leastNormal: Readonly<Record<FloatDType, number>> = {
  float32: 2 ** -126,
  bfloat16: 2 ** -126,
  float64: 2 ** -1022,
  float16: 0,
};

/** `value`, or a zero of its sign where it is subnormal. */
export function flushSubnormal(dtype: FloatDType, value: number): number {
  return Math.abs(value) < leastNormal[dtype] ? 0 * value : value;
}
