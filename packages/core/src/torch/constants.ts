// torch.nn.init's functions that draw nothing: constant_, ones_, zeros_, eye_, dirac_.
// Source: torch/nn/init.py, PyTorch 2.13.

import {
  elementTypes,
  expectShape,
  type FloatDType,
  formatShape,
  type Shape,
  sizeOf,
  type Tensor,
} from "@fanin/tensor";
import { expectNumberOrNaN } from "@fanin/tensor/arguments";
import { expectConvertible, expectFloatDType, makeTensor } from "./fill.ts";
import { type DTypeOptions, expectCount, expectOptions } from "./options.ts";

/** Options of {@link constant}. */
export interface ConstantOptions<D extends FloatDType = "float32"> extends DTypeOptions<D> {
  /** The value of every element. */
  readonly val: number;
}

/** A tensor whose every element is `value`. */
function filledWith<D extends FloatDType>(shape: Shape, dtype: D, value: number): Tensor<D> {
  return makeTensor(shape, dtype, (data) => data.fill(elementTypes[dtype].encode(value)));
}

/** The element type of functions that have no other option. */
function dtypeOf<D extends FloatDType>(name: string, options: DTypeOptions<D>): D {
  expectOptions(name, options, ["dtype"]);
  return expectFloatDType(options.dtype) as D;
}

/**
 * `torch.nn.init.constant_`: every element `val`.
 *
 * @example
 * constant([2, 2], { val: 0.3 });
 */
export function constant<D extends FloatDType = "float32">(shape: Shape, options: ConstantOptions<D>): Tensor<D> {
  expectOptions("constant", options, ["val", "dtype"]);
  const val = expectNumberOrNaN("val", options.val);
  const dtype = expectFloatDType(options.dtype) as D;
  // A single 16-bit element takes torch's way of fill_ that checks nothing.
  const isUnchecked = sizeOf(expectShape(shape)) === 1 && elementTypes[dtype].bytes === 2;
  if (!isUnchecked) expectConvertible("val", val, dtype);
  return filledWith(shape, dtype, val);
}

/**
 * `torch.nn.init.ones_`: every element 1.
 *
 * @example
 * ones([2]).data; // => Float32Array(2) [ 1, 1 ]
 */
export function ones<D extends FloatDType = "float32">(shape: Shape, options: DTypeOptions<D> = {}): Tensor<D> {
  return filledWith(shape, dtypeOf("ones", options), 1);
}

/**
 * `torch.nn.init.zeros_`: every element 0.
 *
 * @example
 * zeros([2]).data; // => Float32Array(2) [ 0, 0 ]
 */
export function zeros<D extends FloatDType = "float32">(shape: Shape, options: DTypeOptions<D> = {}): Tensor<D> {
  return makeTensor(shape, dtypeOf("zeros", options));
}

/**
 * `torch.nn.init.eye_`: ones on the main diagonal of a matrix.
 *
 * @throws RangeError unless `shape` has two dimensions.
 * @example
 * eye([2, 3]).data; // => Float32Array(6) [ 1, 0, 0, 0, 1, 0 ]
 */
export function eye<D extends FloatDType = "float32">(shape: Shape, options: DTypeOptions<D> = {}): Tensor<D> {
  const dtype = dtypeOf("eye", options);
  const [rows, cols] = expectMatrix(shape);
  const one = elementTypes[dtype].encode(1);
  return makeTensor(shape, dtype, (data) => {
    for (let i = 0; i < Math.min(rows, cols); i++) data[i * cols + i] = one;
  });
}

/** The two dimensions of `shape`. */
export function expectMatrix(shape: Shape): readonly [number, number] {
  const [rows = 0, cols = 0] = expectShape(shape);
  if (shape.length !== 2) {
    throw new RangeError(`shape: Only tensors with 2 dimensions are supported, got ${formatShape(shape)}`);
  }
  return [rows, cols];
}

/** Options of {@link dirac}. */
export interface DiracOptions<D extends FloatDType = "float32"> extends DTypeOptions<D> {
  /** In how many groups of output channels the identity is repeated; 1 unless said. */
  readonly groups?: number | undefined;
}

/**
 * `torch.nn.init.dirac_`: a convolution (out, in, ...kernel) that passes its input channels on, each through the centre of
 * the kernel.
 *
 * @throws RangeError unless `shape` has three to five dimensions and its first is a multiple of `groups`.
 * @example
 * dirac([4, 2, 3], { groups: 2 });
 */
export function dirac<D extends FloatDType = "float32">(shape: Shape, options: DiracOptions<D> = {}): Tensor<D> {
  expectOptions("dirac", options, ["groups", "dtype"]);
  const dtype = expectFloatDType(options.dtype) as D;
  const one = elementTypes[dtype].encode(1);
  const groups = expectCount("groups", options.groups ?? 1, 1);
  const [out = 0, into = 0, ...kernel] = expectShape(shape);
  if (shape.length < 3 || shape.length > 5) {
    const supported = "Only tensors with 3, 4, or 5 dimensions are supported";
    throw new RangeError(`shape: ${supported}, got ${formatShape(shape)}`);
  }
  if (out % groups !== 0) {
    throw new RangeError(`groups: dim 0 must be divisible by groups, got ${groups} for ${formatShape(shape)}`);
  }
  const perGroup = out / groups;
  const area = kernel.reduce((product, k) => product * k, 1);
  const centre = kernel.reduce((index, k) => index * k + Math.floor(k / 2), 0);
  return makeTensor(shape, dtype, (data) => {
    if (data.length === 0) return;
    for (let g = 0; g < groups; g++) {
      for (let d = 0; d < Math.min(perGroup, into); d++) {
        data[((g * perGroup + d) * into + d) * area + centre] = one;
      }
    }
  });
}
