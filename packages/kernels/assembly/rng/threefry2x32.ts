// Threefry2x32-20, a counter-based generator: twenty rounds of add, rotate, xor turn two words and a 64-bit key into two.
// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11; layouts of jax/_src/random/threefry2x32.py.
//
// Lane layout: a tile is sixteen pairs in eight vectors; a0..a3 hold the first words of four pairs each, b0..b3 the second.

const PARITY: u32 = 0x1bd11bda; // the third key word is this, xor the other two

// What all pairs of a fill share, each word in all four lanes, so that a round loads it instead of computing it.
const KEY: usize = memory.data(32, 16); // key words 0 and 1
const INJECTIONS: usize = memory.data(160, 16); // what each group of four rounds adds to the first words, to the second
const LAST_INJECTION: usize = INJECTIONS + 128;

/** Sets the key of what is hashed from now on. */
export function threefrySetUp(key0: u32, key1: u32): void {
  let k0 = key0;
  let k1 = key1;
  let k2 = key0 ^ key1 ^ PARITY;
  v128.store(KEY, i32x4.splat(k0));
  v128.store(KEY, i32x4.splat(k1), 16);
  for (let group: u32 = 0; group < 5; group++) {
    v128.store(INJECTIONS + (group << 5), i32x4.splat(k1));
    v128.store(INJECTIONS + (group << 5), i32x4.splat(k2 + group + 1), 16);
    const first = k0;
    k0 = k1;
    k1 = k2;
    k2 = first;
  }
}

/** Rotates left. */
function rotate(x: v128, bits: i32): v128 {
  return v128.or(i32x4.shl(x, bits), i32x4.shr_u(x, 32 - bits));
}

function rotate16(x: v128): v128 {
  return v128.shuffle<u16>(x, x, 1, 0, 3, 2, 5, 4, 7, 6);
}

/**
 * Hashes the pairs of a tile, given with the key added. Writes the first words to `x0` and the second to `x1`; or, if
 * `x1` is null, to `x0` the one xor the other.
 */
function hashTile(
  x0: usize,
  x1: usize,
  a0: v128,
  a1: v128,
  a2: v128,
  a3: v128,
  b0: v128,
  b1: v128,
  b2: v128,
  b3: v128,
): void {
  // Four rounds, then two words; the rotations alternate between two sets of four.
  for (let at = INJECTIONS; ; at += 64) {
    a0 = i32x4.add(a0, b0);
    a1 = i32x4.add(a1, b1);
    a2 = i32x4.add(a2, b2);
    a3 = i32x4.add(a3, b3);
    b0 = v128.xor(rotate(b0, 13), a0);
    b1 = v128.xor(rotate(b1, 13), a1);
    b2 = v128.xor(rotate(b2, 13), a2);
    b3 = v128.xor(rotate(b3, 13), a3);

    a0 = i32x4.add(a0, b0);
    a1 = i32x4.add(a1, b1);
    a2 = i32x4.add(a2, b2);
    a3 = i32x4.add(a3, b3);
    b0 = v128.xor(rotate(b0, 15), a0);
    b1 = v128.xor(rotate(b1, 15), a1);
    b2 = v128.xor(rotate(b2, 15), a2);
    b3 = v128.xor(rotate(b3, 15), a3);

    a0 = i32x4.add(a0, b0);
    a1 = i32x4.add(a1, b1);
    a2 = i32x4.add(a2, b2);
    a3 = i32x4.add(a3, b3);
    b0 = v128.xor(rotate(b0, 26), a0);
    b1 = v128.xor(rotate(b1, 26), a1);
    b2 = v128.xor(rotate(b2, 26), a2);
    b3 = v128.xor(rotate(b3, 26), a3);

    a0 = i32x4.add(a0, b0);
    a1 = i32x4.add(a1, b1);
    a2 = i32x4.add(a2, b2);
    a3 = i32x4.add(a3, b3);
    b0 = v128.xor(rotate(b0, 6), a0);
    b1 = v128.xor(rotate(b1, 6), a1);
    b2 = v128.xor(rotate(b2, 6), a2);
    b3 = v128.xor(rotate(b3, 6), a3);

    const odd0 = v128.load(at);
    const odd1 = v128.load(at, 16);
    a0 = i32x4.add(a0, odd0);
    a1 = i32x4.add(a1, odd0);
    a2 = i32x4.add(a2, odd0);
    a3 = i32x4.add(a3, odd0);
    b0 = i32x4.add(b0, odd1);
    b1 = i32x4.add(b1, odd1);
    b2 = i32x4.add(b2, odd1);
    b3 = i32x4.add(b3, odd1);
    if (at == LAST_INJECTION) break;

    a0 = i32x4.add(a0, b0);
    a1 = i32x4.add(a1, b1);
    a2 = i32x4.add(a2, b2);
    a3 = i32x4.add(a3, b3);
    b0 = v128.xor(rotate(b0, 17), a0);
    b1 = v128.xor(rotate(b1, 17), a1);
    b2 = v128.xor(rotate(b2, 17), a2);
    b3 = v128.xor(rotate(b3, 17), a3);

    a0 = i32x4.add(a0, b0);
    a1 = i32x4.add(a1, b1);
    a2 = i32x4.add(a2, b2);
    a3 = i32x4.add(a3, b3);
    b0 = v128.xor(rotate(b0, 29), a0);
    b1 = v128.xor(rotate(b1, 29), a1);
    b2 = v128.xor(rotate(b2, 29), a2);
    b3 = v128.xor(rotate(b3, 29), a3);

    a0 = i32x4.add(a0, b0);
    a1 = i32x4.add(a1, b1);
    a2 = i32x4.add(a2, b2);
    a3 = i32x4.add(a3, b3);
    b0 = v128.xor(rotate16(b0), a0);
    b1 = v128.xor(rotate16(b1), a1);
    b2 = v128.xor(rotate16(b2), a2);
    b3 = v128.xor(rotate16(b3), a3);

    a0 = i32x4.add(a0, b0);
    a1 = i32x4.add(a1, b1);
    a2 = i32x4.add(a2, b2);
    a3 = i32x4.add(a3, b3);
    b0 = v128.xor(rotate(b0, 24), a0);
    b1 = v128.xor(rotate(b1, 24), a1);
    b2 = v128.xor(rotate(b2, 24), a2);
    b3 = v128.xor(rotate(b3, 24), a3);

    const even0 = v128.load(at, 32);
    const even1 = v128.load(at, 48);
    a0 = i32x4.add(a0, even0);
    a1 = i32x4.add(a1, even0);
    a2 = i32x4.add(a2, even0);
    a3 = i32x4.add(a3, even0);
    b0 = i32x4.add(b0, even1);
    b1 = i32x4.add(b1, even1);
    b2 = i32x4.add(b2, even1);
    b3 = i32x4.add(b3, even1);
  }
  if (!x1) {
    v128.store(x0, v128.xor(a0, b0));
    v128.store(x0, v128.xor(a1, b1), 16);
    v128.store(x0, v128.xor(a2, b2), 32);
    v128.store(x0, v128.xor(a3, b3), 48);
    return;
  }
  v128.store(x0, a0);
  v128.store(x0, a1, 16);
  v128.store(x0, a2, 32);
  v128.store(x0, a3, 48);
  v128.store(x1, b0);
  v128.store(x1, b1, 16);
  v128.store(x1, b2, 32);
  v128.store(x1, b3, 48);
}

