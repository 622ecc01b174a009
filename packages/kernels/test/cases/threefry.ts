// The Threefry kernels: bit equality with the reference implementations, up to the last counter of a word, over batches, in all branches.

import { type KernelCase, seedCase, workspaceOf } from "../harness.ts";
import * as reference from "../reference/threefry.ts";

const tiles = [0, 1, 2, 3, 7].map((n) => [n]);
const batches = [...tiles, [15], [16], [17], [35]];
const key = [0x13198a2e, 0x03707344] as const;

/** A workspace with the state of `key`. */
const workspace = () => workspaceOf((state) => reference.threefry_seed(state, ...key));
const counter = (n: number): number[] => [3, 2 ** 32 - 16 * n];
const truncation = [-0.95449972, 1.90899944, -1.9999999, 1.9999999];

/** Words spread over the whole range, the two ends included: the tails of the normal come from them. */
function words(n: number): Float32Array {
  const { buffer } = Uint32Array.from({ length: 16 * n }, (_, i) => Math.round((i / (16 * n - 1)) * 0xffffffff));
  return new Float32Array(buffer);
}

export const threefryCases: readonly KernelCase[] = [
  seedCase("threefry_seed", 192, key, reference.threefry_seed),
  {
    kernel: "threefry2x32_u32",
    sizes: tiles,
    arguments: (n = 0) => [
      Uint32Array.from({ length: 16 * n }, (_, i) => 0xffffffff - i),
      Uint32Array.from({ length: 16 * n }, (_, i) => i * 0x01234567),
      n,
      workspace(),
    ],
    reference: reference.threefry2x32_u32,
    tolerance: 0,
  },
  {
    kernel: "threefry_bits_u32",
    sizes: tiles,
    arguments: (n = 0) => [new Uint32Array(16 * n), n, workspace(), ...counter(n)],
    reference: reference.threefry_bits_u32,
    tolerance: 0,
  },
  {
    kernel: "threefry_uniform_f32",
    sizes: tiles,
    arguments: (n = 0) => [new Float32Array(16 * n), n, workspace(), ...counter(n), 0.14, -0.03],
    reference: reference.threefry_uniform_f32,
    tolerance: 0,
  },
  {
    kernel: "threefry_normal_f32",
    sizes: batches,
    arguments: (n = 0) => [new Float32Array(16 * n), n, workspace(), ...counter(n), 0.11, 0.3],
    reference: reference.threefry_normal_f32,
    tolerance: 0,
  },
  {
    kernel: "threefry_truncated_normal_f32",
    sizes: batches,
    arguments: (n = 0) => [new Float32Array(16 * n), n, workspace(), ...counter(n), ...truncation, 0.05, 0],
    reference: reference.threefry_truncated_normal_f32,
    tolerance: 0,
  },
  {
    kernel: "words_to_uniform_f32",
    sizes: tiles,
    arguments: (n = 0) => [words(n), n, 0.1, -0.05],
    reference: reference.words_to_uniform_f32,
    tolerance: 0,
  },
  {
    kernel: "erf_inv_f32",
    sizes: [...batches, [256]],
    arguments: (n = 0) => [Float32Array.from({ length: 16 * n }, (_, i) => (2 * i) / (16 * n - 1) - 1), n, workspace()],
    reference: reference.erf_inv_f32,
    tolerance: 0,
  },
  {
    // u reaches -1 and 1, where erf_inv is infinite and the clip makes a value of it.
    kernel: "words_to_truncated_normal_f32",
    sizes: [...batches, [256]],
    arguments: (n = 0) => [words(n), n, -1, 2.0000002, -7, 6.5, 1, 0, workspace()],
    reference: reference.words_to_truncated_normal_f32,
    tolerance: 0,
  },
];
