// Products with so few rows or columns that a tile would be mostly empty: dot products, and one row of C.
// Source: the dot and axpy forms of the matrix-vector product (Golub and Van Loan, Matrix Computations, 1.1).
//
// Dots:  C has 1..3 columns; x is A, row-major, and y those columns, made contiguous in the workspace.
//          x row i   . . . . | . . . . | ...      four rows at a time share the loads of y, and their four vectors of
//          y col j   . . . . | . . . . | ...      partial sums are added by one transpose.
// Row:   C has one row; four rows of B at a time are added to it, so that B is read once, in the order of memory.

import { laneSums, loadTail, storeTail } from "../math/lanes";
import { balanced, KC } from "./cache-blocks";
import { multiplyAdd } from "./multiply-add";

/** The dot products of y (k floats) with `rows` rows of x, 1 <= rows <= 4, `stride` bytes apart. */
function dots(k: u32, x: usize, stride: usize, rows: u32, y: usize): v128 {
  let x1 = x;
  if (rows > 1) x1 += stride;
  let x2 = x1;
  if (rows > 2) x2 += stride;
  let x3 = x2;
  if (rows > 3) x3 += stride;
  let acc0 = f32x4.splat(0);
  let acc1 = f32x4.splat(0);
  let acc2 = f32x4.splat(0);
  let acc3 = f32x4.splat(0);
  const tail = k & 3;
  const whole = (<usize>(k - tail)) << 2;
  let at: usize = 0;
  // Two steps a turn share their five addresses.
  for (; at + 32 <= whole; at += 32) {
    const v = v128.load(y + at);
    acc0 = multiplyAdd(v128.load(x + at), v, acc0);
    acc1 = multiplyAdd(v128.load(x1 + at), v, acc1);
    acc2 = multiplyAdd(v128.load(x2 + at), v, acc2);
    acc3 = multiplyAdd(v128.load(x3 + at), v, acc3);
    const w = v128.load(y + at, 16);
    acc0 = multiplyAdd(v128.load(x + at, 16), w, acc0);
    acc1 = multiplyAdd(v128.load(x1 + at, 16), w, acc1);
    acc2 = multiplyAdd(v128.load(x2 + at, 16), w, acc2);
    acc3 = multiplyAdd(v128.load(x3 + at, 16), w, acc3);
  }
  if (at < whole) {
    const v = v128.load(y + at);
    acc0 = multiplyAdd(v128.load(x + at), v, acc0);
    acc1 = multiplyAdd(v128.load(x1 + at), v, acc1);
    acc2 = multiplyAdd(v128.load(x2 + at), v, acc2);
    acc3 = multiplyAdd(v128.load(x3 + at), v, acc3);
  }
  if (tail) {
    const v = loadTail(y + whole, tail);
    acc0 = multiplyAdd(loadTail(x + whole, tail), v, acc0);
    acc1 = multiplyAdd(loadTail(x1 + whole, tail), v, acc1);
    acc2 = multiplyAdd(loadTail(x2 + whole, tail), v, acc2);
    acc3 = multiplyAdd(loadTail(x3 + whole, tail), v, acc3);
  }
  return laneSums(acc0, acc1, acc2, acc3);
}

/**
 * c[i, j] (+)= the sum over p of x[i, p] * y[p, j], for `rows` rows and `cols` <= 3 columns. Rows of x are contiguous
 * and `rsx` apart; element (p, j) of y is at p * `rsy` + j * `csy`, element (i, j) of c at i * `rsc` + j * `csc`; all
 * strides in bytes. `workspace` holds cols * min(k, KC) floats.
 */
export function multiplyByDots(
  rows: u32,
  cols: u32,
  k: u32,
  x: usize,
  rsx: usize,
  y: usize,
  rsy: usize,
  csy: usize,
  accumulate: bool,
  c: usize,
  rsc: usize,
  csc: usize,
  workspace: usize,
): void {
  const step = balanced(k, KC);
  for (let p0: u32 = 0; p0 < k; p0 += step, x += step << 2, y += step * rsy) {
    const kc = min(step, k - p0);
    const adding = accumulate || p0 > 0;
    for (let j: u32 = 0, to = workspace; j < cols; j++) {
      for (let p: u32 = 0, from = y + j * csy; p < kc; p++, to += 4, from += rsy) store<f32>(to, load<f32>(from));
    }
    for (let i: u32 = 0, from = x, out = c; i < rows; i += 4, from += 4 * rsx, out += 4 * rsc) {
      const group = min(4, rows - i);
      for (let j: u32 = 0; j < cols; j++) {
        const sums = dots(kc, from, rsx, group, workspace + ((<usize>(j * kc)) << 2));
        const at = out + j * csc;
        store<f32>(at, f32x4.extract_lane(sums, 0) + (adding ? load<f32>(at) : 0));
        if (group > 1) store<f32>(at + rsc, f32x4.extract_lane(sums, 1) + (adding ? load<f32>(at + rsc) : 0));
        if (group > 2) store<f32>(at + 2 * rsc, f32x4.extract_lane(sums, 2) + (adding ? load<f32>(at + 2 * rsc) : 0));
        if (group > 3) store<f32>(at + 3 * rsc, f32x4.extract_lane(sums, 3) + (adding ? load<f32>(at + 3 * rsc) : 0));
      }
    }
  }
}

/** c[j] (+)= the sum over p of a[p] * b[p, j]; the rows of b are contiguous. `csa` and `rsb` are in bytes. */
export function multiplyRow(
  n: u32,
  k: u32,
  a: usize,
  csa: usize,
  b: usize,
  rsb: usize,
  accumulate: bool,
  c: usize,
): void {
  if (!accumulate) memory.fill(c, 0, (<usize>n) << 2);
  const tail = n & 3;
  const main = (<usize>(n - tail)) << 2;
  let p: u32 = 0;
  for (; p + 4 <= k; p += 4, a += 4 * csa, b += 4 * rsb) {
    const b1 = b + rsb;
    const b2 = b1 + rsb;
    const b3 = b2 + rsb;
    const a0 = v128.load32_splat(a);
    const a1 = v128.load32_splat(a + csa);
    const a2 = v128.load32_splat(a + 2 * csa);
    const a3 = v128.load32_splat(a + 3 * csa);
    for (let j: usize = 0; j < main; j += 16) {
      const low = multiplyAdd(a1, v128.load(b1 + j), f32x4.mul(a0, v128.load(b + j)));
      const high = multiplyAdd(a3, v128.load(b3 + j), f32x4.mul(a2, v128.load(b2 + j)));
      v128.store(c + j, f32x4.add(v128.load(c + j), f32x4.add(low, high)));
    }
    if (tail) {
      const low = multiplyAdd(a1, loadTail(b1 + main, tail), f32x4.mul(a0, loadTail(b + main, tail)));
      const high = multiplyAdd(a3, loadTail(b3 + main, tail), f32x4.mul(a2, loadTail(b2 + main, tail)));
      storeTail(c + main, f32x4.add(loadTail(c + main, tail), f32x4.add(low, high)), tail);
    }
  }
  for (; p < k; p++, a += csa, b += rsb) {
    const a0 = v128.load32_splat(a);
    for (let j: usize = 0; j < main; j += 16) {
      v128.store(c + j, multiplyAdd(a0, v128.load(b + j), v128.load(c + j)));
    }
    if (tail) storeTail(c + main, multiplyAdd(a0, loadTail(b + main, tail), loadTail(c + main, tail)), tail);
  }
}
