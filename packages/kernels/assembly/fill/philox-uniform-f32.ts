// Uniform floats of the stream keras/tensorflow: one Philox word each, low 23 bits.
// Source: TensorFlow 2.21 random_distributions_utils.h and stateless_random_ops.py (three roundings: -, *, +).

import {
  COUNTER,
  KEYS,
  KEYS_END,
  MULTIPLIERS,
  mix,
  philoxLanes,
  philoxSetUp,
  storeTransposed,
} from "../rng/philox4x32";
import { unitInterval } from "./box-muller";

/** Scales the words of four blocks, one word a vector, and writes the floats block by block. */
function finish(out: usize, x0: v128, x1: v128, x2: v128, x3: v128, range: v128, low: v128): void {
  const u0 = f32x4.add(f32x4.mul(unitInterval(x0), range), low);
  const u1 = f32x4.add(f32x4.mul(unitInterval(x1), range), low);
  const u2 = f32x4.add(f32x4.mul(unitInterval(x2), range), low);
  const u3 = f32x4.add(f32x4.mul(unitInterval(x3), range), low);
  storeTransposed(out, u0, u1, u2, u3);
}

/**
 * Fills `out` with 16 * `tiles` floats u * `range` + `low`, u in [0, 1); element 16 t + 4 b + w comes from word w of
 * counter (c0 + 4 t + b, c1, c2, c3). `c0 + 4 * tiles` does not pass 2^32.
 */
export function philox_uniform_f32(
  out: usize,
  tiles: u32,
  c0: u32,
  c1: u32,
  c2: u32,
  c3: u32,
  key0: u32,
  key1: u32,
  range: f32,
  low: f32,
): void {
  const r = f32x4.splat(range);
  const l = f32x4.splat(low);
  philoxSetUp(c1, c2, c3, key0, key1);
  const m0 = v128.load(MULTIPLIERS);
  const m1 = v128.load(MULTIPLIERS, 16);
  let counter = i32x4.add(i32x4.splat(c0), i32x4(0, 1, 2, 3));
  let t: u32 = 0;
  // philoxLanes for two tiles by turns, the words kept in registers: to store and load them would take a tenth longer.
  for (; t + 2 <= tiles; t += 2, out += 128) {
    let a0 = counter;
    let a1 = v128.load(COUNTER);
    let a2 = v128.load(COUNTER, 16);
    let a3 = v128.load(COUNTER, 32);
    let b0 = i32x4.add(counter, i32x4.splat(4));
    let b1 = a1;
    let b2 = a2;
    let b3 = a3;
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
    }
    finish(out, a0, a1, a2, a3, r, l);
    finish(out + 64, b0, b1, b2, b3, r, l);
    counter = i32x4.add(counter, i32x4.splat(8));
  }
  if (t < tiles) {
    philoxLanes(out, counter);
    finish(out, v128.load(out), v128.load(out, 16), v128.load(out, 32), v128.load(out, 48), r, l);
  }
}
