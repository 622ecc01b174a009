// Reads the values of a stored tensor in chunks, so that files may be larger than memory.

import type { StoredTensor } from "@fanin/formats";
import { sizeOf, type TensorData } from "@fanin/tensor";

/** A tensor of up to this number of elements comes in one chunk. */
export const WHOLE: number = 2 ** 23;

/** Returns the number of elements. */
export function elementCount({ shape }: Pick<StoredTensor, "shape">): number {
  return sizeOf(shape);
}

/** Yields the values in row-major order; complex numbers take two array elements each. */
export async function* storedPieces(tensor: StoredTensor): AsyncGenerator<TensorData, void, undefined> {
  if (elementCount(tensor) <= WHOLE) {
    yield (await tensor.read()).data;
    return;
  }
  yield* tensor.chunks();
}
