// Yields the values of a stored tensor in chunks, reading the file once.

import type { TensorData } from "@fanin/tensor";

/** Elements of one chunk: 4 MiB of float32, at most 16 MiB. */
export const CHUNK_ELEMENTS: number = 2 ** 20;

/** Yields chunks of a tensor of `count` elements, for slices that take time proportional to their length. */
export async function* chunksBySlices(
  count: number,
  slice: (start: number, end: number) => Promise<TensorData>,
  length: number = CHUNK_ELEMENTS,
): AsyncGenerator<TensorData, void, undefined> {
  for (let start = 0; start < count; start += length) yield await slice(start, Math.min(count, start + length));
}

/** Yields the bytes after the first `skip` in chunks of `length`; the last may be shorter. */
export async function* regrouped(
  chunks: AsyncIterable<Uint8Array>,
  skip: number,
  length: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  let ignored = 0;
  let piece = new Uint8Array(length);
  let filled = 0;
  for await (const chunk of chunks) {
    let at = Math.min(chunk.length, skip - ignored);
    ignored += at;
    while (at < chunk.length) {
      const part = chunk.subarray(at, at + length - filled);
      piece.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < length) continue;
      yield piece;
      piece = new Uint8Array(length);
      filled = 0;
    }
  }
  if (filled > 0) yield piece.subarray(0, filled);
}