/** Sixteen words of JAX's partitionable layout: word i is the xor of the two words of the hash of (high, low + i). */
export function threefryTile(out: usize, high: u32, low: u32): void {
  const a = i32x4.add(i32x4.splat(high), v128.load(KEY));
  const b0 = i32x4.add(i32x4.add(i32x4.splat(low), i32x4(0, 1, 2, 3)), v128.load(KEY, 16));
  const b1 = i32x4.add(b0, i32x4.splat(4));
  const b2 = i32x4.add(b0, i32x4.splat(8));
  const b3 = i32x4.add(b0, i32x4.splat(12));
  hashTile(out, 0, a, a, a, a, b0, b1, b2, b3);
}

/** Hashes 16 * `tiles` pairs in place: the first words are at `x0`, the second at `x1`. */
export function threefry2x32_u32(x0: usize, x1: usize, tiles: u32, key0: u32, key1: u32): void {
  threefrySetUp(key0, key1);
  const k0 = v128.load(KEY);
  const k1 = v128.load(KEY, 16);
  for (let t: u32 = 0; t < tiles; t++, x0 += 64, x1 += 64) {
    const a0 = i32x4.add(v128.load(x0), k0);
    const a1 = i32x4.add(v128.load(x0, 16), k0);
    const a2 = i32x4.add(v128.load(x0, 32), k0);
    const a3 = i32x4.add(v128.load(x0, 48), k0);
    const b0 = i32x4.add(v128.load(x1), k1);
    const b1 = i32x4.add(v128.load(x1, 16), k1);
    const b2 = i32x4.add(v128.load(x1, 32), k1);
    const b3 = i32x4.add(v128.load(x1, 48), k1);
    hashTile(x0, x1, a0, a1, a2, a3, b0, b1, b2, b3);
  }
}

/**
 * Fills `out` with 16 * `tiles` words; word i is the xor of the hash of the 64-bit counter (high, low + i).
 * `low + 16 * tiles` does not pass 2^32.
 */
export function threefry_bits_u32(out: usize, tiles: u32, high: u32, low: u32, key0: u32, key1: u32): void {
  threefrySetUp(key0, key1);
  for (let t: u32 = 0; t < tiles; t++, out += 64, low += 16) threefryTile(out, high, low);
}
