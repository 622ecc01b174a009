// A random order of n things, for shuffling data: the same for the same key everywhere.
// Source: Fisher-Yates, with Lemire's multiply-shift in place of a modulo (2019).

import { getStreams, SCRATCH_LENGTH } from "../runtime/streams.ts";

/**
 * 32-bit words [0, n) of the Philox4x32-10 stream with counter (i, 0, 0, 0) and this key.
 *
 * @example
 * philoxWords(2, [1, 2]); // => Uint32Array(2) [ 93904442, 2563932206 ]
 */
export function philoxWords(n: number, key: readonly [number, number]): Uint32Array {
  const { kernels, arena, scratch, workspace } = getStreams();
  kernels.philox_seed(workspace, 0, 0, 0, key[0], key[1]);
  const words = new Uint32Array(n);
  for (let start = 0; start < n; start += SCRATCH_LENGTH) {
    const count = Math.min(SCRATCH_LENGTH, n - start);
    kernels.philox4x32_u32(scratch, Math.ceil(count / 16) * 4, workspace, start / 4);
    words.set(arena.u32(scratch, count), start);
  }
  return words;
}

/**
 * The integers 0 .. n - 1 in an order that depends on the key alone.
 *
 * @example
 * permutation(5, [0, 1]); // the same five numbers in the same order on every machine
 */
export function permutation(n: number, key: readonly [number, number]): Uint32Array {
  const words = philoxWords(n, key);
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(((words[i] ?? 0) * (i + 1)) / 2 ** 32);
    const swapped = order[i] ?? 0;
    order[i] = order[j] ?? 0;
    order[j] = swapped;
  }
  return order;
}
