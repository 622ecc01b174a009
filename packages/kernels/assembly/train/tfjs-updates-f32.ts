// Updates that TensorFlow.js has in forms of its own: momentum over summed gradients, RMSprop with momentum and centering.
// Source: momentum_optimizer.ts and rmsprop_optimizer.ts of tfjs-core 4.22; keras/src/optimizers/rmsprop.py 3.15 for the centered
// form, whose variance is not below 0 here where rounding takes it there.

import { loadTail, storeTail } from "../elementwise/tail";

function read(at: usize, left: i32): v128 {
  return left > 3 ? v128.load(at) : loadTail(at, left);
}

function write(at: usize, value: v128, left: i32): void {
  if (left > 3) v128.store(at, value);
  else storeTail(at, value, left);
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
    const gradient = read(g, left);
    const sum = f32x4.add(f32x4.mul(mu, read(a, left)), gradient);
    write(a, sum, left);
    const direction = nesterov ? f32x4.add(gradient, f32x4.mul(sum, mu)) : sum;
    write(w, f32x4.sub(read(w, left), f32x4.mul(r, direction)), left);
  }
}

/**
 * v = `rho` * v + `gain` * g^2; d = `momentum` * d + `rate` * g / sqrt(v + `epsilon`); w -= d, where gain = 1 - rho. Where
 * `mean` is not 0 it is the moving mean of g, and the root is taken of the variance, v - mean^2 and not below 0, + `epsilon`.
 */
export function rmsprop_momentum_f32(
  w: usize,
  v: usize,
  d: usize,
  g: usize,
  n: u32,
  rate: f32,
  rho: f32,
  gain: f32,
  momentum: f32,
  epsilon: f32,
  mean: usize,
): void {
  const r = f32x4.splat(rate);
  const rh = f32x4.splat(rho);
  const ga = f32x4.splat(gain);
  const mu = f32x4.splat(momentum);
  const ep = f32x4.splat(epsilon);
  for (let left = <i32>n, at: usize = 0; left > 0; left -= 4, at += 16) {
    const gradient = read(g + at, left);
    const square = f32x4.add(f32x4.mul(rh, read(v + at, left)), f32x4.mul(ga, f32x4.mul(gradient, gradient)));
    write(v + at, square, left);
    let under = f32x4.add(square, ep);
    if (mean != 0) {
      const average = f32x4.add(f32x4.mul(rh, read(mean + at, left)), f32x4.mul(ga, gradient));
      write(mean + at, average, left);
      const variance = f32x4.max(f32x4.sub(square, f32x4.mul(average, average)), f32x4.splat(0));
      under = f32x4.add(variance, ep);
    }
    const step = f32x4.div(f32x4.mul(r, gradient), f32x4.sqrt(under));
    const velocity = f32x4.add(f32x4.mul(mu, read(d + at, left)), step);
    write(d + at, velocity, left);
    write(w + at, f32x4.sub(read(w + at, left), velocity), left);
  }
}
