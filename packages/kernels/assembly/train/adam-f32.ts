// Adam, one pass over weights and both moments.
// Source: Kingma and Ba 2015, in the form of keras/src/optimizers/adam.py 3.15.1.

import { read, write } from "../math/lanes";

/** adam_f32 on one vector, or on the `count` floats that remain; al .. ep are the constants in every lane. */
function step<T>(w: usize, m: usize, v: usize, g: usize, count: u32, al: v128, g1: v128, g2: v128, ep: v128): void {
  const gradient = read<T>(g, count);
  let first = read<T>(m, count);
  let second = read<T>(v, count);
  first = f32x4.add(first, f32x4.mul(f32x4.sub(gradient, first), g1));
  second = f32x4.add(second, f32x4.mul(f32x4.sub(f32x4.mul(gradient, gradient), second), g2));
  write<T>(m, first, count);
  write<T>(v, second, count);
  const change = f32x4.div(f32x4.mul(first, al), f32x4.add(f32x4.sqrt(second), ep));
  write<T>(w, f32x4.sub(read<T>(w, count), change), count);
}

/**
 * m += (g - m) * `gain1`; v += (g^2 - v) * `gain2`; w -= m * `alpha` / (sqrt(v) + `epsilon`), where gain1 = 1 - beta1,
 * gain2 = 1 - beta2 and alpha = rate * sqrt(1 - beta2^t) / (1 - beta1^t).
 */
export function adam_f32(
  w: usize,
  m: usize,
  v: usize,
  g: usize,
  n: u32,
  alpha: f32,
  gain1: f32,
  gain2: f32,
  epsilon: f32,
): void {
  const al = f32x4.splat(alpha);
  const g1 = f32x4.splat(gain1);
  const g2 = f32x4.splat(gain2);
  const ep = f32x4.splat(epsilon);
  let left = <i32>n;
  for (; left > 3; left -= 4, w += 16, m += 16, v += 16, g += 16) step<v128>(w, m, v, g, 4, al, g1, g2, ep);
  if (left > 0) step<f32>(w, m, v, g, left, al, g1, g2, ep);
}
