// The values of a tensor in a file, a piece at a time, so that a file larger than memory can be gone through.

import type { StoredTensor } from "@fanin/formats";
import { sizeOf, type TensorData } from "@fanin/tensor";

/** A tensor of no more elements comes in one piece. */
export const WHOLE: number = 2 ** 23;

/** The number of elements. */
export function elementCount({ shape }: Pick<StoredTensor, "shape">): number {
  return sizeOf(shape);
}

/** The values in row-major order; of complex numbers two array elements each. */
export async function* storedPieces(tensor: StoredTensor): AsyncGenerator<TensorData, void, undefined> {
  if (elementCount(tensor) <= WHOLE) {
    yield (await tensor.read()).data;
    return;
  }
  yield* tensor.chunks();
}
