// The values of a tensor in a file, a piece at a time, so that a file larger than memory can be gone through.

import { sizeOf } from "@fanin/core";
import type { StoredTensor, TensorData } from "@fanin/formats";

/** Elements of one piece: at most 16 MiB, 4 MiB of float32. */
const PIECE = 2 ** 20;
/** A tensor of no more elements is read at once: a compressed entry is then inflated once, not once for each piece. */
export const WHOLE: number = 2 ** 23;

/** The number of elements. */
export function elementCount({ shape }: Pick<StoredTensor, "shape">): number {
  return sizeOf(shape);
}

/** The values in row-major order; of complex numbers two array elements each. */
export async function* storedPieces(tensor: StoredTensor): AsyncGenerator<TensorData, void, undefined> {
  const count = elementCount(tensor);
  if (count <= WHOLE) {
    yield (await tensor.read()).data;
    return;
  }
  for (let start = 0; start < count; start += PIECE) {
    yield await tensor.slice(start, Math.min(count, start + PIECE));
  }
}
