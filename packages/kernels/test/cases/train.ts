// Optimizer updates, softmax and cross-entropy.

import { floats, integers, type KernelCase, lengths } from "../harness.ts";
import * as reference from "../reference/train.ts";

const why = "float32 arithmetic: a few rounding errors";
const rows = [0, 1, 2, 5].flatMap((r) => [1, 2, 3, 4, 5, 7, 8, 10, 13].map((c) => [r, c]));

/** Gradients and moments of 5e-4 to 1e-3, and mean squares of their size. */
export const small = (n: number): Float32Array => floats(n, 5e-4, 1e-3);
export const smallSquares = (n: number): Float32Array => floats(n, 5e-7, 1e-6);

export const trainCases: readonly KernelCase[] = [
  {
    kernel: "sgd_f32",
    sizes: lengths(4),
    arguments: (n = 0) => [floats(n), floats(n, -1, 1), n, 0.05],
    reference: reference.sgd_f32,
    tolerance: 2e-7,
    why,
  },
  {
    kernel: "momentum_f32",
    sizes: lengths(4),
    arguments: (n = 0) => [floats(n), floats(n, -0.1, 0.1), floats(n, -1, 1), n, 0.05, 0.9],
    reference: reference.momentum_f32,
    tolerance: 2e-7,
    why,
  },
  {
    kernel: "adam_f32",
    sizes: lengths(4),
    arguments: (n = 0) => [floats(n), floats(n, -0.1, 0.1), floats(n, 0, 0.1), floats(n), n, 0.01, 0.1, 0.001, 1e-7],
    reference: reference.adam_f32,
    tolerance: 5e-7,
    why,
  },
  {
    kernel: "rmsprop_f32",
    sizes: lengths(4),
    arguments: (n = 0) => [floats(n), floats(n, 0, 0.1), floats(n), n, 0.01, 0.9, 0.1, 1e-7],
    reference: reference.rmsprop_f32,
    tolerance: 5e-7,
    why,
  },
  {
    // The root of v is a tenth of epsilon: without epsilon a step would be eleven times as long.
    kernel: "adam_f32",
    sizes: lengths(4),
    arguments: (n = 0) => [floats(n), small(n), smallSquares(n), small(n), n, 0.01, 0.1, 0.001, 0.01],
    reference: reference.adam_f32,
    tolerance: 5e-7,
    why,
  },
  {
    // v is a thousandth of epsilon: without epsilon a step would be thirty times as long.
    kernel: "rmsprop_f32",
    sizes: lengths(4),
    arguments: (n = 0) => [floats(n), smallSquares(n), small(n), n, 0.01, 0.9, 0.1, 1e-3],
    reference: reference.rmsprop_f32,
    tolerance: 5e-7,
    why,
  },
  {
    kernel: "softmax_f32",
    sizes: rows,
    arguments: (r = 0, c = 0) => [new Float32Array(r * c), floats(r * c, -20, 20), r, c],
    reference: reference.softmax_f32,
    inPlace: [[0, 1]],
    tolerance: 3e-7,
    why,
  },
  {
    kernel: "softmax_cross_entropy_f32",
    sizes: rows,
    arguments: (r = 0, c = 0) => [new Float32Array(r * c), floats(r * c, -20, 20), integers(r, c), r, c, 1 / 64],
    reference: reference.softmax_cross_entropy_f32,
    inPlace: [[0, 1]],
    tolerance: 3e-7,
    why,
  },
  {
    kernel: "count_correct_f32",
    sizes: rows,
    arguments: (r = 0, c = 0) => [floats(r * c).map(Math.round), integers(r, c), r, c],
    reference: reference.count_correct_f32,
    tolerance: 0,
  },
];
