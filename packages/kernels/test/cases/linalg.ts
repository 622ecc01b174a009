// The QR around its panel width (32) and the tile of its gemm, square and tall, with room between rows.

import { floats, type KernelCase, kernels, Workspace } from "../harness.ts";
import * as reference from "../reference/linalg.ts";

const sizes = [
  ...[
    [0, 0],
    [3, 0],
    [1, 1],
    [2, 1],
    [2, 2],
    [3, 2],
    [5, 5],
    [7, 4],
    [9, 8],
    [31, 31],
    [32, 31],
    [32, 32],
    [33, 32],
  ],
  ...[
    [33, 33],
    [40, 31],
    [64, 64],
    [65, 33],
    [66, 65],
    [97, 70],
    [300, 40],
  ],
];

const why = "float32 between the panels: what blocked Householder loses against float64";
const extent = (m: number, ld: number, n: number) => (m === 0 || n === 0 ? 0 : (m - 1) * ld + n);
const blocks = (n: number) => new Float32Array(Math.ceil(n / 32) * 1024);

/** A matrix of m x n, rows n + 3 apart; where `zeroColumn` is less than n, that column is zero. */
function matrix(m: number, n: number, zeroColumn: number): Float32Array {
  return floats(extent(m, n + 3, n)).map((value, i) => (i % (n + 3) === zeroColumn ? 0 : value));
}

function factorization(zeroColumn: number): KernelCase {
  return {
    kernel: "qr_f32",
    sizes,
    arguments: (m = 0, n = 0) => [
      ...[m, n, matrix(m, n, zeroColumn), n + 3],
      ...[blocks(n), new Workspace(kernels.qr_workspace_f32(m, n))],
    ],
    reference: reference.qr_f32,
    tolerance: 1e-5,
    why,
  };
}

export const linalgCases: readonly KernelCase[] = [
  factorization(Number.POSITIVE_INFINITY),
  factorization(1),
  {
    kernel: "qr_q_f32",
    sizes,
    arguments: (m = 0, n = 0) => {
      const a = matrix(m, n, Number.POSITIVE_INFINITY);
      const t = blocks(n);
      reference.qr_f32(m, n, a, n + 3, t);
      const q = floats(extent(m, n + 2, n));
      return [m, n, a, n + 3, t, q, n + 2, new Workspace(kernels.qr_workspace_f32(m, n))];
    },
    reference: reference.qr_q_f32,
    tolerance: 2e-6,
    why,
  },
  {
    kernel: "qr_workspace_f32",
    sizes: [...sizes, [1024, 1024], [600, 513], [2 ** 28, 32]],
    arguments: (m = 0, n = 0) => [m, n],
    reference: reference.qr_workspace_f32,
    tolerance: 0,
  },
];
