// The activations as functions of one f64, with the properties that mean-field theory needs. One row each.
// Source: keras.activations 3.15 for definitions and constants; the first ten have kernels in the engine.

import type { ActivationName } from "../engine/activations.ts";
import { exp, log1pUnit, normalCdf, normalDensity, sigmoid, sincos, tanh } from "./elementary.ts";

/** Slopes below and above zero. */
export type Slopes = readonly [negative: number, positive: number];

/** An activation, its derivative, and the points where either is not smooth. */
export interface ActivationFunction {
  value(x: number): number;
  derivative(x: number): number;
  readonly kinks: readonly number[];
  /** The slopes around 0 if f(0) = 0: f(x) = slope x for tiny x; else null. */
  readonly tiny: Slopes | null;
  /** The slopes towards infinity: f(x) / x for huge x; null if the function is bounded. */
  readonly huge: Slopes | null;
}

/** The activations that theory supports: those of the engine and five more. */
export type MeanFieldActivation = ActivationName | "hard_sigmoid" | "hard_silu" | "mish" | "sin" | "softsign";

const LEAKY_SLOPE = 0.2;
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

function softplus(x: number): number {
  return Math.max(x, 0) + log1pUnit(exp(-Math.abs(x)));
}

const smooth: readonly number[] = [];
const kinkAtZero: readonly number[] = [0];
const asRelu: Slopes = [0, 1];

/** All activations by Keras name. */
export const activationFunctions: Readonly<Record<MeanFieldActivation, ActivationFunction>> = {
  elu: {
    value: (x) => (x > 0 ? x : exp(x) - 1),
    derivative: (x) => (x > 0 ? 1 : exp(x)),
    kinks: kinkAtZero,
    tiny: [1, 1],
    huge: asRelu,
  },
  gelu: {
    value: (x) => x * normalCdf(x),
    derivative: (x) => normalCdf(x) + x * normalDensity(x),
    kinks: smooth,
    tiny: [0.5, 0.5],
    huge: asRelu,
  },
  hard_sigmoid: {
    value: (x) => Math.min(1, Math.max(0, x / 6 + 0.5)),
    derivative: (x) => (Math.abs(x) < 3 ? 1 / 6 : 0),
    kinks: [-3, 3],
    tiny: null,
    huge: null,
  },
  hard_silu: {
    value: (x) => (x * Math.min(6, Math.max(0, x + 3))) / 6,
    derivative: (x) => (Math.abs(x) < 3 ? (2 * x + 3) / 6 : x > 0 ? 1 : 0),
    kinks: [-3, 3],
    tiny: [0.5, 0.5],
    huge: asRelu,
  },
  leaky_relu: {
    value: (x) => (x > 0 ? x : LEAKY_SLOPE * x),
    derivative: (x) => (x > 0 ? 1 : LEAKY_SLOPE),
    kinks: kinkAtZero,
    tiny: [LEAKY_SLOPE, 1],
    huge: [LEAKY_SLOPE, 1],
  },
  linear: { value: (x) => x, derivative: () => 1, kinks: smooth, tiny: [1, 1], huge: [1, 1] },
  mish: {
    value: (x) => x * tanh(softplus(x)),
    derivative: (x) => {
      const t = tanh(softplus(x));
      return t + x * (1 - t * t) * sigmoid(x);
    },
    kinks: smooth,
    tiny: [0.6, 0.6], // tanh(ln 2)
    huge: asRelu,
  },
  relu: {
    value: (x) => Math.max(x, 0),
    derivative: (x) => (x > 0 ? 1 : 0),
    kinks: kinkAtZero,
    tiny: asRelu,
    huge: asRelu,
  },
  selu: {
    value: (x) => SELU_SCALE * (x > 0 ? x : SELU_ALPHA * (exp(x) - 1)),
    derivative: (x) => SELU_SCALE * (x > 0 ? 1 : SELU_ALPHA * exp(x)),
    kinks: kinkAtZero,
    tiny: [SELU_SCALE * SELU_ALPHA, SELU_SCALE],
    huge: [0, SELU_SCALE],
  },
  sigmoid: {
    value: sigmoid,
    derivative: (x) => {
      const e = exp(-Math.abs(x));
      return e / ((1 + e) * (1 + e));
    },
    kinks: smooth,
    tiny: null,
    huge: null,
  },
  silu: {
    value: (x) => x * sigmoid(x),
    derivative: (x) => {
      const s = sigmoid(x);
      return s * (1 + x * (1 - s));
    },
    kinks: smooth,
    tiny: [0.5, 0.5],
    huge: asRelu,
  },
  sin: {
    value: (x) => sincos(x)[0],
    derivative: (x) => sincos(x)[1],
    kinks: smooth,
    tiny: [1, 1],
    huge: null,
  },
  softplus: { value: softplus, derivative: sigmoid, kinks: smooth, tiny: null, huge: asRelu },
  softsign: {
    value: (x) => x / (1 + Math.abs(x)),
    derivative: (x) => {
      const y = 1 + Math.abs(x);
      return 1 / (y * y);
    },
    kinks: kinkAtZero,
    tiny: [1, 1],
    huge: null,
  },
  tanh: {
    value: tanh,
    derivative: (x) => {
      const y = tanh(x);
      return 1 - y * y;
    },
    kinks: smooth,
    tiny: [1, 1],
    huge: null,
  },
};

/**
 * The names of all activations that theory supports, for {@link recommend}.
 *
 * @example
 * meanFieldActivations.includes("hard_silu"); // => true
 */
export const meanFieldActivations: readonly MeanFieldActivation[] = Object.keys(
  activationFunctions,
) as MeanFieldActivation[];
