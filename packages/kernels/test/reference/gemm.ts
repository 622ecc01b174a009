// Reference implementations of gemm: the definition, in float64.

import { activations } from "./activations.ts";

/** The activations of the epilogue by number. */
export const epilogues: readonly string[] = [
  ...["linear", "relu", "relu6", "leaky_relu", "elu", "sigmoid", "tanh", "gelu", "silu", "softplus", "selu"],
];

export function gemm_epilogue_f32(
  m: number,
  n: number,
  k: number,
  a: Float32Array,
  rsa: number,
  csa: number,
  b: Float32Array,
  rsb: number,
  csb: number,
  accumulate: number,
  c: Float32Array | Float64Array,
  ldc: number,
  _workspace: Uint8Array,
  bias: Float32Array | 0,
  activation: number,
  alpha: number,
): undefined {
  const [value = (x: number) => x] = activations[epilogues[activation] ?? ""] ?? [];
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = accumulate ? (c[i * ldc + j] ?? 0) : 0;
      for (let p = 0; p < k; p++) sum += (a[i * rsa + p * csa] ?? 0) * (b[p * rsb + j * csb] ?? 0);
      if (bias) sum += bias[j] ?? 0;
      c[i * ldc + j] = value(sum, alpha);
    }
  }
}

type Layout = [number, number, number, Float32Array, number, number, Float32Array, number, number, number];

export function gemm_f32(...parameters: [...Layout, Float32Array, number, Uint8Array]): undefined {
  gemm_epilogue_f32(...parameters, 0, 0, 0);
}

export function gemm_batch_f32(
  batch: number,
  strideA: number,
  strideB: number,
  strideC: number,
  ...parameters: [...Layout, Float32Array, number, Uint8Array, Float32Array | 0, number, number]
): undefined {
  const [m, n, k, a, rsa, csa, b, rsb, csb, accumulate, c, ...rest] = parameters;
  for (let i = 0; i < batch; i++) {
    const [ai, bi, ci] = [a.subarray(i * strideA), b.subarray(i * strideB), c.subarray(i * strideC)];
    gemm_epilogue_f32(m, n, k, ai, rsa, csa, bi, rsb, csb, accumulate, ci, ...rest);
  }
}
