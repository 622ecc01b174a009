// The MT19937 kernels: bit equality with the reference implementations, from the first word, across the twist and from within a batch.

import { floats, type KernelCase, workspaceOf } from "../harness.ts";
import * as reference from "../reference/mt19937.ts";

/** The state of seed 42 after `drawn` words. */
function state(drawn: number): Uint32Array {
  const words = new Uint32Array(628);
  reference.mt19937_seed(words, 42);
  reference.mt19937_skip(words, drawn);
  return words;
}

// Lengths around a vector and a batch, each after 0, some, almost all and all words of the first batch.
const drawn = [0, 3, 621, 624, 1000];
const counts = [0, 1, 2, 3, 4, 5, 15, 16, 17, 623, 624, 625, 1251];
const lengths = drawn.flatMap((before) => counts.map((n) => [n, before]));
const blocks = drawn.flatMap((before) => [0, 1, 2, 3, 38, 39, 40, 79].map((n) => [n, before]));
const libm =
  "the reference takes the engine's Math.log, sin and cos, within 1 ulp of the kernel's, times a radius below 9";

export const mt19937Cases: readonly KernelCase[] = [
  {
    kernel: "mt19937_seed",
    sizes: [0, 1, 42, 2 ** 31, 2 ** 32 - 1].map((seed) => [seed]),
    arguments: (seed = 0) => [new Uint32Array(628), seed],
    reference: reference.mt19937_seed,
    tolerance: 0,
  },
  {
    kernel: "mt19937_u32",
    sizes: lengths,
    arguments: (n = 0, before = 0) => [state(before), new Uint32Array(n), n],
    reference: reference.mt19937_u32,
    tolerance: 0,
  },
  {
    kernel: "mt19937_skip",
    sizes: [...lengths, [20000, 7]],
    arguments: (n = 0, before = 0) => [state(before), n],
    reference: reference.mt19937_skip,
    tolerance: 0,
  },
  {
    kernel: "mt19937_uniform_f32",
    sizes: lengths,
    arguments: (n = 0, before = 0) => [state(before), new Float32Array(n), n, 0.14, -0.03],
    reference: reference.mt19937_uniform_f32,
    tolerance: 0,
  },
  {
    kernel: "mt19937_uniform_fused_f32",
    sizes: lengths,
    arguments: (n = 0, before = 0) => [state(before), new Float32Array(n), n, -0.03, 0.11],
    reference: reference.mt19937_uniform_fused_f32,
    tolerance: 0,
  },
  {
    // Two floats apart: a quarter of the values round up to the end that is excluded.
    kernel: "mt19937_uniform_fused_f32",
    sizes: [[625, 0]],
    arguments: (n = 0, before = 0) => [state(before), new Float32Array(n), n, 1, 1.0000002384185791],
    reference: reference.mt19937_uniform_fused_f32,
    tolerance: 0,
  },
  {
    kernel: "mt19937_normal_f32",
    sizes: [...blocks, [1000, 1]],
    arguments: (n = 0, before = 0) => [state(before), new Float32Array(16 * n), n, 0.11, 0.3],
    reference: reference.mt19937_normal_f32,
    tolerance: 0,
  },
  {
    kernel: "mt19937_truncated_normal_f32",
    sizes: [...blocks, [1000, 1]],
    arguments: (n = 0, before = 0) => [state(before), new Float32Array(4 * n), n, 0.05, 0.01, workspaceOf()],
    reference: reference.mt19937_truncated_normal_f32,
    tolerance: 0,
  },
  {
    kernel: "mt19937_uniform_f64",
    sizes: lengths,
    arguments: (n = 0, before = 0) => [state(before), new Float64Array(n), n],
    reference: reference.mt19937_uniform_f64,
    tolerance: 0,
  },
  {
    kernel: "mt19937_normal_f64",
    sizes: blocks,
    arguments: (n = 0, before = 0) => [state(before), new Float64Array(16 * n), n],
    reference: reference.mt19937_normal_f64,
    tolerance: 4e-15,
    why: libm,
  },
  {
    kernel: "mt19937_normal_pairs_f64",
    sizes: blocks,
    arguments: (n = 0, before = 0) => [state(before), new Float64Array(2 * n), n],
    reference: reference.mt19937_normal_pairs_f64,
    tolerance: 4e-15,
    why: libm,
  },
  {
    kernel: "trunc_normal_round_f32",
    sizes: counts.map((n) => [n]),
    arguments: (n = 0) => [
      new Float32Array(n),
      Uint8Array.from(floats(n, 0, 2)),
      floats(n, 2, 3),
      floats(n + 1, 0, 1).slice(1),
      n,
      0.1,
      0.9,
      -2.2284,
    ],
    reference: reference.trunc_normal_round_f32,
    tolerance: 0,
  },
];
