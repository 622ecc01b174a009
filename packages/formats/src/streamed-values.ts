// The values of a tensor that is written, as bytes, a piece at a time, and counted.

import { elementLayouts, formatShape, sizeOf } from "@fanin/tensor";
import { concatenate, encode } from "./byte-order.ts";
import { quote } from "./malformed-file-error.ts";
import { isArrayOf, type TensorInput } from "./tensor.ts";

/** Bytes that the values of a tensor take. */
export function byteLengthOf({ shape, dtype }: Pick<TensorInput, "shape" | "dtype">): number {
  return sizeOf(shape) * elementLayouts[dtype].bytes;
}

/**
 * The values as little-endian bytes.
 *
 * @throws TypeError for a piece of another kind of array; RangeError where all pieces together are not as long as the shape says.
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

/** Joins pieces as they come. */
export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return concatenate(parts);
}
