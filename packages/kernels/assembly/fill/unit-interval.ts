// Words to floats as TensorFlow makes them, and the uniform floats of four blocks.
// Source: TensorFlow 2.21 random_distributions_utils.h (Uint32ToFloat) and stateless_random_ops.py (three roundings: -, *, +).

import { storeTransposed } from "../math/lanes";

/** Words to floats in [0, 1): the low 23 bits become the fraction. */
export function unitInterval(x: v128): v128 {
  const one = i32x4.splat(0x3f800000);
  return f32x4.sub(v128.or(v128.and(x, i32x4.splat(0x7fffff)), one), f32x4.splat(1));
}

/** z * scale + shift, in two roundings. */
export function scaled(z: v128, scale: v128, shift: v128): v128 {
  return f32x4.add(f32x4.mul(z, scale), shift);
}

/** Scales the words of four blocks, one word a vector, and writes the floats block by block. */
export function storeUniform(out: usize, x0: v128, x1: v128, x2: v128, x3: v128, range: v128, low: v128): void {
  const u0 = scaled(unitInterval(x0), range, low);
  const u1 = scaled(unitInterval(x1), range, low);
  const u2 = scaled(unitInterval(x2), range, low);
  const u3 = scaled(unitInterval(x3), range, low);
  storeTransposed(out, 16, u0, u1, u2, u3);
}
