// Dirac: a convolution that passes its input on.
// Source: torch/nn/init.py (dirac_), PyTorch 2.13.

import { formatShape, type Shape } from "@fanin/tensor";
import { expectInteger } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter } from "../parameters/parameters.ts";
import { bernoulli } from "../random/distribution.ts";
import { defineConstant, type InitializerFactory } from "./initializer.ts";
import { expectKernel, fillOnes, type KernelShape } from "./kernel.ts";

const parameters = {
  /** The groups of a grouped convolution. Defaults to 1. */
  groups: {
    default: 1,
    expect: (name, value) => expectInteger(name, value, 1, Number.MAX_SAFE_INTEGER),
  } as Parameter<number>,
};

/** Options of {@link dirac}. */
export interface DiracOptions extends OptionsOf<typeof parameters> {}

/** The kernel, how many outputs a group has, and how many of them can pass an input on. */
function expectGrouped(shape: Shape, groups: number): KernelShape & { readonly size: number; readonly passed: number } {
  const kernel = expectKernel("Dirac", shape, 3, 5);
  if (kernel.outputs % groups !== 0) {
    throw new RangeError(
      `groups: expected a divisor of the ${kernel.outputs} outputs of ${formatShape(shape)}, got ${groups}`,
    );
  }
  const size = kernel.outputs / groups;
  return { ...kernel, size, passed: kernel.taps === 0 ? 0 : Math.min(size, kernel.inputs) };
}

function* centreOnes(shape: Shape, groups: number): Generator<number> {
  const { centre, inputs, outputs, size, passed } = expectGrouped(shape, groups);
  for (let g = 0; g < groups; g++) {
    for (let d = 0; d < passed; d++) yield (centre * inputs + d) * outputs + g * size + d;
  }
}

/**
 * One at the centre of the kernel from input d to output d of each group, else zero, for kernels
 * (1 to 3 spatial dimensions, in / groups, out): as many inputs as there are outputs pass unchanged.
 *
 * @throws RangeError for another rank, or where the groups do not divide the outputs.
 * @example
 * dirac()([3, 1, 1]).data; // => Float32Array(3) [ 0, 1, 0 ]
 */
export const dirac: InitializerFactory<DiracOptions> = defineConstant("Dirac", {
  parameters,
  distribution: (shape, { groups }) => {
    const { taps, inputs, outputs, passed } = expectGrouped(shape, groups);
    return bernoulli((groups * passed) / Math.max(1, taps * inputs * outputs));
  },
  fill: (out, { offset }, shape, { groups }, dtype) => fillOnes(out, offset, centreOnes(shape, groups), dtype),
});
