// The functions of torch.nn.init that draw nothing: constant_, ones_, zeros_, eye_, dirac_.
// Source: torch/nn/init.py, PyTorch 2.13.

import { elementTypes, expectShape, formatShape, type Shape, sizeOf } from "@fanin/tensor";
import { expectNumberOrNaN } from "@fanin/tensor/arguments";
import type { OptionsOf, Parameter, RequiredParameter } from "../parameters/parameters.ts";
import { bernoulli, constant as constantDistribution } from "../random/distribution.ts";
import { expectCount } from "./expect-count.ts";
import { expectConvertible } from "./fill.ts";
import { defineDistribution, defineFill, type TorchInitializer } from "./initializer.ts";

const constantParameters = {
  /** The value of every element. */
  val: { expect: expectNumberOrNaN } as RequiredParameter<number>,
};

const diracParameters = {
  /** The number of groups of output channels, in each of which the identity is repeated. Defaults to 1. */
  groups: { default: 1, expect: (name, value) => expectCount(name, value, 1) } as Parameter<number>,
};

/** Options of {@link constant}. */
export interface ConstantOptions extends OptionsOf<typeof constantParameters> {}

/** Options of {@link dirac}. */
export interface DiracOptions extends OptionsOf<typeof diracParameters> {}

/**
 * `torch.nn.init.constant_`: every element `val`.
 *
 * @example
 * constant([2, 2], { val: 0.3 });
 */
export const constant: TorchInitializer<ConstantOptions> = defineFill("constant", {
  parameters: constantParameters,
  isRandom: false,
  distribution: (_shape, { val }) => constantDistribution(Math.fround(val)),
  expectValues: ({ val }, dtype, shape) => {
    // A single 16-bit element takes torch's way of fill_ that checks nothing.
    if (sizeOf(shape) !== 1 || elementTypes[dtype].bytes !== 2) expectConvertible("val", val, dtype);
  },
  fill: (data, _shape, { val }, source) => source.constant(data, val),
});

/**
 * `torch.nn.init.ones_`: every element 1.
 *
 * @example
 * ones([2]).data; // => Float32Array(2) [ 1, 1 ]
 */
export const ones: TorchInitializer<Record<never, never>> = defineDistribution("ones", {
  parameters: {},
  isRandom: false,
  distribution: () => constantDistribution(1),
});

/**
 * `torch.nn.init.zeros_`: every element 0.
 *
 * @example
 * zeros([2]).data; // => Float32Array(2) [ 0, 0 ]
 */
export const zeros: TorchInitializer<Record<never, never>> = defineDistribution("zeros", {
  parameters: {},
  isRandom: false,
  distribution: () => constantDistribution(0),
});

/**
 * `torch.nn.init.eye_`: ones on the main diagonal of a matrix.
 *
 * @throws RangeError unless `shape` has two dimensions.
 * @example
 * eye([2, 3]).data; // => Float32Array(6) [ 1, 0, 0, 0, 1, 0 ]
 */
export const eye: TorchInitializer<Record<never, never>> = defineFill("eye", {
  parameters: {},
  isRandom: false,
  distribution: (shape) => {
    const [rows, cols] = expectMatrix(shape);
    return bernoulli(1 / Math.max(1, rows, cols));
  },
  fill: (data, [rows, cols], _values, { dtype }) => {
    const [height, width] = [rows as number, cols as number];
    const one = elementTypes[dtype].encode(1);
    for (let i = 0; i < Math.min(height, width); i++) data[i * width + i] = one;
  },
});

/** The two dimensions of `shape`. */
export function expectMatrix(shape: Shape): readonly [number, number] {
  if (expectShape(shape).length !== 2) {
    throw new RangeError(`shape: Only tensors with 2 dimensions are supported, got ${formatShape(shape)}`);
  }
  return shape as readonly [number, number];
}

/** A convolution (out, in, ...kernel) taken apart. */
function expectConvolution(shape: Shape, groups: number) {
  const [out, into, ...kernel] = shape as [number, number, ...number[]];
  if (shape.length < 3 || shape.length > 5) {
    const supported = "Only tensors with 3, 4, or 5 dimensions are supported";
    throw new RangeError(`shape: ${supported}, got ${formatShape(shape)}`);
  }
  if (out % groups !== 0) {
    throw new RangeError(`groups: dim 0 must be divisible by groups, got ${groups} for ${formatShape(shape)}`);
  }
  return {
    into,
    perGroup: out / groups,
    area: sizeOf(kernel),
    centre: kernel.reduce((index, k) => index * k + Math.floor(k / 2), 0),
  };
}

/**
 * `torch.nn.init.dirac_`: a convolution (out, in, ...kernel) whose output channels are its input channels, each through
 * the centre of the kernel.
 *
 * @throws RangeError unless `shape` has three to five dimensions and its first is a multiple of `groups`.
 * @example
 * dirac([4, 2, 3], { groups: 2 });
 */
export const dirac: TorchInitializer<DiracOptions> = defineFill("dirac", {
  parameters: diracParameters,
  isRandom: false,
  distribution: (shape, { groups }) => {
    const { into, perGroup } = expectConvolution(shape, groups);
    const size = sizeOf(shape);
    return bernoulli(size === 0 ? 0 : (groups * Math.min(perGroup, into)) / size);
  },
  fill: (data, shape, { groups }, { dtype }) => {
    const { into, perGroup, area, centre } = expectConvolution(shape, groups);
    const one = elementTypes[dtype].encode(1);
    for (let g = 0; g < groups; g++) {
      for (let d = 0; d < Math.min(perGroup, into); d++) {
        data[((g * perGroup + d) * into + d) * area + centre] = one;
      }
    }
  },
});
