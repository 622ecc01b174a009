// Gains: the factor on the standard deviation that makes up for what an activation takes from the signal.
// Source: torch/nn/init.py (calculate_gain), PyTorch 2.13.

import { expectNumber, expectOneOf } from "@fanin/tensor/arguments";

/** Negative slope of a leaky ReLU where none is given. */
const LEAKY_SLOPE = 0.01;

/** An activation that has a gain. */
export type Nonlinearity = "linear" | "sigmoid" | "tanh" | "relu" | "leaky_relu" | "selu";

const gains: Readonly<Record<Nonlinearity, (slope: number) => number>> = {
  linear: () => 1,
  sigmoid: () => 1,
  tanh: () => 5 / 3,
  relu: () => Math.SQRT2,
  leaky_relu: (slope) => Math.sqrt(2 / (1 + slope ** 2)),
  selu: () => 3 / 4,
};

/** Returns `value` if it names an activation that has a gain. */
export function expectNonlinearity(name: string, value: unknown): Nonlinearity {
  return expectOneOf(name, value, Object.keys(gains) as Nonlinearity[]);
}

/**
 * The gain of an activation: 1 for linear and sigmoid, 5/3 tanh, sqrt(2) relu, sqrt(2 / (1 + a^2)) leaky_relu with the
 * negative slope `a` (0.01 by default), 3/4 selu.
 *
 * @throws RangeError for an activation without one.
 * @example
 * calculateGain("leaky_relu", 0.2); // => 1.3867504905630728
 */
export function calculateGain(nonlinearity: Nonlinearity, a: number = LEAKY_SLOPE): number {
  return gains[expectNonlinearity("nonlinearity", nonlinearity)](expectNumber("a", a));
}
