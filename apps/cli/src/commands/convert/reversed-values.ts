// Reverses three groups of axes of a tensor: (a, b, c) becomes (c, b, a). Works in blocks, so that neither tensor must fit in
// memory.

import type { StoredTensor } from "@fanin/formats";
import type { TensorData } from "@fanin/tensor";
import { elementCount } from "../../values/stored-values.ts";

/** Elements of one block of the output; each block reads the input once. */
const BLOCK = 2 ** 24;
/** Elements of one read. */
const PIECE = 2 ** 20;

/** Writes columns [start, start + width) of `rows` rows of the input, from `row` on, to a block of the output. */
function scatter(
  block: TensorData,
  piece: TensorData,
  row: number,
  rows: number,
  { b, ab, offset, stride, width }: { b: number; ab: number; offset: number; stride: number; width: number },
  parts: number,
): void {
  const a = ab / b;
  for (let r = 0; r < rows; r++) {
    const i = Math.floor((row + r) / b);
    const j = (row + r) % b;
    for (let k = 0; k < width; k++) {
      const target = (k * b + j) * a + i;
      const source = r * stride + offset + k;
      for (let part = 0; part < parts; part++) block[target * parts + part] = piece[source * parts + part] as never;
    }
  }
}

/** Yields chunks of the reversed tensor, in order, with about `blockSize` elements in memory. */
export async function* reversedValues(
  tensor: StoredTensor,
  [a, b, c]: readonly [number, number, number],
  blockSize: number = BLOCK,
): AsyncGenerator<TensorData, void, undefined> {
  const count = elementCount(tensor);
  if (count === 0) return;
  const parts = tensor.dtype === "complex64" || tensor.dtype === "complex128" ? 2 : 1;
  const ab = a * b;
  // A tensor that fits a block is read at once, which is faster for a compressed entry.
  const whole = count <= blockSize ? (await tensor.read()).data : undefined;
  const columns = whole ? c : Math.max(1, Math.floor(blockSize / ab));
  for (let start = 0; start < c; start += columns) {
    const width = Math.min(columns, c - start);
    const empty = whole ?? (await tensor.slice(0, 0));
    const Kind = empty.constructor as new (length: number) => TensorData;
    const block = new Kind(width * ab * parts);
    if (whole) scatter(block, whole, 0, ab, { b, ab, offset: 0, stride: c, width }, parts);
    else {
      // Long rows are read in parts, short ones many at a time.
      const isLong = c > PIECE;
      const rows = isLong ? 1 : Math.max(1, Math.floor(PIECE / c));
      for (let row = 0; row < ab; row += rows) {
        const taken = Math.min(rows, ab - row);
        const from = row * c + (isLong ? start : 0);
        const piece = await tensor.slice(from, isLong ? from + width : from + taken * c);
        scatter(
          block,
          piece,
          row,
          taken,
          { b, ab, offset: isLong ? 0 : start, stride: isLong ? width : c, width },
          parts,
        );
      }
    }
    yield block;
  }
}
