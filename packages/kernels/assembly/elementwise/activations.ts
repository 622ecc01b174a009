// The activations and their derivatives as formulas on four floats; the loops over memory are generated from them.
// Source: keras.activations 3.15.1 (same definitions and default constants).
//
// A function f(x, ...) becomes the kernel f_f32(out, x, n, ...); fGradient(x, dy, ...) becomes
// f_gradient_f32(out, x, dy, n, ...) with out = dy * f'(x).
//
// ULP: gelu 7.6, sigmoid 2.4, softplus 1.7, tanh 2.5
// ULP: elu_gradient 1.4, leaky_relu_gradient 0, relu_gradient 0, selu_gradient 2.0, softplus_gradient 2.4
// ULP of 1: gelu_gradient 2.2, sigmoid_gradient 0.8, silu_gradient 8.2, tanh_gradient 1.7

import { exp, expm1 } from "../math/exp-f32x4";
import { log1pUnit } from "../math/log1p-f32x4";
import { gaussian, tailRatio } from "../math/normal-tail-f32x4";

const SELU_ALPHA: f32 = 1.67326324235437728;
const SELU_SCALE: f32 = 1.05070098735548049;
const INV_SQRT_2PI: f32 = 0.39894228040143268;
const GELU_UNDERFLOW: f32 = 15; // x Phi(x) is 0 below -14.5

/** x where it is positive, else 0. A NaN stays NaN. */
export function relu(x: v128): v128 {
  // pmax is one instruction where max is ten; the sum turns its -0 into 0.
  return f32x4.add(f32x4.pmax(x, f32x4.splat(0)), f32x4.splat(0));
}

export function reluGradient(x: v128, dy: v128): v128 {
  return v128.and(dy, f32x4.gt(x, f32x4.splat(0)));
}

/** relu, no more than 6. */
export function relu6(x: v128): v128 {
  return f32x4.pmin(relu(x), f32x4.splat(6));
}

/** x where it is positive, else slope * x. */
export function leakyRelu(x: v128, slope: f32): v128 {
  return v128.bitselect(x, f32x4.mul(x, f32x4.splat(slope)), f32x4.gt(x, f32x4.splat(0)));
}

export function leakyReluGradient(x: v128, dy: v128, slope: f32): v128 {
  return v128.bitselect(dy, f32x4.mul(dy, f32x4.splat(slope)), f32x4.gt(x, f32x4.splat(0)));
}

/** The hyperbolic tangent, as e / (e + 2) with e = expm1(2 |x|) and the sign put back. */
export function tanh(x: v128): v128 {
  const sign = v128.and(x, i32x4.splat(0x80000000));
  // 1 to the last bit from 9.02 on; pmin keeps a NaN.
  const e = expm1(f32x4.pmin(f32x4.mul(f32x4.abs(x), f32x4.splat(2)), f32x4.splat(20)));
  return v128.or(f32x4.div(e, f32x4.add(e, f32x4.splat(2))), sign);
}

export function tanhGradient(x: v128, dy: v128): v128 {
  const y = tanh(x);
  return f32x4.mul(dy, f32x4.sub(f32x4.splat(1), f32x4.mul(y, y)));
}

/** 1 / (1 + exp(-x)), from exp(-|x|), so that it underflows gradually. */
export function sigmoid(x: v128): v128 {
  const one = f32x4.splat(1);
  const e = exp(f32x4.neg(f32x4.abs(x)));
  const numerator = v128.bitselect(e, one, f32x4.lt(x, f32x4.splat(0)));
  return f32x4.div(numerator, f32x4.add(one, e));
}

export function sigmoidGradient(x: v128, dy: v128): v128 {
  const y = sigmoid(x);
  return f32x4.mul(dy, f32x4.mul(y, f32x4.sub(f32x4.splat(1), y)));
}

/** x where it is positive, else alpha * (exp(x) - 1). */
export function elu(x: v128, alpha: f32): v128 {
  return v128.bitselect(x, f32x4.mul(f32x4.splat(alpha), expm1(x)), f32x4.gt(x, f32x4.splat(0)));
}

export function eluGradient(x: v128, dy: v128, alpha: f32): v128 {
  const below = f32x4.mul(dy, f32x4.mul(f32x4.splat(alpha), exp(x)));
  return v128.bitselect(dy, below, f32x4.gt(x, f32x4.splat(0)));
}

/** The self-normalizing elu: scale * elu(x, alpha). */
export function selu(x: v128): v128 {
  return f32x4.mul(f32x4.splat(SELU_SCALE), elu(x, SELU_ALPHA));
}

export function seluGradient(x: v128, dy: v128): v128 {
  return f32x4.mul(f32x4.splat(SELU_SCALE), eluGradient(x, dy, SELU_ALPHA));
}

/** Phi(x), for `density` = exp(-x^2 / 2). */
function normalCdf(x: v128, density: v128): v128 {
  const tail = f32x4.mul(tailRatio(x), density);
  return v128.bitselect(tail, f32x4.sub(f32x4.splat(1), tail), f32x4.lt(x, f32x4.splat(0)));
}

/** x * Phi(x), the exact form, in the far negative tail too. */
export function gelu(x: v128): v128 {
  const density = gaussian(x);
  const ratio = tailRatio(x);
  // Below 0 the density comes last: it may be denormal, and must not be scaled up again.
  const below = f32x4.mul(f32x4.mul(f32x4.pmax(x, f32x4.splat(-GELU_UNDERFLOW)), ratio), density);
  const above = f32x4.mul(x, f32x4.sub(f32x4.splat(1), f32x4.mul(ratio, density)));
  return v128.bitselect(below, above, f32x4.lt(x, f32x4.splat(0)));
}

export function geluGradient(x: v128, dy: v128): v128 {
  const density = gaussian(x);
  const bounded = f32x4.pmax(f32x4.pmin(x, f32x4.splat(GELU_UNDERFLOW)), f32x4.splat(-GELU_UNDERFLOW));
  const slope = f32x4.mul(f32x4.mul(bounded, density), f32x4.splat(INV_SQRT_2PI));
  return f32x4.mul(dy, f32x4.add(normalCdf(x, density), slope));
}

/** x * sigmoid(x), also known as swish. */
export function silu(x: v128): v128 {
  return f32x4.mul(x, sigmoid(x));
}

export function siluGradient(x: v128, dy: v128): v128 {
  const s = sigmoid(x);
  const one = f32x4.splat(1);
  return f32x4.mul(dy, f32x4.mul(s, f32x4.add(one, f32x4.mul(x, f32x4.sub(one, s)))));
}

/** log(1 + exp(x)), as max(x, 0) + log1p(exp(-|x|)). */
export function softplus(x: v128): v128 {
  return f32x4.add(relu(x), log1pUnit(exp(f32x4.neg(f32x4.abs(x)))));
}

export function softplusGradient(x: v128, dy: v128): v128 {
  return f32x4.mul(dy, sigmoid(x));
}
