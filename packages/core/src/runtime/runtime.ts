// Every kernel on the memory of this realm: what networks run on. Apart from the streams, so that a bundler leaves the
// kernels of networks out where none is trained.

import { instantiateNetwork, type Kernels } from "@fanin/kernels";
import type { Arena } from "./arena.ts";
import { configuredKernels, getStreams } from "./streams.ts";

/** The kernels, the memory they work on, and a scratch block of `SCRATCH_LENGTH` floats. */
export interface Runtime {
  readonly kernels: Kernels;
  readonly arena: Arena;
  readonly scratch: number;
}

let current: Runtime | undefined;

/**
 * The runtime of this realm; the first call compiles the kernels, synchronously.
 *
 * @example
 * const { kernels, arena } = getRuntime();
 * arena.scope((alloc) => {
 *   const x = alloc(16);
 *   kernels.fill_f32(x, 4, 0.5);
 *   return [...arena.f32(x, 4)];
 * }); // => [ 0.5, 0.5, 0.5, 0.5 ]
 */
export function getRuntime(): Runtime {
  if (!current) {
    const { kernels, arena, scratch } = getStreams();
    // Their static data lies between that of the streams and the first block of the arena.
    const all = configuredKernels() ?? { ...kernels, ...instantiateNetwork(arena.memory) };
    current = { kernels: all, arena, scratch };
  }
  return current;
}
