// The kernels that only the TensorFlow.js backend calls: comparisons, selection, casts, its forms of the optimizers.

import { floats, integers, type KernelCase, lengths } from "../harness.ts";
import * as reference from "../reference/tfjs.ts";
import { binaryCases } from "./binary.ts";
import { small, smallSquares } from "./train.ts";

const why = "float32 arithmetic: a few rounding errors";

/** Values where ToInt32 is not a plain truncation, among others. */
function awkward(n: number): Float32Array {
  const x = floats(n, -9, 9);
  const values = [Number.NaN, Number.POSITIVE_INFINITY, 3e9, -3e9, 2 ** 31, -(2 ** 31), 1e20, -1e20, -0.5, 0];
  for (let i = 0; i < n; i += 2) x[i] = values[(i / 2) % values.length] ?? 0;
  return x;
}

/** Few distinct values and a NaN, so that every relation holds somewhere. */
function ties(x: Float32Array): Float32Array {
  for (let i = 0; i < x.length; i++) x[i] = i % 7 === 6 ? Number.NaN : Math.round(x[i] ?? 0);
  return x;
}

const comparisonCases: readonly KernelCase[] = binaryCases
  .filter(({ kernel }) => kernel === "sub_f32")
  .flatMap(({ sizes, arguments: operands }) =>
    [0, 1, 2, 3, 4, 5].map((relation) => ({
      kernel: "compare_f32" as const,
      sizes,
      arguments: (...size: number[]) => {
        const [out, a, b, shape] = operands(...size) as [Float32Array, Float32Array, Float32Array, Uint32Array];
        return [new Uint8Array(out.length), ties(a), ties(b), shape, relation];
      },
      reference: reference.compare_f32,
      tolerance: 0,
    })),
  );

/** Bytes of which every fourth is 0; the others are not all 1. */
const flags = (n: number, step: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => (i * step) % 4);

export const tfjsCases: readonly KernelCase[] = [
  ...comparisonCases,
  {
    kernel: "logical_and_u8",
    sizes: lengths(16),
    arguments: (n = 0) => [new Uint8Array(n), flags(n, 1), flags(n, 7), n],
    reference: reference.logical_and_u8,
    tolerance: 0,
  },
  {
    kernel: "logical_or_u8",
    sizes: lengths(16),
    arguments: (n = 0) => [new Uint8Array(n), flags(n, 1), flags(n, 7), n],
    reference: reference.logical_or_u8,
    tolerance: 0,
  },
  {
    kernel: "logical_not_u8",
    sizes: lengths(16),
    arguments: (n = 0) => [new Uint8Array(n), flags(n, 3), n],
    reference: reference.logical_not_u8,
    tolerance: 0,
  },
  {
    kernel: "select_f32",
    sizes: lengths(4),
    arguments: (n = 0) => [...[new Float32Array(n), Uint8Array.from(integers(n, 2)), floats(n), floats(n, 5, 6)], n],
    reference: reference.select_f32,
    inPlace: [
      [0, 2],
      [0, 3],
    ],
    tolerance: 0,
  },
  {
    kernel: "i32_to_f32",
    sizes: lengths(4),
    arguments: (n = 0) => [new Float32Array(n), Int32Array.from(floats(n, -2e9, 2e9)), n],
    reference: reference.convert,
    tolerance: 0,
  },
  {
    kernel: "f32_to_i32",
    sizes: lengths(4),
    arguments: (n = 0) => [new Int32Array(n), awkward(n), n],
    reference: reference.convert,
    tolerance: 0,
  },
  {
    kernel: "u8_to_f32",
    sizes: lengths(4),
    arguments: (n = 0) => [new Float32Array(n), Uint8Array.from(integers(n, 256)), n],
    reference: reference.convert,
    tolerance: 0,
  },
  {
    kernel: "u8_to_i32",
    sizes: lengths(4),
    arguments: (n = 0) => [new Int32Array(n), Uint8Array.from(integers(n, 256)), n],
    reference: reference.convert,
    tolerance: 0,
  },
  {
    kernel: "f32_to_bool",
    sizes: lengths(4),
    arguments: (n = 0) => [new Uint8Array(n), awkward(n), n],
    reference: reference.toBool,
    tolerance: 0,
  },
  {
    kernel: "i32_to_bool",
    sizes: lengths(4),
    arguments: (n = 0) => [new Uint8Array(n), Int32Array.from(floats(n, -2, 2)), n],
    reference: reference.toBool,
    tolerance: 0,
  },
  ...[0, 1].map((nesterov) => ({
    kernel: "summed_momentum_f32" as const,
    sizes: lengths(4),
    arguments: (n = 0) => [floats(n), floats(n, -0.1, 0.1), floats(n, -1, 1), n, 0.05, 0.9, nesterov],
    reference: reference.summed_momentum_f32,
    tolerance: 3e-7,
    why,
  })),
  ...[false, true].flatMap((centered) =>
    [false, true].map((againstEpsilon) => ({
      kernel: "rmsprop_momentum_f32" as const,
      sizes: lengths(4),
      arguments: (n = 0) => {
        // v is a thousandth of epsilon: without epsilon a step would be thirty times as long.
        const [v, d, g, epsilon] = againstEpsilon
          ? [smallSquares(n), small(n), small(n), 1e-3]
          : [floats(n, 0.5, 1), floats(n, -0.1, 0.1), floats(n), 1e-7];
        const mean = againstEpsilon ? small(n).map((x) => x / 2) : floats(n, -0.1, 0.1);
        return [floats(n), v, d, g, n, 0.01, 0.9, 0.1, 0.5, epsilon, centered ? mean : 0];
      },
      reference: reference.rmsprop_momentum_f32,
      tolerance: 1e-6,
      why,
    })),
  ),
];
