// T2: the gain that keeps a mean square of 1, and its gradient factor, by activation.
// Source: quadrature over the standard normal; torch.nn.init.calculate_gain for the concept.

import type { MeanFieldActivation } from "../signal/activation-functions.ts";
import { activationGain } from "../signal/activation-means.ts";
import { type PaperTable, paperRow } from "./paper-table.ts";

/** The published values. */
export const publishedGains: readonly (readonly [activation: MeanFieldActivation, gain: number, chi1: number])[] = [
  // biome-ignore lint/suspicious/noApproximativeNumericConstant: as published, to its four decimals
  ["relu", 1.4142, 1],
  ["leaky_relu", 1.3868, 1],
  ["elu", 1.2452, 1.036],
  ["selu", 1, 1.072],
  ["gelu", 1.5335, 1.072],
  ["silu", 1.6765, 1.067],
  ["mish", 1.4868, 1.059],
  ["tanh", 1.5925, 1.178],
  ["softsign", 2.3375, 1.244],
  ["sin", 1.5209, 1.313],
  ["sigmoid", 1.8462, 0.153],
  ["hard_sigmoid", 1.8978, 0.1],
  ["softplus", 1.0419, 0.319],
];

/** T2. */
export const gains: PaperTable = {
  title: "Gain and gradient factor by activation",
  paper: "Schoenholz et al. 2017; torch.nn.init.calculate_gain",
  run: () =>
    publishedGains.flatMap(([activation, gain, chi1]) => {
      const ours = activationGain(activation);
      const reason = "one unit of the last printed digit: half for its rounding, half for the quadrature of the source";
      return [
        paperRow(`${activation}: gain`, gain, ours.gain, 1e-4, reason),
        paperRow(`${activation}: gradient factor`, chi1, ours.chi1, 1e-3, reason),
      ];
    }),
};
