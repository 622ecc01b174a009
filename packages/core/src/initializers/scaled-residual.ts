// ScaledResidual: for the projections that end the residual branches of a transformer.
// Source: Radford et al. 2019, "Language models are unsupervised multitask learners" (GPT-2), section 2.3.

import { expectInteger, expectNumber } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter } from "../parameters/parameters.ts";
import { normal } from "../random/distribution.ts";
import { defineDistribution, type InitializerFactory, type RandomOptions } from "./initializer.ts";

const parameters = {
  /** The standard deviation of the model's other weights. Defaults to 0.02. */
  stddev: { default: 0.02, expect: expectNumber } as Parameter<number>,
  /** The number of blocks, each with two residual branches. Defaults to 12. */
  numLayers: {
    default: 12,
    expect: (name, value) => expectInteger(name, value, 1, Number.MAX_SAFE_INTEGER),
  } as Parameter<number>,
};

/** Options of {@link scaledResidual}. */
export interface ScaledResidualOptions extends OptionsOf<typeof parameters>, RandomOptions {}

/**
 * Normal with standard deviation stddev / sqrt(2 numLayers): the 2 numLayers branches of a transformer together add to
 * the residual stream what one unscaled branch would, whatever the depth.
 *
 * @throws RangeError for a numLayers that is not a whole number above zero.
 * @example
 * scaledResidual({ numLayers: 24, seed: 0 })([3072, 768]);
 */
export const scaledResidual: InitializerFactory<ScaledResidualOptions> = defineDistribution("ScaledResidual", {
  parameters,
  kind: () => "normal",
  distribution: (_shape, { stddev, numLayers }) => normal(0, stddev / Math.sqrt(2 * numLayers)),
});
