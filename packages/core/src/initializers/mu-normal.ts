// MuNormal: the maximal update parametrization, in which widths share their hyperparameters.
// Source: Yang et al. 2022, arXiv:2203.03466, tables 3 and 8; microsoft/mup mup/init.py.

import { expectShape, formatShape, type Shape } from "@fanin/tensor";
import { describeValue, expectNumber, expectOneOf } from "@fanin/tensor/arguments";
import { normalLaw } from "../random/law.ts";
import { computeFans } from "./fans.ts";
import { defineRandom, type InitializerFactory, type RandomOptions } from "./initializer.ts";

const readouts = ["divided", "folded"] as const;

interface Mu {
  readonly stddev: number;
  readonly baseShape: Shape | null;
  readonly readout: (typeof readouts)[number];
}

/** Options of {@link muNormal}. */
export interface MuNormalOptions extends RandomOptions {
  /** The standard deviation at the base width; 0.02 unless said. */
  readonly stddev?: number | undefined;
  /** The shape that this tensor has in the model whose hyperparameters were tuned; null for this model itself. */
  readonly baseShape?: Shape | null | undefined;
  /** Who divides the output layer by its width multiplier: the layer (`divided`, unless said) or its weights (`folded`). */
  readonly readout?: Mu["readout"] | undefined;
}

/** The standard deviation of `shape`: which of its fans grew with the width decides. */
function stddevOf(shape: Shape, { stddev, baseShape, readout }: Mu): number {
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
 * layers (both fans grew), stddev for input layers and biases, and for the output layer (only fan-in grew) stddev where
 * the layer itself divides its output by m, stddev / m where `readout` is `folded`. With Adam's learning rate divided
 * by m for hidden layers (and for a folded output layer), the size of activations, and of their change in a step, does
 * not depend on the width, so a learning rate tuned on a narrow model holds for a wide one.
 *
 * @throws RangeError for a shape of another rank than `baseShape`.
 * @example
 * muNormal({ stddev: 0.1, baseShape: [128, 128], seed: 0 })([1024, 1024]); // standard deviation 0.1 / sqrt(8)
 */
export const muNormal: InitializerFactory<MuNormalOptions> = defineRandom<Mu, MuNormalOptions>("MuNormal", {
  parameters: {
    stddev: { default: 0.02, expect: expectNumber },
    baseShape: { default: null, expect: expectBaseShape },
    readout: { default: "divided", expect: (name, value) => expectOneOf(name, value, readouts) },
  },
  law: (shape, options) => normalLaw(0, stddevOf(shape, options)),
  fill: (out, slice, shape, options, { stream, seed }) => stream.normal(out, slice, seed, 0, stddevOf(shape, options)),
});
