// Converts column-major values to row-major ones in the file's order, so that a file is read once, front to back.

import type { Shape, TensorData } from "@fanin/tensor";

/** Iterates over a column-major array: `next` returns the row-major index of the next element, minus `start`. */
export interface FileOrder {
  next(): number;
}

/** Iterates over `shape`, first dimension fastest; the wanted row-major elements begin at `start`. */
export function fileOrder(shape: Shape, start: number): FileOrder {
  const strides: number[] = new Array(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--) {
    strides[axis] = (strides[axis + 1] as number) * (shape[axis + 1] as number);
  }
  const index: number[] = new Array(shape.length).fill(0);
  let place = -start;
  return {
    next() {
      const current = place;
      for (let axis = 0; axis < shape.length; axis++) {
        const stride = strides[axis] as number;
        const dimension = shape[axis] as number;
        index[axis] = (index[axis] as number) + 1;
        place += stride;
        if ((index[axis] as number) < dimension) break;
        place -= stride * dimension;
        index[axis] = 0;
      }
      return current;
    },
  };
}

/** Views the bits as words of at most 4 bytes: moving floats as numbers would quiet signalling NaNs. */
function wordsOf({
  buffer,
  byteOffset,
  byteLength,
  BYTES_PER_ELEMENT,
}: TensorData): Uint8Array | Uint16Array | Uint32Array {
  if (BYTES_PER_ELEMENT === 1) return new Uint8Array(buffer, byteOffset, byteLength);
  if (BYTES_PER_ELEMENT === 2) return new Uint16Array(buffer, byteOffset, byteLength / 2);
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

/** Writes each element of `chunk` (`bytes` long) to its index from `order`, if the index is within `out`. */
export function gatherFortran(out: TensorData, chunk: TensorData, order: FileOrder, bytes: number): void {
  const target = wordsOf(out);
  const words = wordsOf(chunk);
  const parts = bytes / words.BYTES_PER_ELEMENT;
  for (let at = 0; at < words.length; at += parts) {
    const place = order.next() * parts;
    if (place < 0 || place >= target.length) continue;
    for (let part = 0; part < parts; part++) target[place + part] = words[at + part] as number;
  }
}
