// Named tensors, in memory or in a file, and the checks before they are written.

import {
  ANY_DTYPES,
  type AnyArrayOf,
  type AnyDType,
  type AnyTensor,
  countOf,
  elementLayouts,
  formatShape,
  type Shape,
  type TensorData,
} from "@fanin/tensor";
import { quote } from "./malformed-file-error.ts";

/** A named tensor of dense, row-major values. */
export type NamedTensor = AnyTensor & { readonly name: string };

/** A tensor to write whose values come in chunks, in order, so that they need not be in memory at once. */
export interface StreamedTensor {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: AnyDType;
  /** Yields the values; each chunk is an array of the dtype's kind, of any length. Called once per write. */
  chunks(): Iterable<TensorData> | AsyncIterable<TensorData>;
}

/** The input of a writer. */
export type TensorInput = NamedTensor | StreamedTensor;

/** A tensor in an open file, of which only the header has been read. */
export interface StoredTensor {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: AnyDType;
  /** Reads all values. */
  read(): Promise<NamedTensor>;
  /** Reads the elements from `start` up to `end` in row-major order, as a flat array. */
  slice(start: number, end: number): Promise<TensorData>;
  /** Yields all values in row-major order as flat chunks; reads the file once and verifies its checksum at the end. */
  chunks(): AsyncIterable<TensorData>;
}

/**
 * Allocates the array for `count` elements.
 *
 * @throws RangeError if there is not enough memory, or if no array is that long.
 */
export function allocate<D extends AnyDType>(dtype: D, count: number): AnyArrayOf<ArrayBuffer>[D] {
  const { array, bytes, unit } = elementLayouts[dtype];
  try {
    return new array((count * bytes) / unit);
  } catch (cause) {
    throw new RangeError(
      `${count} elements of ${dtype} (${count * bytes} bytes) do not fit in one array; read them in slices`,
      {
        cause,
      },
    );
  }
}

/** Makes a named tensor from its parts; `data` must have the kind of array of `dtype`. */
export function namedTensorOf(name: string, shape: Shape, dtype: AnyDType, data: TensorData): NamedTensor {
  return { name, shape, dtype, data } as NamedTensor;
}

/** Whether `data` is the kind of array that holds `dtype`. */
export function isArrayOf(dtype: AnyDType, data: unknown): data is TensorData {
  return data instanceof elementLayouts[dtype].array;
}

/**
 * Checks a tensor to write: its dtype, its shape and, if in memory, the kind and length of its array.
 *
 * @throws TypeError for a wrong kind; RangeError for a wrong value.
 */
export function expectTensor(label: string, tensor: AnyTensor | StreamedTensor): void {
  const { shape, dtype } = tensor;
  if (!Object.hasOwn(elementLayouts, dtype)) {
    throw new RangeError(`${label}.dtype: expected one of ${ANY_DTYPES.join(", ")}, got ${String(dtype)}`);
  }
  if (!Array.isArray(shape)) throw new TypeError(`${label}.shape: expected an array of integers, got ${typeof shape}`);
  const { array, bytes, unit } = elementLayouts[dtype];
  const count = countOf(shape, bytes);
  if (count === undefined) {
    throw new RangeError(
      `${label}.shape: expected dimensions of 0 or more, under 2^53 bytes, got ${formatShape(shape)}`,
    );
  }
  if (!("data" in tensor)) return;
  if (!isArrayOf(dtype, tensor.data)) {
    throw new TypeError(`${label}.data: expected a ${array.name} for ${dtype}, got ${kindOf(tensor.data)}`);
  }
  const expected = (count * bytes) / unit;
  if (tensor.data.length !== expected) {
    throw new RangeError(
      `${label}.data: expected ${expected} elements for ${dtype} ${formatShape(shape)}, got ${tensor.data.length}`,
    );
  }
}

/**
 * Checks the tensors of one file: each of them, and that their names are unique.
 *
 * @throws TypeError for a wrong kind; RangeError for a wrong value or a repeated name.
 */
export function expectTensors(tensors: readonly TensorInput[]): void {
  const names = new Set<string>();
  for (const [index, tensor] of tensors.entries()) {
    if (typeof tensor.name !== "string") {
      throw new TypeError(`tensors[${index}].name: expected a string, got ${kindOf(tensor.name)}`);
    }
    if (/\p{Surrogate}/u.test(tensor.name)) {
      throw new RangeError(
        `tensors[${index}].name: expected well-formed text, got a lone surrogate in ${quote(tensor.name)}`,
      );
    }
    if (names.has(tensor.name)) {
      throw new RangeError(`tensors[${index}].name: expected a unique name, got ${quote(tensor.name)} again`);
    }
    names.add(tensor.name);
    expectTensor(`tensors[${index}]`, tensor);
  }
}

function kindOf(value: unknown): string {
  if (value === null || typeof value !== "object") return typeof value;
  return (value as { constructor?: { name?: string } }).constructor?.name ?? "an object";
}
