// ZerO: a start without randomness, from zeros, ones and Hadamard matrices.
// Source: Zhao, Schaefer and Anandkumar 2022, arXiv:2110.12661, algorithms 1 and 2.

import { elementsOf, elementTypes, type Shape } from "@fanin/tensor";
import { bernoulli, constant } from "../random/distribution.ts";
import { defineConstant, type InitializerFactory } from "./initializer.ts";
import { expectKernel, fillOnes, type KernelShape } from "./kernel.ts";

/** c = 2^(-(m - 1) / 2) with m = ceil(log2 outputs): what the entries of a widening layer are, but for the sign. */
function hadamardScale(outputs: number): number {
  return 2 ** (-(Math.ceil(Math.log2(outputs)) - 1) / 2);
}

/** The sign of entry (i, j) of Sylvester's Hadamard matrices: -1 where i and j share an odd number of bits. */
function hadamardSign(i: number, j: number): number {
  let bits = i & j;
  let sign = 1;
  for (; bits !== 0; bits &= bits - 1) sign = -sign;
  return sign;
}

/** The kernel; a vector or a scalar has no rows and columns to tell apart, and biases start at zero. */
function expectMatrix(shape: Shape): KernelShape {
  return expectKernel("ZerO", shape, 2, 5);
}

function* diagonal({ centre, inputs, outputs, taps }: KernelShape): Generator<number> {
  const length = taps === 0 ? 0 : Math.min(inputs, outputs);
  for (let i = 0; i < length; i++) yield (centre * inputs + i) * outputs + i;
}

/**
 * The sum of the signs of the first `rows` rows and `cols` columns, by Sylvester's blocks [H H; H -H] of order h: all of
 * H but its first row, or first column, sums to zero, so a block as wide or as high as H sums to h.
 */
function sumOfSigns(rows: number, cols: number): number {
  if (rows === 0 || cols === 0) return 0;
  if (rows === 1 && cols === 1) return 1;
  let h = 1;
  while (2 * h < Math.max(rows, cols)) h *= 2;
  if (rows <= h) return h + sumOfSigns(rows, cols - h);
  if (cols <= h) return h + sumOfSigns(rows - h, cols);
  return 3 * h - sumOfSigns(rows - h, cols - h);
}

/**
 * For kernels (0 to 3 spatial dimensions, in, out), at their centre: the identity where in = out, part of it where the
 * layer narrows, and c H, H the first rows and columns of the Hadamard matrix of order 2^m >= out, where it widens;
 * m = ceil(log2 out), c = 2^(-(m - 1) / 2). The signal passes every square layer unchanged, yet units of a widening
 * layer differ, so training breaks the symmetry. There is no seed. (The authors' code divides H by 2^(m / 2) instead,
 * which is c / sqrt(2). Biases start from `zeros`. To `get`, the name `zero` is the alias that Keras has for Zeros.)
 *
 * @throws RangeError for a shape of less than two or more than five dimensions.
 * @example
 * zerO()([2, 2]).data; // => Float32Array(4) [ 1, 0, 0, 1 ]
 * zerO()([1, 4]).data; // four times 2^-0.5
 */
export const zerO: InitializerFactory<Record<never, never>> = defineConstant("ZerO", {
  parameters: {},
  distribution: (shape) => {
    const { taps, inputs, outputs } = expectMatrix(shape);
    const size = taps * inputs * outputs;
    if (size === 0) return constant(0);
    if (outputs <= inputs) return bernoulli(outputs / size);
    const c = hadamardScale(outputs);
    const mean = (c * sumOfSigns(inputs, outputs)) / size;
    return { mean, variance: (c * c) / taps - mean ** 2, support: [-c, c] };
  },
  fill: (out, { offset }, shape, _parameters, dtype) => {
    const kernel = expectMatrix(shape);
    const { taps, centre, inputs, outputs } = kernel;
    if (outputs <= inputs || taps === 0) {
      fillOnes(out, offset, diagonal(kernel), dtype);
      return;
    }
    const { encode } = elementTypes[dtype];
    const target = elementsOf(out);
    target.fill(encode(0));
    const c = hadamardScale(outputs);
    const start = centre * inputs * outputs;
    const from = Math.max(offset, start);
    const to = Math.min(offset + out.length, start + inputs * outputs);
    for (let index = from; index < to; index++) {
      const flat = index - start;
      target[index - offset] = encode(c * hadamardSign(Math.floor(flat / outputs), flat % outputs));
    }
  },
});
