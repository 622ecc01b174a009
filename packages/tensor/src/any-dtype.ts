// The element types of weight files: those of Keras and the complex ones, each with its size and its array.

import type { ArrayOf } from "./dtype.ts";

/** The array of each element type; a complex number takes two elements. */
export interface AnyArrayOf<B extends ArrayBufferLike = ArrayBufferLike> extends ArrayOf<B> {
  readonly complex64: Float32Array<B>;
  readonly complex128: Float64Array<B>;
}

/** The name of an element type of a weight file. */
export type AnyDType = keyof AnyArrayOf;

/** An array of elements of a weight file. */
export type TensorData = AnyArrayOf<ArrayBuffer>[AnyDType];

interface ArrayConstructor<T> {
  new (length: number): T;
  new (buffer: ArrayBuffer, byteOffset: number, length: number): T;
}

/** The memory layout of an element type. */
export interface ElementLayout<D extends AnyDType = AnyDType> {
  /** Size of one element of the tensor, in bytes. */
  readonly bytes: number;
  /** Size of one element of the array, in bytes: the unit of byte order. */
  readonly unit: number;
  readonly array: ArrayConstructor<AnyArrayOf<ArrayBuffer>[D]>;
}

/** The layout of every element type. */
export const elementLayouts: { readonly [D in AnyDType]: ElementLayout<D> } = {
  float64: { bytes: 8, unit: 8, array: Float64Array },
  float32: { bytes: 4, unit: 4, array: Float32Array },
  float16: { bytes: 2, unit: 2, array: Uint16Array },
  bfloat16: { bytes: 2, unit: 2, array: Uint16Array },
  complex128: { bytes: 16, unit: 8, array: Float64Array },
  complex64: { bytes: 8, unit: 4, array: Float32Array },
  int64: { bytes: 8, unit: 8, array: BigInt64Array },
  int32: { bytes: 4, unit: 4, array: Int32Array },
  int16: { bytes: 2, unit: 2, array: Int16Array },
  int8: { bytes: 1, unit: 1, array: Int8Array },
  uint64: { bytes: 8, unit: 8, array: BigUint64Array },
  uint32: { bytes: 4, unit: 4, array: Uint32Array },
  uint16: { bytes: 2, unit: 2, array: Uint16Array },
  uint8: { bytes: 1, unit: 1, array: Uint8Array },
  bool: { bytes: 1, unit: 1, array: Uint8Array },
};

/** The names of all element types of weight files. */
export const ANY_DTYPES: readonly AnyDType[] = Object.keys(elementLayouts) as AnyDType[];
