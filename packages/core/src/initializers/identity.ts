// Identity: ones, or a gain, on the main diagonal of a matrix.
// Source: keras/src/initializers/constant_initializers.py 3.16.

import { expectNumber } from "../errors.ts";
import { mixedLaw } from "../random/law.ts";
import { elementTypes } from "../tensor/dtype.ts";
import { formatShape, type Shape } from "../tensor/shape.ts";
import { defineConstant, type InitializerFactory } from "./initializer.ts";

/** Options of {@link identity}. */
export interface IdentityOptions {
  /** The value on the diagonal; 1 unless said. */
  readonly gain?: number | undefined;
}

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
 * `gain` times the identity matrix; a matrix that is not square has ones on its main diagonal.
 *
 * The config has the gain, so that it survives `serialize`, `clone` and a saved model. Keras 3.16 writes `{}` and loses
 * it; it reads our config back with the right gain.
 *
 * @throws RangeError for a shape that is not a matrix.
 * @example
 * identity({ gain: 2 })([2, 3]).data; // => Float32Array(6) [ 2, 0, 0, 0, 2, 0 ]
 */
export const identity: InitializerFactory<IdentityOptions> = defineConstant<{ gain: number }, IdentityOptions>(
  "Identity",
  {
    aliases: ["IdentityInitializer"],
    parameters: { gain: { default: 1, expect: expectNumber } },
    expectShape: (shape) => void expectMatrix(shape),
    law: (shape, { gain }) => {
      const [rows, columns] = expectMatrix(shape);
      const diagonal = Math.min(rows, columns);
      return mixedLaw([0, gain], [rows * columns - diagonal, diagonal]);
    },
    fill: (out, { offset }, shape, { gain }, dtype) => {
      const [rows, columns] = expectMatrix(shape);
      const element = elementTypes[dtype].encode(gain);
      out.fill(0);
      // Row i has its one at i (columns + 1).
      const first = Math.ceil(offset / (columns + 1));
      for (let i = first; i < Math.min(rows, columns); i++) {
        const at = i * (columns + 1) - offset;
        if (at >= out.length) break;
        out[at] = element;
      }
    },
  },
);
