// The gemm microkernel for the columns that remain: an 8x4 tile of C, so that four columns keep eight accumulators busy.
// Source: the rank-1 update form of BLIS's microkernel contract: no loop over m or n, k is the only one.
//
// accR holds row R of the tile, columns 0..3. A is read in place: for one panel packing costs more than it saves. The pointers of
// missing rows repeat the last row.

import { multiplyAdd } from "./multiply-add";

/**
 * c (rows x 4, 1 <= rows <= 8, rows `ldc` apart) = the sum over k steps of a's column times b's row of four, which are
 * packed. Element (i, p) of A is at a + i * `rsa` + p * `csa`; all strides in bytes.
 */
export function microkernel8x4(
  k: u32,
  a: usize,
  rsa: usize,
  csa: usize,
  rows: u32,
  b: usize,
  c: usize,
  ldc: usize,
): void {
  const last = rows - 1;
  let a0 = a;
  let a1 = a + rsa * min(last, 1);
  let a2 = a + rsa * min(last, 2);
  let a3 = a + rsa * min(last, 3);
  let a4 = a + rsa * min(last, 4);
  let a5 = a + rsa * min(last, 5);
  let a6 = a + rsa * min(last, 6);
  let a7 = a + rsa * min(last, 7);
  let acc0 = f32x4.splat(0);
  let acc1 = f32x4.splat(0);
  let acc2 = f32x4.splat(0);
  let acc3 = f32x4.splat(0);
  let acc4 = f32x4.splat(0);
  let acc5 = f32x4.splat(0);
  let acc6 = f32x4.splat(0);
  let acc7 = f32x4.splat(0);
  for (let p: u32 = 0, at: usize = 0; p < k; p++, b += 16, at += csa) {
    const row = v128.load(b);
    acc0 = multiplyAdd(v128.load32_splat(a0 + at), row, acc0);
    acc1 = multiplyAdd(v128.load32_splat(a1 + at), row, acc1);
    acc2 = multiplyAdd(v128.load32_splat(a2 + at), row, acc2);
    acc3 = multiplyAdd(v128.load32_splat(a3 + at), row, acc3);
    acc4 = multiplyAdd(v128.load32_splat(a4 + at), row, acc4);
    acc5 = multiplyAdd(v128.load32_splat(a5 + at), row, acc5);
    acc6 = multiplyAdd(v128.load32_splat(a6 + at), row, acc6);
    acc7 = multiplyAdd(v128.load32_splat(a7 + at), row, acc7);
  }
  v128.store(c, acc0);
  v128.store(c + min(last, 1) * ldc, acc1);
  v128.store(c + min(last, 2) * ldc, acc2);
  v128.store(c + min(last, 3) * ldc, acc3);
  v128.store(c + min(last, 4) * ldc, acc4);
  v128.store(c + min(last, 5) * ldc, acc5);
  v128.store(c + min(last, 6) * ldc, acc6);
  v128.store(c + min(last, 7) * ldc, acc7);
}
