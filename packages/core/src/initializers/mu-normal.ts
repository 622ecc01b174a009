// MuNormal: the maximal update parametrization, in which widths share their hyperparameters.
// Source: Yang et al. 2022, arXiv:2203.03466, tables 3 and 8; microsoft/mup mup/init.py.

import { expectShape, formatShape, type Shape } from "@fanin/tensor";
import { describeValue, expectNumber, expectOneOf } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter, ValuesOf } from "../parameters/parameters.ts";
import { normal } from "../random/distribution.ts";
import { computeFans } from "./fans.ts";
import { defineDistribution, type InitializerFactory, type RandomOptions } from "./initializer.ts";

const readouts = ["divided", "folded"] as const;

const parameters = {
  /** The standard deviation at the base width. Defaults to 0.02. */
  stddev: { default: 0.02, expect: expectNumber } as Parameter<number>,
  /** The shape of this tensor in the model whose hyperparameters were tuned. Defaults to null, this model itself. */
  baseShape: { default: null, expect: expectBaseShape } as Parameter<Shape | null>,
  /** What divides the output layer by its width multiplier: the layer (`divided`) or its weights (`folded`). Defaults to `divided`. */
  readout: { default: "divided", expect: (name, value) => expectOneOf(name, value, readouts) } as Parameter<
    "divided" | "folded"
  >,
};

/** Options of {@link muNormal}. */
export interface MuNormalOptions extends OptionsOf<typeof parameters>, RandomOptions {}

/** The standard deviation of `shape`, which depends on which of its fans grew with the width. */
function stddevOf(shape: Shape, { stddev, baseShape, readout }: ValuesOf<typeof parameters>): number {
  if (baseShape === null) return stddev;
  if (baseShape.length !== shape.length) {
    throw new RangeError(
      `shape: expected as many dimensions as baseShape ${formatShape(baseShape)}, got ${formatShape(shape)}`,
    );
  }
  const base = computeFans(baseShape);
  const { fanIn, fanOut } = computeFans(shape);
  if (shape.length < 2 || fanIn === base.fanIn) return stddev; // biases and input layers
  const multiplier = Math.max(1, fanIn) / Math.max(1, base.fanIn);
  if (fanOut !== base.fanOut) return stddev / Math.sqrt(multiplier); // hidden layers
  return readout === "folded" ? stddev / multiplier : stddev; // the output layer
}

function expectBaseShape(_name: string, value: unknown): Shape | null {
  if (value === null) return null;
  if (!Array.isArray(value)) {
    throw new TypeError(`baseShape: expected an array of integers or null, got ${describeValue(value)}`);
  }
  return expectShape(value);
}

/**
 * Normal with `stddev` at the base shape, and at another width m = fan-in / base fan-in: stddev / sqrt(m) for hidden
 * layers (both fans grew), stddev for input layers and biases, and for the output layer (only fan-in grew) stddev if
 * the layer itself divides its output by m, stddev / m if `readout` is `folded`. With Adam's learning rate divided
 * by m for hidden layers (and for a folded output layer), the size of activations, and of their change in a step, does
 * not depend on the width, so a learning rate tuned on a narrow model holds for a wide one.
 *
 * @throws RangeError for a shape of another rank than `baseShape`.
 * @example
 * muNormal({ stddev: 0.1, baseShape: [128, 128], seed: 0 })([1024, 1024]); // standard deviation 0.1 / sqrt(8)
 */
export const muNormal: InitializerFactory<MuNormalOptions> = defineDistribution("MuNormal", {
  parameters,
  kind: () => "normal",
  distribution: (shape, values) => normal(0, stddevOf(shape, values)),
});
