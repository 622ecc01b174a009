// Reductions, the bias, the gathering of a batch, and the sizes of memory that a caller needs.

import { networkKernelsBytes } from "../../src/index.ts";
import { floats, integers, type KernelCase, lengths } from "../harness.ts";
import * as reference from "../reference/reduce.ts";
import { endOfData } from "../wasm-module.ts";

const rows = [0, 1, 2, 5].flatMap((r) => [1, 2, 3, 4, 5, 7, 8, 13].map((c) => [r, c]));

const axes = [0, 1, 3].flatMap((outer) =>
  [0, 1, 2, 5, 8, 9].flatMap((length) => [0, 1, 2, 3, 4, 5, 9].map((inner) => [outer, length, inner])),
);

/** Few distinct values, so that there are ties; a NaN and infinities where `special`. */
function ties(n: number, special: boolean): Float32Array {
  const x = floats(n, -3, 3).map(Math.round);
  if (special) {
    const values = [Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let i = 0; i < n; i += 7) x[i] = values[(i / 7) % 3] ?? 0;
  }
  return x;
}

const axisCases: readonly KernelCase[] = [
  ...(["sum_axis_f32", "mean_axis_f32"] as const).map((kernel) => ({
    kernel,
    sizes: axes,
    arguments: (outer = 0, length = 0, inner = 0) => [
      ...[new Float32Array(outer * inner), floats(outer * length * inner)],
      ...[outer, length, inner],
    ],
    reference: reference.axisReductions[kernel],
    tolerance: 1e-7,
    why: "float64 sums in another order, rounded to float32",
  })),
  ...(["max_axis_f32", "min_axis_f32", "argmax_axis_f32", "argmin_axis_f32"] as const).flatMap((kernel) =>
    [false, true].map((special) => ({
      kernel,
      sizes: axes,
      arguments: (outer = 0, length = 0, inner = 0) => [
        kernel.startsWith("arg") ? new Uint32Array(outer * inner) : new Float32Array(outer * inner),
        ...[ties(outer * length * inner, special), outer, length, inner],
      ],
      reference: reference.axisReductions[kernel],
      tolerance: 0,
    })),
  ),
];

export const reduceCases: readonly KernelCase[] = [
  ...axisCases,
  {
    kernel: "sum_f32",
    sizes: [...lengths(4), [1000]],
    arguments: (n = 0) => [floats(n), n],
    reference: reference.sum_f32,
    tolerance: 1e-12,
    why: "float64 sums in another order",
  },
  {
    kernel: "column_sum_f32",
    sizes: rows,
    arguments: (r = 0, c = 0) => [new Float32Array(c), floats(r * c), r, c],
    reference: reference.column_sum_f32,
    tolerance: 0,
  },
  {
    kernel: "moments_f32",
    sizes: [...lengths(2), [1000], [1001]],
    arguments: (n = 0) => [new Float64Array(4), floats(n), n],
    reference: reference.moments_f32,
    tolerance: 1e-12,
    why: "float64 sums in another order",
  },
  {
    kernel: "histogram_f32",
    sizes: lengths(8),
    arguments: (n = 0) => [
      new Uint32Array(5),
      new Float32Array([...floats(n), 1.5, -1.5, Number.NaN]),
      n + 3,
      -1.5,
      1.5,
      5,
    ],
    reference: reference.histogram_f32,
    tolerance: 0,
  },
  {
    kernel: "bias_add_f32",
    sizes: rows,
    arguments: (r = 0, c = 0) => [floats(r * c), floats(c, -1, 1), r, c],
    reference: reference.bias_add_f32,
    tolerance: 0,
  },
  {
    kernel: "gather_u8_f32",
    sizes: rows,
    arguments: (r = 0, c = 0) => [new Float32Array(r * c), Uint8Array.from(integers(9 * c, 256)), integers(r, 9), r, c],
    reference: reference.gather_u8_f32,
    tolerance: 0,
  },
  {
    kernel: "heap_base",
    sizes: [[]],
    arguments: () => [],
    // Of the two binaries on one memory, the data of networks lies above that of streams.
    reference: () => endOfData(networkKernelsBytes()),
    tolerance: 0,
  },
  {
    // The state of Threefry, two lists of 264 floats, sixteen tiles of logarithms and a mask for each of their vectors.
    kernel: "stream_workspace",
    sizes: [[]],
    arguments: () => [],
    reference: () => 192 + 2 * 4 * 264 + 16 * 64 + 64,
    tolerance: 0,
  },
];
