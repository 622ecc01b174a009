// ScaledResidual: for the projections that end the residual branches of a transformer.
// Source: Radford et al. 2019, "Language models are unsupervised multitask learners" (GPT-2), section 2.3.

import { expectInteger, expectNumber } from "@fanin/tensor/arguments";
import { normalLaw } from "../random/law.ts";
import { defineRandom, type InitializerFactory, type RandomOptions } from "./initializer.ts";

/** Options of {@link scaledResidual}. */
export interface ScaledResidualOptions extends RandomOptions {
  /** The standard deviation of the model's other weights; 0.02 unless said. */
  readonly stddev?: number | undefined;
  /** The number of blocks, each with two residual branches; 12 unless said. */
  readonly numLayers?: number | undefined;
}

interface ScaledResidual {
  readonly stddev: number;
  readonly numLayers: number;
}

const spread = ({ stddev, numLayers }: ScaledResidual) => stddev / Math.sqrt(2 * numLayers);

/**
 * Normal with standard deviation stddev / sqrt(2 numLayers): the 2 numLayers branches of a transformer together add to
 * the residual stream what one unscaled branch would, whatever the depth.
 *
 * @throws RangeError for a numLayers that is not a whole number above zero.
 * @example
 * scaledResidual({ numLayers: 24, seed: 0 })([3072, 768]);
 */
export const scaledResidual: InitializerFactory<ScaledResidualOptions> = defineRandom<ScaledResidual>(
  "ScaledResidual",
  {
    parameters: {
      stddev: { default: 0.02, expect: expectNumber },
      numLayers: { default: 12, expect: (name, value) => expectInteger(name, value, 1, Number.MAX_SAFE_INTEGER) },
    },
    law: (_shape, options) => normalLaw(0, spread(options)),
    fill: (out, slice, _shape, options, { stream, seed }) => stream.normal(out, slice, seed, 0, spread(options)),
  },
);
