// DeltaOrthogonal: a convolution that keeps the norm of its input exactly, at any depth.
// Source: Xiao, Bahri, Sohl-Dickstein, Schoenholz and Pennington 2018, arXiv:1806.05393; jax/_src/nn/initializers.py.

import { formatShape, type Shape } from "@fanin/tensor";
import { expectNumber } from "@fanin/tensor/arguments";
import { orthogonalDistribution } from "../linalg/orthogonal-factor.ts";
import type { Parameter } from "../parameters/parameters.ts";
import { defineRandom, type InitializerFactory } from "./initializer.ts";
import { expectKernel, type KernelShape } from "./kernel.ts";
import { type OrthogonalOptions, orthogonalMatrix } from "./orthogonal.ts";

function expectWidening(shape: Shape): KernelShape {
  const kernel = expectKernel("DeltaOrthogonal", shape, 3, 5, "down");
  if (kernel.outputs < kernel.inputs) {
    throw new RangeError(
      `shape: DeltaOrthogonal expected at least as many outputs as inputs, got ${formatShape(shape)}`,
    );
  }
  return kernel;
}

/**
 * Zero except at the centre of the kernel, which holds an orthogonal in x out matrix times `gain`: with circular padding
 * the layer multiplies the norm of every input by `gain`. For kernels (1 to 3 spatial dimensions, in, out), in <= out.
 *
 * @throws RangeError for another rank or for more inputs than outputs.
 * @example
 * deltaOrthogonal({ seed: 0 })([3, 3, 32, 32]);
 */
export const deltaOrthogonal: InitializerFactory<OrthogonalOptions> = defineRandom("DeltaOrthogonal", {
  parameters: { gain: { default: 1, expect: expectNumber } as Parameter<number> },
  distribution: (shape, { gain }) => {
    const { taps, inputs, outputs } = expectWidening(shape);
    return orthogonalDistribution(inputs, outputs, gain, 1 / Math.max(1, taps));
  },
  needsWholeTensor: true,
  expectShape: (shape) => void expectWidening(shape),
  fill: (out, { offset }, shape, { gain }, draw) => {
    const { taps, centre, inputs, outputs } = expectWidening(shape);
    out.fill(0);
    const start = centre * inputs * outputs;
    const from = Math.max(offset, start);
    const to = Math.min(offset + out.length, start + inputs * outputs);
    if (taps === 0 || from >= to) return;
    const matrix = orthogonalMatrix(inputs, outputs, gain, draw);
    out.set(matrix.subarray(from - start, to - start), from - offset);
  },
});
