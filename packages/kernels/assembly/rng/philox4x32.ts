// Philox4x32-10, a counter-based generator: ten rounds turn a 128-bit counter and a 64-bit key into four words.
// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11.
//
// Lane layout: one v128 holds the same word of four blocks, so x0 = [b0.w0, b1.w0, b2.w0, b3.w0], x1 holds word 1, ...
//
// A state, at the start of a workspace, holds what all blocks of a fill share, each word in all four lanes, so that a round loads
// it: words 1, 2 and 3 of the counter, then key 0 and key 1 of each round. What follows it is scratch.

const W0: u32 = 0x9e3779b9; // Weyl increments of the key
const W1: u32 = 0xbb67ae85;

/** Byte offsets within a state. */
export const KEYS: usize = 48;
export const SCRATCH: usize = 368;

/** Sets the key, and the words of the counter that are the same for all blocks of a fill, in the state at `state`. */
export function philox_seed(state: usize, c1: u32, c2: u32, c3: u32, key0: u32, key1: u32): void {
  v128.store(state, i32x4.splat(c1));
  v128.store(state, i32x4.splat(c2), 16);
  v128.store(state, i32x4.splat(c3), 32);
  for (let at = state + KEYS; at < state + SCRATCH; at += 32, key0 += W0, key1 += W1) {
    v128.store(at, i32x4.splat(key0));
    v128.store(at, i32x4.splat(key1), 16);
  }
}

/** One round's new word 0 or 2: the high words of x * m, xor the word before it, xor the key. */
export function mix(x: v128, m: v128, before: v128, key: v128): v128 {
  const p01 = i64x2.extmul_low_i32x4_u(x, m);
  const p23 = i64x2.extmul_high_i32x4_u(x, m);
  return v128.xor(v128.xor(v128.shuffle<u32>(p01, p23, 1, 3, 5, 7), before), key);
}

/** Word 0 of the counters of four blocks that follow each other. */
export function countersFrom(c0: u32): v128 {
  return i32x4.add(i32x4.splat(c0), i32x4(0, 1, 2, 3));
}
