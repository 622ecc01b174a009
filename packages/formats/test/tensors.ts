// Arbitrary tensors of every dtype and any bits, for property tests.

import { type AnyDType, elementLayouts, type TensorData } from "@fanin/tensor";
import * as fc from "fast-check";
import { type NamedTensor, namedTensorOf } from "../src/tensor.ts";

/** Makes an array of `dtype` from raw bytes, so that NaNs of every payload occur. */
export function arrayOf(dtype: AnyDType, bytes: Uint8Array): TensorData {
  const { array, unit } = elementLayouts[dtype];
  return new array(bytes.slice().buffer as ArrayBuffer, 0, bytes.length / unit);
}

/** Returns the raw bytes of an array, to distinguish -0 and NaNs. */
export function bytesOf(data: TensorData): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** Converts a tensor for comparison: equal if shape, dtype and every bit are. */
export function plain({ name, shape, dtype, data }: NamedTensor): unknown {
  return { name, shape: [...shape], dtype, bytes: Buffer.from(bytesOf(data)).toString("hex") };
}

/** Generates tensors of the given dtypes with up to 3 dimensions of up to 5. */
export function tensorOfDTypes(allowed: readonly AnyDType[]): fc.Arbitrary<NamedTensor> {
  return fc
    .record({
      name: fc.string({ unit: "grapheme", maxLength: 12 }),
      dtype: fc.constantFrom(...allowed),
      shape: fc.array(fc.nat(5), { maxLength: 3 }),
    })
    .chain(({ name, dtype, shape }) => {
      const length = shape.reduce((product, dimension) => product * dimension, elementLayouts[dtype].bytes);
      return fc
        .uint8Array({ minLength: length, maxLength: length })
        .map((bytes) => namedTensorOf(name, shape, dtype, arrayOf(dtype, bytes)));
    });
}

/** Generates up to 6 tensors with unique names. */
export function tensorLists(allowed: readonly AnyDType[]): fc.Arbitrary<NamedTensor[]> {
  return fc.uniqueArray(tensorOfDTypes(allowed), { selector: ({ name }) => name, maxLength: 6 });
}
