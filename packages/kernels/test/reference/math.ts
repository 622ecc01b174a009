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

/** The distribution function of the standard normal, small in the lower tail. */
const cdf = (x: number): number => (x < 0 ? erfc(-x * Math.SQRT1_2) : 1 + erf(x * Math.SQRT1_2)) / 2;

function geluSlope(x: number): number {
  if (Number.isNaN(x)) return x;
  if (Math.abs(x) > 40) return x > 0 ? 1 : -0;
  return cdf(x) + (x * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
}

/** exp(-|x|) / (1 + exp(-|x|))^2, which does not cancel. */
function sigmoidSlope(x: number): number {
  const e = Math.exp(-Math.abs(x));
  return e / (1 + e) ** 2;
}

/** The constant of a function that has one, in the sweep of its derivative. */
export const slopeConstants: Readonly<Record<string, number>> = { leaky_relu: 0.2, elu: 1.5 };

/** The derivative of each activation by its name. */
export const slopes: Readonly<Record<string, (x: number) => number>> = {
  elu: (x) => (x > 0 ? 1 : Math.exp(x) * (slopeConstants["elu"] as number)),
  gelu: geluSlope,
  leaky_relu: (x) => (x > 0 ? 1 : Math.fround(slopeConstants["leaky_relu"] as number)),
  relu: (x) => (x > 0 ? 1 : 0),
  selu: (x) => 1.0507009873554805 * (x > 0 ? 1 : 1.6732632423543772 * Math.exp(x)),
  sigmoid: sigmoidSlope,
  silu: (x) => {
    const s = functions["sigmoid"]?.(x) as number;
    return s + x * sigmoidSlope(x);
  },
  softplus: (x) => functions["sigmoid"]?.(x) as number,
  tanh: (x) => 4 * sigmoidSlope(2 * x),
};
