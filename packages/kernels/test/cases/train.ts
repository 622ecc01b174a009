// Optimizer updates, softmax and cross-entropy.

import { floats, integers, type KernelCase, lengths } from "../harness.ts";
import * as twin from "../reference/train.ts";

const why = "float32 arithmetic: a few rounding errors";
const rows = [0, 1, 2, 5].flatMap((r) => [1, 2, 3, 4, 5, 7, 8, 10, 13].map((c) => [r, c]));

export const trainCases: readonly KernelCase[] = [
  {
    kernel: "sgd_f32",
    sizes: lengths(4),
    arguments: (n = 0) => [floats(n), floats(n, -1, 1), n, 0.05],
    twin: twin.sgd_f32,
    tolerance: 2e-7,
    why,
  },
  {
    kernel: "momentum_f32",
    sizes: lengths(4),
    arguments: (n = 0) => [floats(n), floats(n, -0.1, 0.1), floats(n, -1, 1), n, 0.05, 0.9],
    twin: twin.momentum_f32,
    tolerance: 2e-7,
    why,
  },
  {
    kernel: "adam_f32",
    sizes: lengths(4),
    arguments: (n = 0) => [floats(n), floats(n, -0.1, 0.1), floats(n, 0, 0.1), floats(n), n, 0.01, 0.1, 0.001, 1e-7],
    twin: twin.adam_f32,
    tolerance: 5e-7,
    why,
  },
  {
    kernel: "rmsprop_f32",
    sizes: lengths(4),
    arguments: (n = 0) => [floats(n), floats(n, 0, 0.1), floats(n), n, 0.01, 0.9, 0.1, 1e-7],
    twin: twin.rmsprop_f32,
    tolerance: 5e-7,
    why,
  },
  {
    kernel: "softmax_f32",
    sizes: rows,
    arguments: (r = 0, c = 0) => [new Float32Array(r * c), floats(r * c, -20, 20), r, c],
    twin: twin.softmax_f32,
    inPlace: [[0, 1]],
    tolerance: 3e-7,
    why,
  },
  {
    kernel: "softmax_cross_entropy_f32",
    sizes: rows,
    arguments: (r = 0, c = 0) => [new Float32Array(r * c), floats(r * c, -20, 20), integers(r, c), r, c, 1 / 64],
    twin: twin.softmax_cross_entropy_f32,
    inPlace: [[0, 1]],
    tolerance: 3e-7,
    why,
  },
  {
    kernel: "count_correct_f32",
    sizes: rows,
    arguments: (r = 0, c = 0) => [floats(r * c).map(Math.round), integers(r, c), r, c],
    twin: twin.count_correct_f32,
    tolerance: 0,
  },
];
