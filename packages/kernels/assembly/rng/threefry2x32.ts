// Threefry2x32-20, a counter-based generator: twenty rounds of add, rotate, xor turn two words and a 64-bit key into two.
// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11; layouts of jax/_src/random/threefry2x32.py.
//
// Lane layout: a tile is sixteen pairs in eight vectors; a0..a3 hold the first words of four pairs each, b0..b3 the second.
//
// A state, at the start of a workspace, holds what all pairs of a fill share, each word in all four lanes, so that a round loads it:
// key words 0 and 1, then what each group of four rounds adds to the first words and to the second. What follows it is scratch.

const PARITY: u32 = 0x1bd11bda; // the third key word is this, xor the other two

/** Byte offsets within a state. */
export const INJECTIONS: usize = 32;
export const LAST_INJECTION: usize = 160;
export const SCRATCH: usize = 192;

/** Sets the key of the state at `state`. */
export function threefry_seed(state: usize, key0: u32, key1: u32): void {
  let k0 = key0;
  let k1 = key1;
  let k2 = key0 ^ key1 ^ PARITY;
  v128.store(state, i32x4.splat(k0));
  v128.store(state, i32x4.splat(k1), 16);
  for (let group: u32 = 0; group < 5; group++) {
    const at = state + INJECTIONS + (group << 5);
    v128.store(at, i32x4.splat(k1));
    v128.store(at, i32x4.splat(k2 + group + 1), 16);
    const first = k0;
    k0 = k1;
    k1 = k2;
    k2 = first;
  }
}

/** Rotates left. */
export function rotate(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits));
}

export function rotate16(x: v128): v128 {
  return v128.shuffle<u16>(x, x, 1, 0, 3, 2, 5, 4, 7, 6);
}
