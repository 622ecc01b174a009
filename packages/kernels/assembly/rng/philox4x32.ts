// Philox4x32-10, a counter-based generator: ten rounds turn a 128-bit counter and a 64-bit key into four words.
// Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11.
//
// Lane layout: one v128 holds the same word of four blocks, so x0 = [b0.w0, b1.w0, b2.w0, b3.w0], x1 holds word 1, ...

const M0: u32 = 0xd2511f53; // round multipliers
const M1: u32 = 0xcd9e8d57;
const W0: u32 = 0x9e3779b9; // Weyl increments of the key
const W1: u32 = 0xbb67ae85;
const ROUNDS: u32 = 10;

// What all blocks of a fill share, each word in all four lanes, so that a round loads it instead of computing it.
export const MULTIPLIERS: usize = memory.data<u32>([M0, M0, M0, M0, M1, M1, M1, M1], 16);
export const COUNTER: usize = memory.data(48, 16); // words 1, 2, 3
export const KEYS: usize = memory.data(320, 16); // key 0 and key 1 of each round
export const KEYS_END: usize = KEYS + 32 * ROUNDS;

/** Sets the key, and the words of the counter that are the same for all blocks drawn from now on. */
export function philoxSetUp(c1: u32, c2: u32, c3: u32, key0: u32, key1: u32): void {
  v128.store(COUNTER, i32x4.splat(c1));
  v128.store(COUNTER, i32x4.splat(c2), 16);
  v128.store(COUNTER, i32x4.splat(c3), 32);
  for (let at = KEYS; at < KEYS_END; at += 32, key0 += W0, key1 += W1) {
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

/** Writes words 0, 1, 2, 3 of four blocks as four vectors to `out`; the lanes of `c0` are word 0 of their counters. */
export function philoxLanes(out: usize, c0: v128): void {
  const m0 = v128.load(MULTIPLIERS);
  const m1 = v128.load(MULTIPLIERS, 16);
  let x0 = c0;
  let x1 = v128.load(COUNTER);
  let x2 = v128.load(COUNTER, 16);
  let x3 = v128.load(COUNTER, 32);
  for (let key = KEYS; key < KEYS_END; key += 32) {
    const y0 = mix(x2, m1, x1, v128.load(key));
    const y2 = mix(x0, m0, x3, v128.load(key, 16));
    x1 = i32x4.mul(x2, m1);
    x3 = i32x4.mul(x0, m0);
    x0 = y0;
    x2 = y2;
  }
  v128.store(out, x0);
  v128.store(out, x1, 16);
  v128.store(out, x2, 32);
  v128.store(out, x3, 48);
}

/** philoxLanes for twelve blocks at `out`, + 64, + 128: three sets of four hide the latency of each other's products. */
function philoxLanesThrice(out: usize, a: v128, b: v128, c: v128): void {
  const m0 = v128.load(MULTIPLIERS);
  const m1 = v128.load(MULTIPLIERS, 16);
  let a0 = a;
  let a1 = v128.load(COUNTER);
  let a2 = v128.load(COUNTER, 16);
  let a3 = v128.load(COUNTER, 32);
  let b0 = b;
  let b1 = a1;
  let b2 = a2;
  let b3 = a3;
  let c0 = c;
  let c1 = a1;
  let c2 = a2;
  let c3 = a3;
  for (let key = KEYS; key < KEYS_END; key += 32) {
    const k0 = v128.load(key);
    const k1 = v128.load(key, 16);
    const s0 = mix(a2, m1, a1, k0);
    const s2 = mix(a0, m0, a3, k1);
    a1 = i32x4.mul(a2, m1);
    a3 = i32x4.mul(a0, m0);
    a0 = s0;
    a2 = s2;
    const t0 = mix(b2, m1, b1, k0);
    const t2 = mix(b0, m0, b3, k1);
    b1 = i32x4.mul(b2, m1);
    b3 = i32x4.mul(b0, m0);
    b0 = t0;
    b2 = t2;
    const u0 = mix(c2, m1, c1, k0);
    const u2 = mix(c0, m0, c3, k1);
    c1 = i32x4.mul(c2, m1);
    c3 = i32x4.mul(c0, m0);
    c0 = u0;
    c2 = u2;
  }
  v128.store(out, a0);
  v128.store(out, a1, 16);
  v128.store(out, a2, 32);
  v128.store(out, a3, 48);
  v128.store(out, b0, 64);
  v128.store(out, b1, 80);
  v128.store(out, b2, 96);
  v128.store(out, b3, 112);
  v128.store(out, c0, 128);
  v128.store(out, c1, 144);
  v128.store(out, c2, 160);
  v128.store(out, c3, 176);
}

/** philoxLanes for `tiles` times four blocks, 64 bytes each; the first have the counters `c0`, the next `step` more. */
export function philoxTiles(out: usize, tiles: u32, c0: v128, step: u32): void {
  const next = i32x4.splat(step);
  let t: u32 = 0;
  for (; t + 3 <= tiles; t += 3, out += 192) {
    const c1 = i32x4.add(c0, next);
    const c2 = i32x4.add(c1, next);
    philoxLanesThrice(out, c0, c1, c2);
    c0 = i32x4.add(c2, next);
  }
  for (; t < tiles; t++, out += 64, c0 = i32x4.add(c0, next)) philoxLanes(out, c0);
}

/** Turns four vectors of one word each into four vectors of one block each, in place: a 4x4 transpose. */
export function transposeLanes(out: usize): void {
  const x0 = v128.load(out);
  const x1 = v128.load(out, 16);
  const x2 = v128.load(out, 32);
  const x3 = v128.load(out, 48);
  storeTransposed(out, x0, x1, x2, x3);
}

/** Stores the transpose of the 4x4 matrix with rows x0..x3, so that lane i of all four comes out as row i. */
export function storeTransposed(out: usize, x0: v128, x1: v128, x2: v128, x3: v128): void {
  const p = v128.shuffle<u32>(x0, x1, 0, 4, 1, 5);
  const q = v128.shuffle<u32>(x2, x3, 0, 4, 1, 5);
  const r = v128.shuffle<u32>(x0, x1, 2, 6, 3, 7);
  const s = v128.shuffle<u32>(x2, x3, 2, 6, 3, 7);
  v128.store(out, v128.shuffle<u64>(p, q, 0, 2));
  v128.store(out, v128.shuffle<u64>(p, q, 1, 3), 16);
  v128.store(out, v128.shuffle<u64>(r, s, 0, 2), 32);
  v128.store(out, v128.shuffle<u64>(r, s, 1, 3), 48);
}

/**
 * Fills `out` with 4 * `blocks` words: word w of block b at out[4 * b + w], from counter (c0 + b, c1, c2, c3).
 * `blocks` is a multiple of 4 and `c0 + blocks` does not pass 2^32.
 */
export function philox4x32_u32(
  out: usize,
  blocks: u32,
  c0: u32,
  c1: u32,
  c2: u32,
  c3: u32,
  key0: u32,
  key1: u32,
): void {
  philoxSetUp(c1, c2, c3, key0, key1);
  for (let b: u32 = 0; b < blocks; b += 4, out += 64) {
    philoxLanes(out, i32x4.add(i32x4.splat(c0 + b), i32x4(0, 1, 2, 3)));
    transposeLanes(out);
  }
}
