// Functions of one number as formulas on four floats; the loops over memory are generated from them.
// Source: the definitions of IEEE 754 and of TensorFlow.js's unary kernels of the same names.

export { erf } from "../math/erf-f32x4";
export { exp, expm1 } from "../math/exp-f32x4";
export { log } from "../math/log-f32x4";
export { log1p } from "../math/log1p-f32x4";
export { cos, sin } from "../math/sincos-f32x4";

export function abs(x: v128): v128 {
  return f32x4.abs(x);
}

/** The smallest integer not below x. */
export function ceil(x: v128): v128 {
  return f32x4.ceil(x);
}

/** x, no less than low and no more than high; a NaN stays NaN. */
export function clip(x: v128, low: f32, high: f32): v128 {
  return f32x4.min(f32x4.max(x, f32x4.splat(low)), f32x4.splat(high));
}

/** The largest integer not above x. */
export function floor(x: v128): v128 {
  return f32x4.floor(x);
}

export function neg(x: v128): v128 {
  return f32x4.neg(x);
}

/** 1 / x. */
export function reciprocal(x: v128): v128 {
  return f32x4.div(f32x4.splat(1), x);
}

/** The integer nearest to x, the even one of two. */
export function round(x: v128): v128 {
  return f32x4.nearest(x);
}

/** 1 / sqrt(x), two roundings. */
export function rsqrt(x: v128): v128 {
  return f32x4.div(f32x4.splat(1), f32x4.sqrt(x));
}

export function sqrt(x: v128): v128 {
  return f32x4.sqrt(x);
}

export function square(x: v128): v128 {
  return f32x4.mul(x, x);
}
