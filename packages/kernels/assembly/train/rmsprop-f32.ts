// RMSprop, one pass over weights and moving averages: plain, and with momentum and centering.
// Source: Tieleman and Hinton 2012, in the form of keras/src/optimizers/rmsprop.py 3.15.1 and of rmsprop_optimizer.ts of tfjs-core 4.22.
//
// Where rounding takes the variance of the centered form below 0, it is 0 here.

import { loadLanes, read, storeLanes, write } from "../math/lanes";

/** `rho` * average + `gain` * x: the moving average with one more value. */
function averaged(average: v128, x: v128, rho: v128, gain: v128): v128 {
  return f32x4.add(f32x4.mul(rho, average), f32x4.mul(gain, x));
}

/** `rate` * g / sqrt(v + `epsilon`). */
function change(gradient: v128, square: v128, rate: v128, epsilon: v128): v128 {
  return f32x4.div(f32x4.mul(rate, gradient), f32x4.sqrt(f32x4.add(square, epsilon)));
}

/** rmsprop_f32 on one vector, or on the `count` floats that remain; r .. ep are the constants in every lane. */
function step<T>(w: usize, v: usize, g: usize, count: u32, r: v128, rh: v128, ga: v128, ep: v128): void {
  const gradient = read<T>(g, count);
  const square = averaged(read<T>(v, count), f32x4.mul(gradient, gradient), rh, ga);
  write<T>(v, square, count);
  write<T>(w, f32x4.sub(read<T>(w, count), change(gradient, square, r, ep)), count);
}

/** v = `rho` * v + `gain` * g^2; w -= `rate` * g / sqrt(v + `epsilon`), where gain = 1 - rho. */
export function rmsprop_f32(w: usize, v: usize, g: usize, n: u32, rate: f32, rho: f32, gain: f32, epsilon: f32): void {
  const r = f32x4.splat(rate);
  const rh = f32x4.splat(rho);
  const ga = f32x4.splat(gain);
  const ep = f32x4.splat(epsilon);
  let left = <i32>n;
  for (; left > 3; left -= 4, w += 16, v += 16, g += 16) step<v128>(w, v, g, 4, r, rh, ga, ep);
  if (left > 0) step<f32>(w, v, g, left, r, rh, ga, ep);
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
    const gradient = loadLanes(g + at, left);
    const square = averaged(loadLanes(v + at, left), f32x4.mul(gradient, gradient), rh, ga);
    storeLanes(v + at, square, left);
    let under = square; // what the root is taken of, less epsilon
    if (mean != 0) {
      const average = averaged(loadLanes(mean + at, left), gradient, rh, ga);
      storeLanes(mean + at, average, left);
      under = f32x4.max(f32x4.sub(square, f32x4.mul(average, average)), f32x4.splat(0));
    }
    const velocity = f32x4.add(f32x4.mul(mu, loadLanes(d + at, left)), change(gradient, under, r, ep));
    storeLanes(d + at, velocity, left);
    storeLanes(w + at, f32x4.sub(loadLanes(w + at, left), velocity), left);
  }
}
