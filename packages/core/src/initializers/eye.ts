// Eye: ones on the main diagonal.
// Source: torch/nn/init.py (eye_), PyTorch 2.13.

import { bernoulli } from "../random/distribution.ts";
import { defineConstant, type InitializerFactory } from "./initializer.ts";
import { expectKernel, fillOnes } from "./kernel.ts";

/** The flat indices of the main diagonal. */
function* diagonal(rows: number, cols: number): Generator<number> {
  for (let i = 0; i < Math.min(rows, cols); i++) yield i * cols + i;
}

/**
 * The identity, or as much of it as a matrix that is not square holds.
 *
 * @throws RangeError for a shape that is not a matrix.
 * @example
 * eye()([2, 3]).data; // => Float32Array(6) [ 1, 0, 0, 0, 1, 0 ]
 */
export const eye: InitializerFactory<Record<never, never>> = defineConstant("Eye", {
  parameters: {},
  distribution: (shape) => {
    const { inputs, outputs } = expectKernel("Eye", shape, 2, 2);
    return bernoulli(1 / Math.max(1, inputs, outputs));
  },
  fill: (out, { offset }, shape, _parameters, dtype) => {
    const { inputs, outputs } = expectKernel("Eye", shape, 2, 2);
    fillOnes(out, offset, diagonal(inputs, outputs), dtype);
  },
});
