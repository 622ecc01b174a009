// Encodes the values of a tensor as bytes, in chunks, and checks their number.

import { elementLayouts, formatShape, sizeOf } from "@fanin/tensor";
import { concatenate, encode } from "./byte-order.ts";
import { quote } from "./malformed-file-error.ts";
import { isArrayOf, type TensorInput } from "./tensor.ts";

/** Returns the size of the values in bytes. */
export function byteLengthOf({ shape, dtype }: Pick<TensorInput, "shape" | "dtype">): number {
  return sizeOf(shape) * elementLayouts[dtype].bytes;
}

/**
 * Yields the values as little-endian bytes.
 *
 * @throws TypeError for a chunk of another kind of array; RangeError if the total length differs from the shape's.
 */
export async function* encodedChunks(tensor: TensorInput): AsyncGenerator<Uint8Array, void, undefined> {
  if ("data" in tensor) {
    yield encode(tensor.data);
    return;
  }
  const expected = byteLengthOf(tensor);
  let length = 0;
  for await (const chunk of tensor.chunks()) {
    if (!isArrayOf(tensor.dtype, chunk)) {
      throw new TypeError(
        `tensor ${quote(tensor.name)}: expected chunks of ${elementLayouts[tensor.dtype].array.name} for ${tensor.dtype}`,
      );
    }
    length += chunk.byteLength;
    if (length > expected) break;
    yield encode(chunk);
  }
  if (length !== expected) {
    const { bytes } = elementLayouts[tensor.dtype];
    throw new RangeError(
      `tensor ${quote(tensor.name)}: expected chunks of ${expected / bytes} elements together for ${formatShape(tensor.shape)}, got ${length > expected ? "more" : length / bytes}`,
    );
  }
}

/** Concatenates asynchronous chunks. */
export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return concatenate(parts);
}
