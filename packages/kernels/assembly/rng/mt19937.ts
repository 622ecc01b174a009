// MT19937, the Mersenne Twister: 624 words of state, twisted all at once, then returned one by one.
// Source: Matsumoto and Nishimura 1998; seeded as ATen/core/MT19937RNGEngine.h does (PyTorch 2.13).
//
// A state is 628 words: 624 of the generator, a copy of its word 0 (which lets the twist read four words at any
// index without wrapping), the number of words already returned, and two unused that make it a whole number of vectors.

const N: u32 = 624;
const MIDDLE: u32 = 397;
const BYTES: usize = 2496; // 4 * N: where the copy of word 0 is
const POSITION: usize = 2500;
const MATRIX: u32 = 0x9908b0df;

/** Words that a fill draws into its output before it turns them into numbers: they stay in the first-level cache. */
export const BATCH: u32 = N;

/** Starts the sequence of `seed` at `state`. */
export function mt19937_seed(state: usize, seed: u32): void {
  let word = seed;
  store<u32>(state, word);
  for (let i: u32 = 1; i < N; i++) {
    word = 1812433253 * (word ^ (word >>> 30)) + i;
    store<u32>(state + (i << 2), word);
  }
  store<u32>(state + POSITION, N);
}

/** The next 624 words. Four at a time: word k needs k, k + 1 and k + 397, of which the last was made 57 vectors before. */
function twist(state: usize): void {
  const upper = i32x4.splat(0x80000000);
  const one = i32x4.splat(1);
  const matrix = i32x4.splat(MATRIX);
  const wrap = state + ((N - MIDDLE) << 2); // from this word on, k + 397 is a new word
  const end = state + BYTES;
  for (let at = state; at < end; at += 16) {
    // The vector that straddles `wrap` reads word 624, the copy of the new word 0, in its last lane.
    const middle = at < wrap ? v128.load(at, 1588) : v128.load(at - 908);
    const next = v128.load(at, 4);
    const y = v128.bitselect(v128.load(at), next, upper);
    const odd = i32x4.neg(v128.and(next, one));
    v128.store(at, v128.xor(v128.xor(middle, i32x4.shr_u(y, 1)), v128.and(odd, matrix)));
    if (at == state) store<u32>(end, load<u32>(state));
  }
  store<u32>(state + POSITION, 0);
}

/** Tempering, lane by lane. */
function temper(x: v128): v128 {
  let y = v128.xor(x, i32x4.shr_u(x, 11));
  y = v128.xor(y, v128.and(i32x4.shl(y, 7), i32x4.splat(0x9d2c5680)));
  y = v128.xor(y, v128.and(i32x4.shl(y, 15), i32x4.splat(0xefc60000)));
  return v128.xor(y, i32x4.shr_u(y, 18));
}

/** Draws the next `n` words of `state` to `out`. */
export function mt19937_u32(state: usize, out: usize, n: u32): void {
  let position = load<u32>(state + POSITION);
  while (n > 0) {
    if (position == N) {
      twist(state);
      position = 0;
    }
    const count = min(n, N - position);
    let from = state + (position << 2);
    let i: u32 = 0;
    for (; i + 4 <= count; i += 4, from += 16, out += 16) v128.store(out, temper(v128.load(from)));
    for (; i < count; i++, from += 4, out += 4) store<u32>(out, i32x4.extract_lane(temper(v128.load32_zero(from)), 0));
    position += count;
    n -= count;
  }
  store<u32>(state + POSITION, position);
}

/** Skips the next `n` words of `state`, for a slice that does not begin at 0. */
export function mt19937_skip(state: usize, n: u32): void {
  let position = load<u32>(state + POSITION);
  while (n > N - position) {
    n -= N - position;
    twist(state);
    position = 0;
  }
  store<u32>(state + POSITION, position + n);
}
