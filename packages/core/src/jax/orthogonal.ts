// jax.nn.initializers.orthogonal and delta_orthogonal: Q of a random normal matrix, alone or at the centre of a kernel.
// Source: jax/_src/nn/initializers.py, random/core.py 0.10.2; Saxe et al. 2014; Xiao et al. 2018 (arXiv:1806.05393).

import { type Shape, sizeOf } from "@fanin/tensor";
import { expectInteger, expectNumber } from "@fanin/tensor/arguments";
import { orthogonalDistribution, orthonormalMatrix } from "../linalg/orthogonal-factor.ts";
import type { OptionsOf, Parameter, ValuesOf } from "../parameters/parameters.ts";
import { fillNormal, type ThreefryBits } from "../random/threefry.ts";
import { defineFill, type JaxFactory } from "./initializer.ts";
import { type LayoutOptions, layoutParameters } from "./key.ts";

const orthogonalParameters = {
  /** A factor of all values. Defaults to 1. */
  scale: { default: 1, expect: (name, value) => Math.fround(expectNumber(name, value)) } as Parameter<number>,
  /** The axis that holds the columns of the matrix. Defaults to -1. */
  columnAxis: {
    default: -1,
    expect: (name, value) => expectInteger(name, value, -(2 ** 31), 2 ** 31),
  } as Parameter<number>,
};

const parameters = { ...orthogonalParameters, ...layoutParameters };

/** Options of {@link orthogonal} and {@link deltaOrthogonal}. */
export interface OrthogonalOptions extends OptionsOf<typeof orthogonalParameters>, LayoutOptions {}

type Values = ValuesOf<typeof parameters>;

/** The axis counted from the front. */
function resolveAxis(shape: Shape, axis: number): number {
  const resolved = axis < 0 ? axis + shape.length : axis;
  if (resolved < 0 || resolved >= shape.length) {
    throw new RangeError(`columnAxis: expected an axis of a shape of rank ${shape.length}, got ${axis}`);
  }
  return resolved;
}

/** Fills an array of `shape` with a matrix whose columns run along `axis`, orthonormal along its shorter side, times scale. */
function fillOrthogonal(data: Float32Array, shape: Shape, { scale, columnAxis }: Values, bits: ThreefryBits): void {
  const axis = resolveAxis(shape, columnAxis);
  const cols = shape[axis] as number;
  const rows = data.length / cols;
  const normals = new Float32Array(data.length);
  fillNormal(normals, 0, { ...bits, size: data.length }, -0, 1);
  const matrix = orthonormalMatrix(normals, rows, cols);
  const inner = sizeOf(shape.slice(axis + 1));
  // Row (outer, inner) and column c of the matrix are at [outer, c, inner] of the array.
  for (let row = 0; row < rows; row++) {
    const start = Math.floor(row / inner) * cols * inner + (row % inner);
    for (let column = 0; column < cols; column++) {
      data[start + column * inner] = scale * (matrix[row * cols + column] as number);
    }
  }
}

/**
 * A matrix with orthonormal rows or columns, times `scale`, spread over `shape`: the columns along `columnAxis`, the rows
 * along all other axes.
 *
 * @throws RangeError when called with a shape of rank below 2, or without the axis.
 * @example
 * orthogonal({ scale: 2 })(key(42), [4, 3]);
 */
export const orthogonal: JaxFactory<OrthogonalOptions, "float32"> = defineFill(
  "orthogonal",
  parameters,
  (shape, { scale, columnAxis }) => {
    if (shape.length < 2) throw new RangeError("orthogonal initializer requires at least a 2D shape");
    const cols = shape[resolveAxis(shape, columnAxis)] as number;
    return orthogonalDistribution(sizeOf(shape) / cols, cols, scale);
  },
  ({ data, shape }, values, bits) => fillOrthogonal(data, shape, values, bits),
);

/** Checks a convolution kernel (..., in, out). */
function expectKernel(shape: Shape): void {
  const rank = shape.length;
  if (rank < 3 || rank > 5) throw new RangeError("Delta orthogonal initializer requires a 3D, 4D or 5D shape.");
  if ((shape[rank - 1] as number) < (shape[rank - 2] as number)) {
    throw new RangeError("`fan_in` must be less or equal than `fan_out`. ");
  }
}

/**
 * A convolution kernel (..., in, out), in <= out, that is an orthogonal matrix at its spatial centre and zero elsewhere: it
 * preserves norms exactly.
 *
 * @throws RangeError when called with a shape of another rank than 3, 4 or 5, or with more inputs than outputs.
 * @example
 * deltaOrthogonal()(key(42), [3, 3, 2, 4]);
 */
export const deltaOrthogonal: JaxFactory<OrthogonalOptions, "float32"> = defineFill(
  "deltaOrthogonal",
  parameters,
  (shape, { scale }) => {
    expectKernel(shape);
    const [inputs, outputs] = shape.slice(-2) as [number, number];
    return orthogonalDistribution(inputs, outputs, scale, (inputs * outputs) / sizeOf(shape));
  },
  ({ data, shape }, values, bits) => {
    const matrixShape = shape.slice(-2);
    const size = sizeOf(matrixShape);
    const centre = shape.slice(0, -2).reduce((at, k) => at * k + Math.floor((k - 1) / 2), 0);
    fillOrthogonal(data.subarray(centre * size, (centre + 1) * size), matrixShape, values, bits);
  },
);
