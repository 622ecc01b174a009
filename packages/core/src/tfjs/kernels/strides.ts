// Descriptors of strided walks over two arrays, as the broadcasting and copying kernels of @fanin/kernels read them.
// Source: packages/kernels/assembly/elementwise/broadcast.ts; dimensions that run together are merged.
//
//   sizes [2, 3, 4], strides A [12, 4, 1], strides B [0, 0, 1]   ->   rows of 4; one outer dimension: 6, strides 4 and 0

const FIRST_DIMENSION = 6;
const WORDS_PER_DIMENSION = 4;

/** The most dimensions that the descriptor block holds after merging. */
export const MAX_DIMENSIONS = 14;

/** The strides of a contiguous array, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  for (let d = shape.length - 1, stride = 1; d >= 0; d--) {
    strides[d] = stride;
    stride *= shape[d] as number;
  }
  return strides;
}

/** The strides of an array of `shape` read as if it had the shape `out`: 0 where it is repeated. */
export function broadcastStrides(shape: readonly number[], out: readonly number[]): number[] {
  const strides = new Array<number>(out.length).fill(0);
  for (let d = shape.length - 1, to = out.length - 1, stride = 1; d >= 0; d--, to--) {
    const size = shape[d] as number;
    if (size !== 1) strides[to] = stride;
    stride *= size;
  }
  return strides;
}

/** Writes rows of `n` elements without outer dimensions. */
export function describeFlat(words: Uint32Array, n: number, stepA: number, stepB: number): void {
  words[0] = 0;
  words[1] = 0;
  words[2] = 0;
  words[3] = n;
  words[4] = stepA;
  words[5] = stepB;
}

/** Writes one walk over `sizes`, with the strides of both arrays in elements (negative ones too). */
export function describeWalk(
  words: Uint32Array,
  sizes: readonly number[],
  stridesA: readonly number[],
  stridesB: readonly number[],
): void {
  let dimensions = -1; // the innermost one is the row
  let size = 1;
  let strideA = 1;
  let strideB = 1;
  describeFlat(words, 1, 1, 1);
  const close = () => {
    if (dimensions === 0) {
      words[3] = size;
      words[4] = strideA;
      words[5] = strideB;
    } else {
      const at = FIRST_DIMENSION + (dimensions - 1) * WORDS_PER_DIMENSION;
      words[at] = size;
      words[at + 1] = strideA;
      words[at + 2] = strideB;
      words[at + 3] = 0;
    }
  };
  for (let d = sizes.length - 1; d >= 0; d--) {
    const next = sizes[d] as number;
    if (next === 1) continue;
    const a = stridesA[d] as number;
    const b = stridesB[d] as number;
    if (dimensions >= 0 && a === strideA * size && b === strideB * size) {
      size *= next;
      continue;
    }
    if (dimensions >= 0) close();
    dimensions++;
    size = next;
    strideA = a;
    strideB = b;
  }
  if (dimensions >= 0) close();
  // Words beyond the descriptor are dropped, and the kernel would read what lies behind it.
  if (dimensions > MAX_DIMENSIONS) {
    throw new RangeError(`expected at most ${MAX_DIMENSIONS} dimensions that do not merge, got ${dimensions}`);
  }
  words[0] = Math.max(dimensions, 0);
}
