// The Philox kernels: bit equality with the reference implementations, from the first counter and from near the end of its word.

import { type Arrays, type KernelCase, type KernelName, seedCase, workspaceOf } from "../harness.ts";
import * as reference from "../reference/philox.ts";
import { philox_seed } from "../reference/philox.ts";
import * as double from "../reference/philox-f64.ts";

const tiles = [0, 1, 2, 3, 7].map((n) => [n]);
const stream = [1, 0x8e9181c6, 0xb2ca7bfa, 0x89e74cef, 0x53939b05] as const;

/** A workspace with the state of `stream`. */
const workspace = () => workspaceOf((state) => philox_seed(state, ...stream));

function fill(
  kernel: KernelName & keyof (typeof reference & typeof double),
  sizes: readonly number[][],
  out: (n: number) => Arrays,
  first: (n: number) => number,
  constants: readonly number[],
): KernelCase {
  const all = { ...reference, ...double };
  return {
    kernel,
    sizes,
    arguments: (n = 0) => [out(n), n, workspace(), first(n), ...constants],
    reference: all[kernel],
    tolerance: 0,
  };
}

const floats = (n: number) => new Float32Array(16 * n);
const doubles = (n: number) => new Float64Array(8 * n);
const nearEnd = () => 2 ** 32 - 28;

export const philoxCases: readonly KernelCase[] = [
  seedCase("philox_seed", 368, stream, philox_seed),
  fill(
    "philox4x32_u32",
    [0, 4, 8, 60].map((n) => [n]),
    (blocks) => new Uint32Array(4 * blocks),
    () => 2 ** 32 - 60,
    [],
  ),
  fill("philox_uniform_f32", tiles, floats, nearEnd, [0.14, -0.03]),
  fill("philox_normal_f32", [...tiles, [64]], floats, () => 5, [0.11, 0.3]),
  fill("philox_truncated_normal_f32", [...tiles, [64]], floats, (n) => 2 ** 32 - 1024 * n, [0.05, 0]),
  fill("philox_uniform_f64", tiles, doubles, nearEnd, [0.14, -0.03]),
  // 800 pairs, so as many logarithms, sines and cosines against exact arithmetic.
  fill("philox_normal_f64", [...tiles, [200]], doubles, () => 5, [0.11, 0.3]),
  fill("philox_truncated_normal_f64", [...tiles, [64]], doubles, (n) => 2 ** 32 - 512 * n, [0.05, 0]),
  // Group 100458 of this stream is the first that needs its third block.
  fill("philox_truncated_normal_f32", [[1], [2], [5]], floats, () => 256 * 100456, [0.05, 0.25]),
];
