// Tensors as plain data, as initializers return them.

import type { AnyArrayOf, AnyDType, TensorData } from "./any-dtype.ts";
import { describeValue } from "./arguments.ts";
import { type ArrayOf, type DType, elementTypes, expectDType } from "./dtype.ts";
import { expectShape, formatShape, type Shape, sizeOf } from "./shape.ts";

/** Dense, row-major values; the data of float16 and bfloat16 are bit patterns. */
export interface Tensor<D extends DType = "float32"> {
  readonly shape: Shape;
  readonly dtype: D;
  readonly data: ArrayOf<ArrayBuffer>[D];
}

/** A tensor of any element type of a weight file; narrowing by `dtype` narrows `data`. */
export type AnyTensor = {
  [D in AnyDType]: { readonly shape: Shape; readonly dtype: D; readonly data: AnyArrayOf<ArrayBuffer>[D] };
}[AnyDType];

/**
 * Makes a tensor from its parts; `data` must have the kind of array of `dtype`.
 *
 * @example
 * tensorOf([2], "bool", Uint8Array.of(0, 1)).dtype; // => 'bool'
 */
export function tensorOf(shape: Shape, dtype: AnyDType, data: TensorData): AnyTensor {
  return { shape, dtype, data } as AnyTensor;
}

/** Maximum length of a typed array in every engine. */
const MAX_LENGTH = 2 ** 31 - 1;

/**
 * Allocates an array of `dtype` for `shape`, filled with zeros.
 *
 * @throws RangeError if it exceeds the maximum length of an array, or the memory.
 * @example
 * allocate([2, 2], "int8"); // => Int8Array(4) [ 0, 0, 0, 0 ]
 */
export function allocate<D extends DType>(shape: Shape, dtype: D): ArrayOf<ArrayBuffer>[D] {
  const size = sizeOf(shape);
  const asked = `shape: ${formatShape(shape)} holds ${size} elements`;
  if (size > MAX_LENGTH) {
    throw new RangeError(`${asked}; one array holds at most ${MAX_LENGTH}: call fill() with slices and offsets`);
  }
  const { bytes, allocate: make } = elementTypes[dtype];
  try {
    return make(size);
  } catch (error) {
    throw new RangeError(`${asked} (${size * bytes} bytes), more than the available memory`, { cause: error });
  }
}

/**
 * Allocates a float32 array for `shape`, filled with zeros; throws as {@link allocate} does.
 *
 * @example
 * allocateFloat32([2]); // => Float32Array(2) [ 0, 0 ]
 */
export function allocateFloat32(shape: Shape): Float32Array<ArrayBuffer> {
  return allocate(shape, "float32");
}

/**
 * Whether `value` has the three parts of a tensor.
 *
 * @example
 * isTensorLike({ shape: [1], dtype: "bool", data: [] }); // => true
 */
export function isTensorLike(value: unknown): value is { shape: unknown; dtype: unknown; data: unknown } {
  return typeof value === "object" && value !== null && "shape" in value && "dtype" in value && "data" in value;
}

/**
 * Returns `value` if it is a tensor whose data fit its shape and dtype.
 *
 * @throws TypeError for another kind of data; RangeError for another number of elements.
 * @example
 * expectTensor("value", { shape: [1], dtype: "bool", data: Uint8Array.of(1) }).dtype; // => 'bool'
 */
export function expectTensor(name: string, value: unknown): Tensor<DType> {
  if (!isTensorLike(value)) throw new TypeError(`${name}: expected a tensor, got ${describeValue(value)}`);
  const dtype = expectDType(value.dtype);
  const shape = expectShape(value.shape);
  const { data } = value;
  if (!elementTypes[dtype].holds(data)) {
    throw new TypeError(`${name}: expected an array of ${dtype}, got ${describeValue(data)}`);
  }
  if (data.length !== sizeOf(shape)) {
    throw new RangeError(`${name}: expected ${sizeOf(shape)} elements for ${formatShape(shape)}, got ${data.length}`);
  }
  return value as Tensor<DType>;
}
