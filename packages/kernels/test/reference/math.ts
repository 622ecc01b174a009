// float64 references of the functions in assembly/math, good to about 1e-12 relative over the whole float32 range.

import { activations, erf } from "./activations.ts";

function value(name: string): (x: number) => number {
  const [formula = Math.abs] = activations[name] ?? [];
  return (x) => formula(x, 0);
}

/** erfc by Laplace's continued fraction, from 2.5 on. */
function erfcFar(x: number): number {
  let fraction = 0;
  for (let n = 120; n > 0; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}

const erfc = (x: number): number => (x > 2.5 ? erfcFar(x) : 1 - erf(x));

function gelu(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x < -40) return -0;
  return x * 0.5 * (x < 0 ? erfc(-x * Math.SQRT1_2) : 1 + erf(x * Math.SQRT1_2));
}

/** Each function by the name of its kernel without _f32. */
export const functions: Readonly<Record<string, (x: number) => number>> = {
  cos: Math.cos,
  erf: (x) => (Math.abs(x) > 6 ? Math.sign(x) : x === 0 ? x : erf(x)),
  exp: Math.exp,
  expm1: Math.expm1,
  gelu,
  log: Math.log,
  log1p: Math.log1p,
  sigmoid: (x) => (x < -700 ? 0 : value("sigmoid")(x)),
  sin: Math.sin,
  softplus: value("softplus"),
  tanh: Math.tanh,
};
