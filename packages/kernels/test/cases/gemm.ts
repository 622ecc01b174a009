// gemm in its four layouts, around the tiles (4 x 8, 6 x 8, 8 x 4), the thin paths (up to 3), the size from which operands are
// packed (48), the steps of an unrolled turn (2, 4, 8) and the cache blocks (64, 512, 256).

import { type Argument, floats, type KernelCase, kernels, Workspace } from "../harness.ts";
import { epilogues, gemm_batch_f32, gemm_epilogue_f32, gemm_f32 } from "../reference/gemm.ts";

const edges = [0, 1, 2, 3, 4, 5, 7, 9, 10, 17];
const small = edges.flatMap((m) => [0, 1, 2, 3, 5, 7, 8, 10, 17].flatMap((n) => [0, 1, 2, 5].map((k) => [m, n, k])));
const large = [
  [65, 9, 257],
  [4, 513, 3],
  [130, 24, 513],
  [64, 128, 784],
  [33, 133, 70],
  [1, 21, 261],
  [3, 130, 259],
  [66, 3, 515],
  [67, 2, 64],
  [9, 9, 3],
  [6, 16, 4],
  ...[1, 2, 3, 4, 6, 7, 8, 9].map((k) => [47 + k, 57 - k, k]),
  [112, 50, 11],
];
const why = "float32 sums of up to 784 products of size 4";
const tolerance = 1e-4;

/** The arguments m .. workspace of gemm; rows of A, B and C are `pad` longer than they need be. */
function operands(
  transposeA: boolean,
  transposeB: boolean,
  accumulate: number,
  m: number,
  n: number,
  k: number,
): Argument[] {
  const pad = 3;
  const lda = (transposeA ? m : k) + pad;
  const ldb = (transposeB ? k : n) + pad;
  const ldc = n + pad;
  const length = (rows: number, cols: number, ld: number) => (rows === 0 || cols === 0 ? 0 : (rows - 1) * ld + cols);
  return [
    ...[m, n, k],
    floats(transposeA ? length(k, m, lda) : length(m, k, lda)),
    ...(transposeA ? [1, lda] : [lda, 1]),
    floats(transposeB ? length(n, k, ldb) : length(k, n, ldb)),
    ...(transposeB ? [1, ldb] : [ldb, 1]),
    ...[accumulate, floats(length(m, n, ldc)), ldc],
    new Workspace(kernels.gemm_workspace_f32(m, n, k)),
  ];
}

function layout(transposeA: boolean, transposeB: boolean, accumulate: number): KernelCase {
  return {
    kernel: "gemm_f32",
    sizes: [...small, ...large],
    arguments: (m = 0, n = 0, k = 0) => operands(transposeA, transposeB, accumulate, m, n, k),
    twin: gemm_f32,
    tolerance,
    why,
  };
}

const shapes = [
  [1, 9, 4],
  [3, 2, 5],
  [5, 3, 0],
  [9, 10, 3],
  [65, 13, 17],
  [20, 520, 300],
];

export const gemmCases: readonly KernelCase[] = [
  ...[false, true].flatMap((ta) => [false, true].flatMap((tb) => [0, 1].map((adding) => layout(ta, tb, adding)))),
  {
    kernel: "gemm_epilogue_f32",
    sizes: shapes.flatMap((shape) =>
      epilogues.flatMap((_, activation) => [0, 1].map((bias) => [...shape, activation, bias])),
    ),
    arguments: (m = 0, n = 0, k = 0, activation = 0, bias = 0) => [
      ...operands(false, false, bias, m, n, k),
      ...[bias ? floats(n) : 0, activation, 0.3],
    ],
    twin: gemm_epilogue_f32,
    tolerance,
    why,
  },
  {
    kernel: "gemm_batch_f32",
    sizes: [0, 1, 3].flatMap((batch) =>
      shapes.slice(0, 5).flatMap((shape) => [0, 1].map((same) => [batch, ...shape, same])),
    ),
    arguments: (batch = 0, m = 0, n = 0, k = 0, same = 0) => [
      ...[batch, same ? 0 : m * k + 1, k * n, m * n + 2],
      ...[m, n, k, floats((m * k + 1) * (batch + 1)), k, 1, floats(k * n * (batch + 1)), n, 1],
      ...[same, floats((m * n + 2) * batch), n, new Workspace(kernels.gemm_workspace_f32(m, n, k))],
      ...[floats(n), 1, 0],
    ],
    twin: gemm_batch_f32,
    tolerance,
    why,
  },
  {
    kernel: "gemm_workspace_f32",
    sizes: [...small, ...large],
    arguments: (m = 0, n = 0, k = 0) => [m, n, k],
    twin: (m: number, n: number, k: number) => {
      const up = (x: number, step: number) => Math.ceil(x / step) * step;
      return 4 * Math.min(k, 256) * (up(Math.min(m, 64), 4) + up(Math.min(n, 512), 8));
    },
    tolerance: 0,
  },
];
