// The words of Threefry2x32-20: the hash of pairs, and the words of JAX's partitionable layout.
// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11; layouts of jax/_src/random/threefry2x32.py.

import { hashTile } from "../generated/threefry-tile";

/** Sixteen words of JAX's partitionable layout: word i is the xor of the two words of the hash of (high, low + i). */
export function threefryTile(out: usize, state: usize, high: u32, low: u32): void {
  const a = i32x4.add(i32x4.splat(high), v128.load(state));
  const b0 = i32x4.add(i32x4.add(i32x4.splat(low), i32x4(0, 1, 2, 3)), v128.load(state, 16));
  const b1 = i32x4.add(b0, i32x4.splat(4));
  const b2 = i32x4.add(b0, i32x4.splat(8));
  const b3 = i32x4.add(b0, i32x4.splat(12));
  hashTile(out, 0, state, a, a, a, a, b0, b1, b2, b3);
}

/** Hashes 16 * `tiles` pairs in place: the first words are at `x0`, the second at `x1`; `state` is from threefry_seed. */
export function threefry2x32_u32(x0: usize, x1: usize, tiles: u32, state: usize): void {
  const k0 = v128.load(state);
  const k1 = v128.load(state, 16);
  for (let t: u32 = 0; t < tiles; t++, x0 += 64, x1 += 64) {
    const a0 = i32x4.add(v128.load(x0), k0);
    const a1 = i32x4.add(v128.load(x0, 16), k0);
    const a2 = i32x4.add(v128.load(x0, 32), k0);
    const a3 = i32x4.add(v128.load(x0, 48), k0);
    const b0 = i32x4.add(v128.load(x1), k1);
    const b1 = i32x4.add(v128.load(x1, 16), k1);
    const b2 = i32x4.add(v128.load(x1, 32), k1);
    const b3 = i32x4.add(v128.load(x1, 48), k1);
    hashTile(x0, x1, state, a0, a1, a2, a3, b0, b1, b2, b3);
  }
}

/**
 * Fills `out` with 16 * `tiles` words; word i is the xor of the hash of the 64-bit counter (high, low + i).
 * `low + 16 * tiles` does not pass 2^32; `state` is from threefry_seed.
 */
export function threefry_bits_u32(out: usize, tiles: u32, state: usize, high: u32, low: u32): void {
  for (let t: u32 = 0; t < tiles; t++, out += 64, low += 16) threefryTile(out, state, high, low);
}
