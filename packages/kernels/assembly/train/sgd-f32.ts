// Stochastic gradient descent: plain, with momentum as Keras 3 has it, and with the momentum of TensorFlow.js.
// Source: keras/src/optimizers/sgd.py 3.15.1; momentum_optimizer.ts of tfjs-core 4.22.

import { loadLanes, loadTail, read, storeLanes, storeTail, write } from "../math/lanes";

/** w - `rate` * g. */
function descended(w: v128, g: v128, rate: v128): v128 {
  return f32x4.sub(w, f32x4.mul(rate, g));
}

/** w = w - rate * g. */
export function sgd_f32(w: usize, g: usize, n: u32, rate: f32): void {
  const r = f32x4.splat(rate);
  let left = <i32>n;
  for (; left > 3; left -= 4, w += 16, g += 16) v128.store(w, descended(v128.load(w), v128.load(g), r));
  if (left > 0) storeTail(w, descended(loadTail(w, left), loadTail(g, left), r), left);
}

/** momentum_f32 on one vector, or on the `count` floats that remain. */
function momentumStep<T>(w: usize, m: usize, g: usize, count: u32, rate: v128, momentum: v128): void {
  const velocity = descended(f32x4.mul(momentum, read<T>(m, count)), read<T>(g, count), rate);
  write<T>(m, velocity, count);
  write<T>(w, f32x4.add(read<T>(w, count), velocity), count);
}

/** m = momentum * m - rate * g; w = w + m. */
export function momentum_f32(w: usize, m: usize, g: usize, n: u32, rate: f32, momentum: f32): void {
  const r = f32x4.splat(rate);
  const mu = f32x4.splat(momentum);
  let left = <i32>n;
  for (; left > 3; left -= 4, w += 16, m += 16, g += 16) momentumStep<v128>(w, m, g, 4, r, mu);
  if (left > 0) momentumStep<f32>(w, m, g, left, r, mu);
}

/** a = `momentum` * a + g; w -= `rate` * a, or `rate` * (g + `momentum` * a) where `nesterov` is 1. */
export function summed_momentum_f32(
  w: usize,
  a: usize,
  g: usize,
  n: u32,
  rate: f32,
  momentum: f32,
  nesterov: u32,
): void {
  const r = f32x4.splat(rate);
  const mu = f32x4.splat(momentum);
  for (let left = <i32>n; left > 0; left -= 4, w += 16, a += 16, g += 16) {
    const gradient = loadLanes(g, left);
    const sum = f32x4.add(f32x4.mul(mu, loadLanes(a, left)), gradient);
    storeLanes(a, sum, left);
    const direction = nesterov ? f32x4.add(gradient, f32x4.mul(sum, mu)) : sum;
    storeLanes(w, descended(loadLanes(w, left), direction, r), left);
  }
}
