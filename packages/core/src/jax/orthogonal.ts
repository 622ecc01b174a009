// jax.nn.initializers.orthogonal and delta_orthogonal: Q of a random normal matrix, alone or at the centre of a kernel.
// Source: jax/_src/nn/initializers.py, random/core.py 0.10.2; Saxe et al. 2014; Xiao et al. 2018 (arXiv:1806.05393).

import { expectShape, type Shape, sizeOf } from "@fanin/tensor";
import { expectInteger, expectNumber } from "@fanin/tensor/arguments";
import { qr } from "../linalg/qr.ts";
import type { Law } from "../random/law.ts";
import { type Draw, fillNormal } from "../random/threefry.ts";
import { allocate, expectDType, type JaxArray } from "./array.ts";
import { defineInitializer, expectOptions, type JaxInitializer } from "./initializer.ts";
import type { LayoutOptions } from "./key.ts";
import { expectDraw } from "./random.ts";

/** Options of {@link orthogonal} and {@link deltaOrthogonal}. */
export interface OrthogonalOptions extends LayoutOptions {
  /** A factor of all values; 1 unless said. */
  readonly scale?: number | undefined;
  /** The axis that holds the columns of the matrix; -1 unless said. */
  readonly columnAxis?: number | undefined;
}

interface Parameters {
  readonly scale: number;
  readonly columnAxis: number;
}

function readOptions(name: string, options: OrthogonalOptions): Parameters {
  expectOptions(name, options, ["scale", "columnAxis", "partitionable"]);
  return {
    scale: Math.fround(expectNumber("scale", options.scale ?? 1)),
    columnAxis: expectInteger("columnAxis", options.columnAxis ?? -1, -(2 ** 31), 2 ** 31),
  };
}

/** The axis counted from the front. */
function resolveAxis(shape: Shape, axis: number): number {
  const resolved = axis < 0 ? axis + shape.length : axis;
  if (resolved < 0 || resolved >= shape.length) {
    throw new RangeError(`columnAxis: expected an axis of a shape of rank ${shape.length}, got ${axis}`);
  }
  return resolved;
}

/** Q of the QR of a normal matrix of (max, min) of the two sizes, the signs such that R's diagonal is positive. */
function orthonormal(tall: number, narrow: number, draw: Draw): Float32Array {
  const normals = new Float32Array(tall * narrow);
  fillNormal(normals, 0, draw, -0, 1);
  const { q, r } = qr(normals, tall, narrow);
  for (let i = 0; i < q.length; i++) {
    const column = i % narrow;
    q[i] = (q[i] ?? 0) * Math.sign(r[column * narrow + column] ?? 0);
  }
  return q;
}

/** Fills the array with a matrix whose columns run along `axis`, orthonormal along its shorter side, times scale. */
function fillOrthogonal({ data, shape }: JaxArray, axis: number, scale: number, draw: Draw): void {
  const cols = shape[axis] ?? 0;
  const rows = data.length / cols;
  const tall = Math.max(rows, cols);
  const narrow = Math.min(rows, cols);
  const q = orthonormal(tall, narrow, draw);
  const inner = sizeOf(shape.slice(axis + 1));
  // Row (outer, inner) and column c of the matrix stand at [outer, c, inner] of the array.
  for (let row = 0; row < rows; row++) {
    const start = Math.floor(row / inner) * cols * inner + (row % inner);
    for (let column = 0; column < cols; column++) {
      const value = q[rows >= cols ? row * narrow + column : column * narrow + row] ?? 0;
      data[start + column * inner] = scale * value;
    }
  }
}

/** Mean and variance of the elements where `filled` of `size` hold an orthogonal matrix of longer side `tall`. */
function orthogonalLaw(scale: number, tall: number, filled: number, size: number): Law {
  const limit = Math.abs(scale);
  return { mean: 0, variance: (scale ** 2 / tall) * (filled / size), support: [-limit, limit] };
}

/**
 * A matrix with orthonormal rows or columns, times `scale`, spread over `shape`: the columns along `columnAxis`, the rows
 * along all other axes.
 *
 * @throws RangeError when called with a shape of rank below 2, or without the axis.
 * @example
 * orthogonal({ scale: 2 })(key(42), [4, 3]);
 */
export function orthogonal(options: OrthogonalOptions = {}): JaxInitializer<"float32"> {
  const { scale, columnAxis } = readOptions("orthogonal", options);
  const checkedAxis = (shape: Shape): number => {
    if (expectShape(shape).length < 2) throw new RangeError("orthogonal initializer requires at least a 2D shape");
    return resolveAxis(shape, columnAxis);
  };
  return defineInitializer<"float32">(
    (key, shape, dtype) => {
      const draw = expectDraw(key, shape, options);
      const axis = checkedAxis(shape);
      const array = allocate(shape, expectDType(dtype ?? "float32", ["float32"]));
      if (array.data.length > 0) fillOrthogonal(array, axis, scale, draw);
      return array;
    },
    (shape) => {
      const cols = shape[checkedAxis(shape)] ?? 0;
      const size = sizeOf(shape);
      return orthogonalLaw(scale, Math.max(cols, size / cols), size, size);
    },
  );
}

/** Checks a convolution kernel (..., in, out). */
function expectKernel(shape: Shape): void {
  const rank = expectShape(shape).length;
  if (rank < 3 || rank > 5) throw new RangeError("Delta orthogonal initializer requires a 3D, 4D or 5D shape.");
  if ((shape[rank - 1] ?? 0) < (shape[rank - 2] ?? 0)) {
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
export function deltaOrthogonal(options: OrthogonalOptions = {}): JaxInitializer<"float32"> {
  const { scale, columnAxis } = readOptions("deltaOrthogonal", options);
  return defineInitializer<"float32">(
    (key, shape, dtype) => {
      const { key: checkedKey, partitionable } = expectDraw(key, shape, options);
      expectKernel(shape);
      const array = allocate(shape, expectDType(dtype ?? "float32", ["float32"]));
      if (array.data.length === 0) return array;
      const matrixShape = shape.slice(-2);
      const matrix = orthogonal({ scale, columnAxis, partitionable })(checkedKey, matrixShape);
      const centre = shape.slice(0, -2).reduce((at, size) => at * size + Math.floor((size - 1) / 2), 0);
      array.data.set(matrix.data, centre * matrix.data.length);
      return array;
    },
    (shape) => {
      expectKernel(shape);
      const [inputs = 0, outputs = 0] = shape.slice(-2);
      const size = sizeOf(shape);
      return orthogonalLaw(scale, outputs, inputs * outputs, size);
    },
  );
}
