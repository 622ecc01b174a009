// The action of an activation on a normal signal: means of its square and slope, its gain, and its effect on a correlation.
// Source: Poole et al. 2016 (arXiv 1606.05340), by Gauss quadrature. All + - * / and sqrt: same bits everywhere.

import { expectOneOf } from "@fanin/tensor/arguments";
import {
  type ActivationFunction,
  activationFunctions,
  type MeanFieldActivation,
  meanFieldActivations,
} from "./activation-functions.ts";
import { type NormalNodes, normalNodes } from "./quadrature.ts";

/** Means over pre-activations x ~ N(0, q). */
export interface ActivationMeans {
  /** E[f(x)^2]. */
  readonly square: number;
  /** E[f(x)^4], which sets the fluctuations at finite width. */
  readonly fourth: number;
  /** dE[f(x)^2] / dq. */
  readonly slope: number;
  /** E[f'(x)^2], the factor of a squared gradient. */
  readonly derivativeSquare: number;
  /** E[f'(x)^4]. */
  readonly derivativeFourth: number;
}

/** Gain and gradient factor of one activation at q = 1. */
export interface Gain {
  /** 1 / sqrt(E[f(z)^2]): the factor of the weights that keeps a mean square of 1. */
  readonly gain: number;
  /** gain^2 E[f'(z)^2]: the resulting factor of a squared gradient per layer. */
  readonly chi1: number;
}

// Beyond these bounds, functions equal their slopes around 0 or at infinity to double precision.
export const TINY = 1e-24;
export const HUGE = 1e24;

/** Returns the row of `name`, or throws a RangeError with the nearest. */
export function expectActivation(name: unknown): ActivationFunction {
  return activationFunctions[expectOneOf("activation", name, meanFieldActivations)];
}

function homogeneous([negative, positive]: readonly [number, number], q: number): ActivationMeans {
  const [below, above] = [negative * negative, positive * positive];
  const square = (below + above) / 2;
  const fourth = (below * below + above * above) / 2;
  return {
    square: q * square,
    fourth: 3 * q * q * fourth,
    slope: square,
    derivativeSquare: square,
    derivativeFourth: fourth,
  };
}

/** The means of `f` over x ~ N(0, q), q >= 0. */
export function activationMeans(f: ActivationFunction, q: number): ActivationMeans {
  const limit = q < TINY ? f.tiny : q > HUGE ? f.huge : null;
  if (limit) return homogeneous(limit, q);
  const deviation = Math.sqrt(Math.min(HUGE, Math.max(TINY, q)));
  const { z, x, weight } = normalNodes(0, deviation, f.kinks);
  let [square, fourth, slope, derivativeSquare, derivativeFourth] = [0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    const [at, w] = [x[i] ?? 0, weight[i] ?? 0];
    const y = f.value(at);
    const dy = f.derivative(at);
    const yy = y * y;
    const slopes = dy * dy;
    square += w * yy;
    fourth += w * yy * yy;
    slope += w * y * dy * (z[i] ?? 0);
    derivativeSquare += w * slopes;
    derivativeFourth += w * slopes * slopes;
  }
  return { square, fourth, slope: slope / deviation, derivativeSquare, derivativeFourth };
}

/**
 * Gain and gradient factor of an activation for signals of mean square 1.
 *
 * @example
 * activationGain("relu"); // => { gain: 1.4142135623730936, chi1: 0.9999999999999991 }
 */
export function activationGain(activation: MeanFieldActivation): Gain {
  const { square, derivativeSquare } = activationMeans(expectActivation(activation), 1);
  return { gain: 1 / Math.sqrt(square), chi1: derivativeSquare / square };
}

const TERMS = 64;
const roots = Float64Array.from({ length: TERMS + 1 }, (_, k) => Math.sqrt(k));

/**
 * E[f(u) f(v)] for u, v ~ N(0, q) as a function of their correlation c in [0, 1], with its derivative:
 * the sum of a_k^2 c^k over the Hermite coefficients of f. The tail beyond 64 terms, which only a kink has,
 * is one power of c that has the tail's value and slope at c = 1; both are known exactly.
 */
export function correlationMap(f: ActivationFunction, q: number): (c: number) => readonly [number, number] {
  const bounded = Math.min(HUGE, Math.max(TINY, q));
  const { z, x, weight }: NormalNodes = normalNodes(0, Math.sqrt(bounded), f.kinks);
  const coefficients = new Float64Array(TERMS);
  for (let i = 0; i < x.length; i++) {
    const at = z[i] ?? 0;
    const y = (weight[i] ?? 0) * f.value(x[i] ?? 0);
    let [before, current] = [0, 1];
    for (let k = 0; k < TERMS; k++) {
      coefficients[k] = (coefficients[k] ?? 0) + y * current;
      const next = (at * current - (roots[k] ?? 0) * before) / (roots[k + 1] ?? 1);
      [before, current] = [current, next];
    }
  }
  const squares = coefficients.map((a) => a * a);
  const { square, derivativeSquare } = activationMeans(f, bounded);
  const tail = square - squares.reduce((sum, a) => sum + a, 0);
  const tailSlope = bounded * derivativeSquare - squares.reduce((sum, a, k) => sum + k * a, 0);
  // For a smooth function, the tail is only rounding, of either sign.
  const power = tail > 1e-12 * square && tailSlope > TERMS * tail ? tailSlope / tail : null;
  const unit = q / bounded;
  return (c) => {
    let [value, slope] = [0, 0];
    for (let k = TERMS - 1; k >= 0; k--) {
      slope = slope * c + value;
      value = value * c + (squares[k] ?? 0);
    }
    if (power !== null) {
      const raised = c > 0 ? powerOf(c, power - 1) : 0;
      value += tail * raised * c;
      slope += tailSlope * raised;
    }
    return [unit * value, unit * slope];
  };
}

/** c^p for c in (0, 1], by linear interpolation between integer powers. */
function powerOf(c: number, p: number): number {
  const whole = Math.floor(p);
  let result = 1;
  for (let [n, base] = [whole, c]; n > 0; n = Math.floor(n / 2), base *= base) if (n % 2 === 1) result *= base;
  return result * (1 + (p - whole) * (c - 1));
}
