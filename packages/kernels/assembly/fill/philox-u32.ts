// The words of Philox4x32-10: tiles of four blocks for the kernels of the stream, and whole fills.
// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11; rng/philox4x32.ts has the layout.

import { philoxBlocks, philoxBlocksThrice } from "../generated/philox-rounds";
import { transpose } from "../math/lanes";
import { countersFrom } from "../rng/philox4x32";

/** philoxBlocks for `tiles` times four blocks, 64 bytes each; the first have the counters `c0`, the next `step` more. */
export function philoxTiles(out: usize, tiles: u32, state: usize, c0: v128, step: u32): void {
  const next = i32x4.splat(step);
  let t: u32 = 0;
  for (; t + 3 <= tiles; t += 3, out += 192) {
    const c1 = i32x4.add(c0, next);
    const c2 = i32x4.add(c1, next);
    philoxBlocksThrice(out, state, c0, c1, c2);
    c0 = i32x4.add(c2, next);
  }
  for (; t < tiles; t++, out += 64, c0 = i32x4.add(c0, next)) philoxBlocks(out, state, c0);
}

/**
 * Fills `out` with 4 * `blocks` words: word w of block b at out[4 * b + w], from counter (c0 + b, c1, c2, c3).
 * `blocks` is a multiple of 4 and `c0 + blocks` does not pass 2^32; `state` is from philox_seed.
 */
export function philox4x32_u32(out: usize, blocks: u32, state: usize, c0: u32): void {
  for (let b: u32 = 0; b < blocks; b += 4, out += 64) {
    philoxBlocks(out, state, countersFrom(c0 + b));
    transpose(out);
  }
}
