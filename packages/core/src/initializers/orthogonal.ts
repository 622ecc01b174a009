// Orthogonal: orthogonal columns, or rows, of one length.
// Source: keras/src/initializers/random_initializers.py 3.15.1; Saxe, McClelland and Ganguli 2013, arXiv:1312.6120.

import {
  type ArrayOf,
  allocate,
  allocateFloat32,
  type DType,
  elementTypes,
  FLOAT_DTYPES,
  type FloatDType,
  formatShape,
  roundTo,
  type Shape,
  sizeOf,
} from "@fanin/tensor";
import { expectReal } from "@fanin/tensor/arguments";
import { orthogonalDistribution, orthonormalMatrix } from "../linalg/orthogonal-factor.ts";
import type { OptionsOf, Parameter } from "../parameters/parameters.ts";
import { flushSubnormal } from "../random/flush.ts";
import type { StreamName } from "../random/stream-names.ts";
import { type Draw, defineRandom, type InitializerFactory, type RandomOptions } from "./initializer.ts";

const parameters = {
  /** The length of the columns or rows. Defaults to 1. */
  gain: { default: 1, expect: expectReal } as Parameter<number>,
};

/** Options of {@link orthogonal}. */
export interface OrthogonalOptions extends OptionsOf<typeof parameters>, RandomOptions {}

/** The matrix that a kernel of `shape` is: all dimensions but the last are rows. */
function matrixOf(shape: Shape): { readonly rows: number; readonly cols: number } {
  if (shape.length < 2) {
    throw new RangeError(
      `The tensor to initialize must be at least two-dimensional. Received: shape=${formatShape(shape)} of rank ${shape.length}.`,
    );
  }
  const rows = sizeOf(shape.slice(0, -1));
  return { rows, cols: shape.at(-1) ?? 1 };
}

/** A `rows` x `cols` matrix, row-major, whose columns (rows >= cols) or rows (rows < cols) are orthogonal with length |gain|. */
export function orthogonalMatrix(rows: number, cols: number, gain: number, draw: Draw): Float32Array<ArrayBuffer> {
  const normals = allocateFloat32([Math.max(rows, cols), Math.min(rows, cols)]);
  draw.whole(normals.length).normal(normals, 0, 1);
  const factor = Math.fround(gain);
  return orthonormalMatrix(normals, rows, cols).map((value) => value * factor);
}

/** The element types that each framework factorizes, or converts to one that it does. */
const dtypesOf: Readonly<Record<StreamName, readonly DType[]>> = {
  "keras/tensorflow": ["float32", "float64", "float16"],
  "keras/jax": ["float32", "float64"],
  "keras/torch": ["float32", "float64"],
  "keras/numpy": ["float32", "float64", "bfloat16"],
};

function expectDrawn(shape: Shape, dtype: DType, framework: StreamName): void {
  matrixOf(shape);
  // JAX gives a matrix without elements before it asks for a factorization.
  if (framework === "keras/jax" && sizeOf(shape) === 0) return;
  const known = dtypesOf[framework];
  if (known.includes(dtype)) return;
  throw new RangeError(`dtype: expected one of ${known.join(", ")} for Orthogonal (${framework}), got ${dtype}`);
}

/** The matrix in the type of the draw: `normals` are of that type too. */
function matrixIn(
  normals: ArrayOf<ArrayBuffer>[FloatDType],
  rows: number,
  cols: number,
  gain: number,
  { dtype, framework }: Draw<FloatDType>,
): ArrayOf[FloatDType] {
  const { decode, encode } = elementTypes[dtype];
  const hasDoubles = framework === "keras/tensorflow" || framework === "keras/torch";
  const flushes = framework === "keras/tensorflow" || framework === "keras/jax";
  /** The type of every operation: NumPy gives float32 for float64, JAX has no other, and NumPy factorizes bfloat16 wider. */
  const held = (dtype === "float64" && !hasDoubles) || dtype === "bfloat16" ? "float32" : dtype;
  const round = (value: number): number => {
    const rounded = roundTo(held, value);
    return flushes ? flushSubnormal(held, rounded) : rounded;
  };
  const factor = round(gain);
  const matrix = allocate([normals.length], dtype);
  const unit =
    normals instanceof Float64Array && held === "float64"
      ? orthonormalMatrix(normals, rows, cols)
      : orthonormalMatrix(Float32Array.from(normals, decode), rows, cols);
  for (let i = 0; i < matrix.length; i++) matrix[i] = encode(round(round(unit[i] as number) * factor));
  return matrix;
}

/**
 * W = gain Q, Q the orthogonal factor of a matrix of normals: W^T W = gain^2 I where the product of all dimensions but
 * the last is at least the last, else W W^T = gain^2 I. Such a layer keeps the length of its input, or of its
 * gradient, at any depth. A slice costs the whole tensor.
 *
 * The element types are those that the framework of `stream` factorizes: float32 and float64 everywhere, float16 on
 * TensorFlow, bfloat16 on NumPy. On JAX and NumPy float64 has the precision of float32, as it has in Keras.
 *
 * @throws RangeError for a shape of less than two dimensions, or another element type.
 * @example
 * orthogonal({ gain: Math.SQRT2, seed: 0 })([256, 256]);
 */
export const orthogonal: InitializerFactory<OrthogonalOptions> = defineRandom("Orthogonal", {
  aliases: ["OrthogonalInitializer"],
  dtypes: FLOAT_DTYPES,
  parameters,
  distribution: (shape, { gain }) => {
    const { rows, cols } = matrixOf(shape);
    return orthogonalDistribution(rows, cols, gain);
  },
  needsWholeTensor: true,
  expectShape: (shape, _values, dtype, stream) => expectDrawn(shape, dtype, stream),
  fill: (out, { offset }, shape, { gain }, draw) => {
    const { rows, cols } = matrixOf(shape);
    const normals = allocate([Math.max(rows, cols), Math.min(rows, cols)], draw.dtype);
    draw.whole(normals.length).normal(normals, 0, 1);
    out.set(matrixIn(normals, rows, cols, gain, draw).subarray(offset, offset + out.length));
  },
});
