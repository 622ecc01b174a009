// A tensor of a weight file for diagnosis: its values as numbers, its units.
// Source: the layouts of Keras's and PyTorch's kernels.

import { float32FromBfloat16, float32FromFloat16, sizeOf } from "@fanin/tensor";
import { describeValue } from "@fanin/tensor/arguments";
import type { Layout } from "./layout.ts";

/** A named tensor with dense, row-major values, as readers of weight files return it. */
export interface WeightTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** float32, float64, float16 and bfloat16 (as bits) are inspected; for other types only the shape. */
  readonly dtype: string;
  readonly data: ArrayBufferView;
}

/** The properties that determine the part and the fans of a tensor. */
export type TensorName = Pick<WeightTensor, "name" | "shape">;

/** A tensor's values; null if they are not real numbers. */
export type Values = Float32Array | Float64Array;

/** A kernel as a matrix: the weight of unit `u` for input `i` is at `i * inputStride + u * unitStride`. */
export interface UnitMatrix {
  readonly values: Values;
  readonly inputs: number;
  readonly units: number;
  readonly inputStride: number;
  readonly unitStride: number;
}

const half: Readonly<Record<string, (bits: number) => number>> = {
  float16: float32FromFloat16,
  bfloat16: float32FromBfloat16,
};

/**
 * Checks that `value` is a list of tensors. A length that does not fit the shape passes; it is a finding.
 *
 * @throws TypeError for a wrong type; RangeError for a dimension that is not a whole number, or a duplicate name.
 */
export function expectWeights(value: unknown): readonly WeightTensor[] {
  if (!Array.isArray(value)) throw new TypeError(`weights: expected an array of tensors, got ${describeValue(value)}`);
  const names = new Set<string>();
  for (const [index, tensor] of (value as readonly Partial<WeightTensor>[]).entries()) {
    const label = `weights[${index}]`;
    if (typeof tensor !== "object" || tensor === null || typeof tensor.name !== "string") {
      throw new TypeError(`${label}: expected { name, shape, dtype, data }, got ${describeValue(tensor)}`);
    }
    const { name, shape, dtype, data } = tensor;
    if (!Array.isArray(shape) || typeof dtype !== "string" || !ArrayBuffer.isView(data) || data instanceof DataView) {
      throw new TypeError(
        `${label} (${name}): expected a shape, a dtype and a typed array, got ${describeValue(data)}`,
      );
    }
    const wrong = shape.find((dimension: unknown) => !Number.isSafeInteger(dimension) || (dimension as number) < 0);
    if (wrong !== undefined) {
      throw new RangeError(`${label} (${name}): expected dimensions of 0 or more, got ${describeValue(shape)}`);
    }
    if (names.has(name)) throw new RangeError(`${label}: expected a name of its own, got ${describeValue(name)} again`);
    names.add(name);
  }
  return value as readonly WeightTensor[];
}

/** The values as numbers; null for integers, booleans, complex numbers and arrays that do not hold their dtype. */
export function valuesOf({ dtype, data }: WeightTensor): Values | null {
  if (dtype === "float32" && data instanceof Float32Array) return data;
  if (dtype === "float64" && data instanceof Float64Array) return data;
  const decode = half[dtype];
  return decode && data instanceof Uint16Array ? Float32Array.from(data, decode) : null;
}

/** The number of values in `data`; a complex value is two elements. */
export function countOf({ dtype, data }: WeightTensor): number {
  return (data as Float32Array).length / (dtype.startsWith("complex") ? 2 : 1);
}

/** The number of values of a shape. From 2^53 on it is inexact, but no array is that large. */
export function sizeOfShape({ shape }: WeightTensor): number {
  return sizeOf(shape);
}

/** A tensor of rank 2 or more as inputs by units. */
export function unitMatrix(values: Values, shape: readonly number[], layout: Layout): UnitMatrix {
  const units = (layout === "keras" ? shape.at(-1) : shape[0]) ?? 1;
  const inputs = units === 0 ? 0 : values.length / units;
  return layout === "keras"
    ? { values, inputs, units, inputStride: units, unitStride: 1 }
    : { values, inputs, units, inputStride: 1, unitStride: inputs };
}
