// gemm in its four layouts, around the tiles (4 x 8, 6 x 8, 8 x 4), the thin paths (up to 3), the size from which operands are
// packed (48), the steps of an unrolled turn (2, 4, 8) and the cache blocks (64, 512, 256).

import { type Argument, floats, type KernelCase, kernels, sumBounds, Workspace } from "../harness.ts";
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
const why = "float32 sums in another order: k u times the sum of |a| |b|";

type Gemm = Parameters<typeof gemm_epilogue_f32>;

const absolute = (x: Float32Array): Float32Array => x.map(Math.abs);

/** The sums of |a| |b|, of |c| where it is accumulated and of |bias|, for every element of C. */
function magnitudes([m, n, k, a, rsa, csa, b, rsb, csb, accumulate, c, ldc, space, bias]: Gemm): Float64Array {
  const sums = Float64Array.from(c, Math.abs);
  const row = bias ? absolute(bias) : 0;
  gemm_epilogue_f32(m, n, k, absolute(a), rsa, csa, absolute(b), rsb, csb, accumulate, sums, ldc, space, row, 0, 0);
  return sums;
}

/** The steepest slope of an activation (selu's is 1.76), and what the activation itself may add to the error. */
const SLOPE = 1.8;
const ACTIVATION_ERROR = 5e-7;

function gemmBounds(...parameters: Gemm): ReadonlyMap<Float32Array, Float64Array> {
  const [, , k, , , , , , , , c, , , , activation = 0] = parameters;
  const sums = magnitudes(parameters);
  const bounds = sumBounds(k, sums);
  const [slope, error] = activation === 0 ? [1, 0] : [SLOPE, ACTIVATION_ERROR];
  return new Map([[c as Float32Array, bounds.map((bound, i) => slope * bound + error * (1 + (sums[i] ?? 0)))]]);
}

/** The arguments m .. workspace of gemm; rows of A, B and C have `pad` more elements than they need. */
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
    reference: gemm_f32,
    tolerance: 0,
    errorBounds: (...parameters: Parameters<typeof gemm_f32>) => gemmBounds(...parameters, 0, 0, 0),
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
    reference: gemm_epilogue_f32,
    tolerance: 0,
    errorBounds: gemmBounds,
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
    reference: gemm_batch_f32,
    tolerance: 0,
    errorBounds: (batch: number, ...rest: [number, number, number, ...Gemm]) => {
      const [strideA, strideB, strideC, m, n, k, a, rsa, csa, b, rsb, csb, accumulate, c, ldc, space, bias] = rest;
      const bounds = new Float64Array(c.length);
      for (let i = 0; i < batch; i++) {
        const [ai, bi, ci] = [a.subarray(i * strideA), b.subarray(i * strideB), c.subarray(i * strideC)];
        const row = gemmBounds(
          m,
          n,
          k,
          ai,
          rsa,
          csa,
          bi,
          rsb,
          csb,
          accumulate,
          ci as Float32Array,
          ldc,
          space,
          bias,
          1,
          0,
        );
        bounds.set((row.get(ci as Float32Array) as Float64Array).subarray(0, m * ldc), i * strideC);
      }
      return new Map([[c as Float32Array, bounds]]);
    },
    why,
  },
  {
    kernel: "gemm_workspace_f32",
    sizes: [...small, ...large],
    arguments: (m = 0, n = 0, k = 0) => [m, n, k],
    reference: (m: number, n: number, k: number) => {
      const up = (x: number, step: number) => Math.ceil(x / step) * step;
      return 4 * (Math.min(k, 256) * (up(Math.min(m, 64), 4) + up(Math.min(n, 512), 8)) + 8 * Math.min(m, 64));
    },
    tolerance: 0,
  },
];
