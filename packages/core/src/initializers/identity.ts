// Identity: ones, or a gain, on the main diagonal of a matrix.
// Source: keras/src/initializers/constant_initializers.py 3.15.1.

import { elementsOf, formatShape, type Shape } from "@fanin/tensor";
import { expectReal } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter } from "../parameters/parameters.ts";
import { discrete } from "../random/distribution.ts";
import { numberCasts } from "./framework-number.ts";
import { defineConstant, type InitializerFactory, type StreamOptions } from "./initializer.ts";

const parameters = {
  /** The value on the diagonal. Defaults to 1. */
  gain: { default: 1, expect: expectReal } as Parameter<number>,
};

/** Options of {@link identity}. */
export interface IdentityOptions extends OptionsOf<typeof parameters>, StreamOptions {}

function expectMatrix(shape: Shape): readonly [number, number] {
  const [rows, columns] = shape;
  if (rows === undefined || columns === undefined || shape.length !== 2) {
    throw new RangeError(
      `Identity matrix initializer can only be used for 2D matrices. Received: shape=${formatShape(shape)} of rank ${shape.length}.`,
    );
  }
  return [rows, columns];
}

/**
 * `gain` times the identity matrix; a matrix that is not square has ones on its main diagonal. As in Keras the zeros are
 * multiplied too: they are -0 for a negative gain, and NaN for one that is infinite or NaN.
 *
 * The config has the gain, so that it survives `serialize`, `clone` and a saved model. Keras 3.15.1 writes `{}` and loses
 * it; it reads our config back with the right gain.
 *
 * @throws RangeError for a shape that is not a matrix, or a gain that the framework of `stream` refuses for the dtype.
 * @example
 * identity({ gain: 2 })([2, 3]).data; // => Float32Array(6) [ 2, 0, 0, 0, 2, 0 ]
 */
export const identity: InitializerFactory<IdentityOptions> = defineConstant("Identity", {
  aliases: ["IdentityInitializer"],
  isFramework: true,
  parameters,
  expectShape: (shape, { gain }, dtype, stream) => {
    expectMatrix(shape);
    numberCasts[stream].eye(dtype, gain);
  },
  distribution: (shape, { gain }) => {
    const [rows, columns] = expectMatrix(shape);
    const diagonal = Math.min(rows, columns);
    return discrete([0, gain], [rows * columns - diagonal, diagonal]);
  },
  fill: (out, { offset }, shape, { gain }, dtype, stream) => {
    const [rows, columns] = expectMatrix(shape);
    const { diagonal, rest } = numberCasts[stream].eye(dtype, gain);
    const target = elementsOf(out);
    target.fill(rest);
    // Row i has its one at i (columns + 1).
    const first = Math.ceil(offset / (columns + 1));
    for (let i = first; i < Math.min(rows, columns); i++) {
      const at = i * (columns + 1) - offset;
      if (at >= out.length) break;
      target[at] = diagonal;
    }
  },
});
