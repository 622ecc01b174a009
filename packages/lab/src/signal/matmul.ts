// The product of two matrices on the gemm kernel, for experiments with matrices in arrays.
// Source: the layout of gemm_f32 in @fanin/kernels.

import { getRuntime } from "@fanin/core/runtime";

/** a (m x k) times b (k x n), row-major; RangeError if the arrays do not have these sizes. */
export function matmul(a: Float32Array, b: Float32Array, m: number, k: number, n: number): Float32Array {
  if (a.length !== m * k) throw new RangeError(`a: expected ${m} x ${k} values, got ${a.length}`);
  if (b.length !== k * n) throw new RangeError(`b: expected ${k} x ${n} values, got ${b.length}`);
  const { kernels, arena } = getRuntime();
  return arena.scope((alloc) => {
    const [left, right, out] = [alloc(a.length * 4), alloc(b.length * 4), alloc(m * n * 4)];
    const workspace = alloc(kernels.gemm_workspace_f32(m, n, k));
    arena.f32(left, a.length).set(a);
    arena.f32(right, b.length).set(b);
    kernels.gemm_f32(m, n, k, left, k, 1, right, n, 1, 0, out, n, workspace);
    return arena.f32(out, m * n).slice();
  });
}
