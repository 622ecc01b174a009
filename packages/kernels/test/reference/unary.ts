// Reference implementations of the functions of one number: a few lines of IEEE 754, the rest in math.ts.

import { functions } from "./math.ts";

/** The integer nearest to x, the even one of two, with the sign of x. */
function roundHalfEven(x: number): number {
  const down = Math.floor(Math.abs(x));
  const rest = Math.abs(x) - down;
  const up = rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? 1 : 0;
  return x < 0 || Object.is(x, -0) ? -(down + up) : down + up;
}

/** Each function by the name of its kernel without _f32. */
export const unary: Readonly<Record<string, (x: number, low: number, high: number) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  clip: (x, low, high) => Math.min(Math.max(x, low), high),
  floor: Math.floor,
  neg: (x) => -x,
  reciprocal: (x) => 1 / x,
  round: roundHalfEven,
  rsqrt: (x) => 1 / Math.sqrt(x),
  sign_or_zero: (x) => (x < 0 ? -1 : x > 0 ? 1 : 0),
  sqrt: Math.sqrt,
  square: (x) => x * x,
  step: (x, below) => (Number.isNaN(x) ? x : x > 0 ? 1 : below),
  ...Object.fromEntries(
    ["cos", "erf", "exp", "expm1", "log", "log1p", "sin"].map((name) => [name, functions[name] ?? Math.abs]),
  ),
};
