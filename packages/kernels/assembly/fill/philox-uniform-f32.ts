// Uniform floats of the stream keras/tensorflow: one Philox word each, low 23 bits.
// Source: TensorFlow 2.21 random_distributions_utils.h and stateless_random_ops.py (three roundings: -, *, +).

import { philoxBlocks, storeUniformTwice } from "../generated/philox-rounds";
import { countersFrom } from "../rng/philox4x32";
import { storeUniform } from "./unit-interval";

/**
 * Fills `out` with 16 * `tiles` floats u * `range` + `low`, u in [0, 1); element 16 t + 4 b + w comes from word w of
 * counter (c0 + 4 t + b, c1, c2, c3). `c0 + 4 * tiles` does not pass 2^32; `state` is from philox_seed.
 */
export function philox_uniform_f32(out: usize, tiles: u32, state: usize, c0: u32, range: f32, low: f32): void {
  const r = f32x4.splat(range);
  const l = f32x4.splat(low);
  let counter = countersFrom(c0);
  let t: u32 = 0;
  for (; t + 2 <= tiles; t += 2, out += 128) {
    storeUniformTwice(out, state, counter, i32x4.add(counter, i32x4.splat(4)), r, l);
    counter = i32x4.add(counter, i32x4.splat(8));
  }
  if (t < tiles) {
    philoxBlocks(out, state, counter);
    storeUniform(out, v128.load(out), v128.load(out, 16), v128.load(out, 32), v128.load(out, 48), r, l);
  }
}
