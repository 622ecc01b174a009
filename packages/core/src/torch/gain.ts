// torch.nn.init.calculate_gain: the factor on the standard deviation that an activation asks for.
// Source: torch/nn/init.py (calculate_gain), PyTorch 2.13.

import { describeValue, suggestion } from "@fanin/tensor/arguments";

const SLOPE = 0.01;

/** What torch has a gain for. */
export type Nonlinearity =
  | "linear"
  | "conv1d"
  | "conv2d"
  | "conv3d"
  | "conv_transpose1d"
  | "conv_transpose2d"
  | "conv_transpose3d"
  | "sigmoid"
  | "tanh"
  | "relu"
  | "leaky_relu"
  | "selu";

const gains: Readonly<Record<Nonlinearity, number | ((slope: number) => number)>> = {
  linear: 1,
  conv1d: 1,
  conv2d: 1,
  conv3d: 1,
  conv_transpose1d: 1,
  conv_transpose2d: 1,
  conv_transpose3d: 1,
  sigmoid: 1,
  tanh: 5 / 3,
  relu: Math.SQRT2,
  leaky_relu: (slope: number) => Math.sqrt(2 / (1 + slope ** 2)),
  selu: 3 / 4,
};

/**
 * `torch.nn.init.calculate_gain`: 1 for linear layers and sigmoid, 5/3 for tanh, sqrt(2) for relu,
 * sqrt(2 / (1 + param^2)) for leaky_relu (0.01 by default), 3/4 for selu.
 *
 * @throws RangeError for another name; TypeError for a slope that is no number.
 * @example
 * calculateGain("leaky_relu", 0.2); // => 1.3867504905630728
 */
export function calculateGain(nonlinearity: Nonlinearity, param?: number | null): number {
  if (typeof nonlinearity !== "string" || !Object.hasOwn(gains, nonlinearity)) {
    const hint = typeof nonlinearity === "string" ? suggestion(nonlinearity, Object.keys(gains)) : "";
    throw new RangeError(`nonlinearity: Unsupported nonlinearity ${describeValue(nonlinearity)}${hint}`);
  }
  const gain = gains[nonlinearity];
  if (typeof gain === "number") return gain;
  const slope = param ?? SLOPE;
  if (typeof slope !== "number") {
    throw new TypeError(`param: negative_slope ${describeValue(slope)} not a valid number`);
  }
  return gain(slope);
}
