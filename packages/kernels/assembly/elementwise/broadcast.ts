// Walks two arrays that are broadcast against each other, row by row. A row is contiguous in the output; in an input it is
// contiguous (step 1) or one value (step 0). Source: NumPy's broadcasting rules, strides in place of copies.
//
// The descriptor, in u32 words:
//   0      1        2        3  4      5      6          7         8         9          10 ...
//   outer  offsetA  offsetB  n  stepA  stepB  [size      strideA   strideB   position]  the next outer dimension
// `outer` dimensions follow, the innermost of them first, strides in elements, 0 where the input is broadcast. The offsets
// and positions are the kernel's own: 0 before and after. At least one of the steps is 1.

import { loadLanes } from "../math/lanes";

const FIRST_DIMENSION: usize = 24;

/** How many rows there are over the outer dimensions from number `skip` on; 0 if any size is 0. */
export function rowsFrom(shape: usize, skip: u32): u32 {
  let rows: u32 = load<u32>(shape, 12) == 0 ? 0 : 1;
  let at = shape + FIRST_DIMENSION;
  for (let d: u32 = 0, outer = load<u32>(shape); d < outer; d++, at += 16) {
    const size = load<u32>(at);
    if (d >= skip || size == 0) rows *= size;
  }
  return rows;
}

/** Moves the offsets to the next row along the outer dimensions from `skip` on, or from the last one back to the first. */
export function advance(shape: usize, skip: u32): void {
  let offsetA = load<u32>(shape, 4);
  let offsetB = load<u32>(shape, 8);
  let at = shape + FIRST_DIMENSION + (skip << 4);
  for (let left = load<u32>(shape) - skip; left > 0; left--, at += 16) {
    const size = load<u32>(at);
    const position = load<u32>(at, 12) + 1;
    offsetA += load<u32>(at, 4) << 2;
    offsetB += load<u32>(at, 8) << 2;
    if (position < size) {
      store<u32>(at, position, 12);
      break;
    }
    store<u32>(at, 0, 12);
    offsetA -= (size * load<u32>(at, 4)) << 2;
    offsetB -= (size * load<u32>(at, 8)) << 2;
  }
  store<u32>(shape, offsetA, 4);
  store<u32>(shape, offsetB, 8);
}

/** The next four elements of a row at `at`, or its one value where `step` is 0; `left` elements remain. */
export function loadStep(at: usize, step: usize, left: i32): v128 {
  return step == 0 ? v128.load32_splat(at) : loadLanes(at, left);
}
