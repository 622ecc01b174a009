// Orthogonal: columns, or rows, of one length and at right angles.
// Source: keras/src/initializers/random_initializers.py 3.16; Saxe, McClelland and Ganguli 2013, arXiv:1312.6120.

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
import { qr } from "../linalg/qr.ts";
import { qrF64 } from "../linalg/qr-f64.ts";
import { flushSubnormal } from "../random/flush.ts";
import type { Law } from "../random/law.ts";
import type { StreamName } from "../random/stream-names.ts";
import { type Draw, defineRandom, type InitializerFactory, type RandomOptions } from "./initializer.ts";

/** Options of {@link orthogonal}. */
export interface OrthogonalOptions extends RandomOptions {
  /** The length of the columns or rows. Defaults to 1. */
  readonly gain?: number | undefined;
}

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

/**
 * The orthogonal factor, times `gain`, of the rows x cols matrix `normals`, rows >= cols: uniformly distributed (Haar)
 * because R's diagonal is made positive. A diagonal element of exactly zero makes its column zero, as in Keras.
 */
export function orthogonalFactor(
  normals: Float32Array,
  rows: number,
  cols: number,
  gain: number,
): Float32Array<ArrayBuffer> {
  const { q, r } = qr(normals, rows, cols);
  const factors = Float32Array.from({ length: cols }, (_, j) => gain * Math.sign(r[j * cols + j] ?? 0));
  for (let start = 0; start < q.length; start += cols) {
    for (let j = 0; j < cols; j++) q[start + j] = (q[start + j] ?? 0) * (factors[j] ?? 0);
  }
  return q;
}

/** The float32 matrix of {@link orthogonalMatrix}, whose normals `normals` holds, tall x narrow. */
function matrixOfNormals(normals: Float32Array, rows: number, cols: number, gain: number): Float32Array<ArrayBuffer> {
  const tall = Math.max(rows, cols);
  const narrow = Math.min(rows, cols);
  const q = orthogonalFactor(normals, tall, narrow, gain);
  return rows >= cols ? q : transpose(q, tall, narrow);
}

function transpose<A extends Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(
  matrix: A,
  rows: number,
  cols: number,
): A {
  const transposed = matrix.slice();
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) transposed[j * rows + i] = matrix[i * cols + j] ?? 0;
  return transposed as A;
}

/** A `rows` x `cols` matrix, row-major, whose columns (rows >= cols) or rows (rows < cols) are orthogonal with length |gain|. */
export function orthogonalMatrix(
  rows: number,
  cols: number,
  gain: number,
  { stream, seed }: Pick<Draw, "stream" | "seed">,
): Float32Array<ArrayBuffer> {
  const normals = allocateFloat32([Math.max(rows, cols), Math.min(rows, cols)]);
  if (normals.length === 0) return normals;
  stream.normal(normals, { size: normals.length, offset: 0 }, seed, 0, 1);
  return matrixOfNormals(normals, rows, cols, gain);
}

/** The element types in which each framework factorizes, or of which it makes another that it does. */
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
      ? orthogonalDoubles(normals, rows, cols)
      : matrixOfNormals(Float32Array.from(normals, decode), rows, cols, 1);
  for (let i = 0; i < matrix.length; i++) matrix[i] = encode(round(round(unit[i] ?? 0) * factor));
  return matrix;
}

/** The float64 matrix of {@link orthogonalMatrix} with a gain of 1. */
function orthogonalDoubles(normals: Float64Array, rows: number, cols: number): Float64Array<ArrayBuffer> {
  const [tall, narrow] = [Math.max(rows, cols), Math.min(rows, cols)];
  const { q, diagonal } = qrF64(normals, tall, narrow);
  for (let i = 0; i < q.length; i++) q[i] = (q[i] ?? 0) * Math.sign(diagonal[i % narrow] ?? 0);
  return rows >= cols ? q : transpose(q, tall, narrow);
}

/** Mean 0, variance gain^2 / max(rows, cols); what no law of single elements can say is that W^T W = gain^2 I. */
export function orthogonalLaw(rows: number, cols: number, gain: number): Law {
  const size = Math.abs(gain);
  return { mean: 0, variance: gain ** 2 / Math.max(1, rows, cols), support: [-size, size] };
}

/**
 * W = gain Q, Q the orthogonal factor of a matrix of normals: W^T W = gain^2 I where the product of all dimensions but
 * the last is at least the last, else W W^T = gain^2 I. Such a layer keeps the length of what it is given, or of its
 * gradient, to any depth. The whole tensor is computed for any slice of it.
 *
 * The element types are those that the framework of `stream` factorizes: float32 and float64 everywhere, float16 on
 * TensorFlow, bfloat16 on NumPy. On JAX and NumPy float64 has the precision of float32, as it has in Keras.
 *
 * @throws RangeError for a shape of less than two dimensions, or another element type.
 * @example
 * orthogonal({ gain: Math.SQRT2, seed: 0 })([256, 256]);
 */
export const orthogonal: InitializerFactory<OrthogonalOptions> = defineRandom<
  { gain: number },
  OrthogonalOptions,
  FloatDType
>("Orthogonal", {
  aliases: ["OrthogonalInitializer"],
  dtypes: FLOAT_DTYPES,
  parameters: { gain: { default: 1, expect: expectReal } },
  law: (shape, { gain }) => {
    const { rows, cols } = matrixOf(shape);
    return orthogonalLaw(rows, cols, gain);
  },
  isWhole: true,
  expectShape: (shape, _parameters, dtype, stream) => expectDrawn(shape, dtype, stream),
  fill: (out, { offset }, shape, { gain }, draw) => {
    const { rows, cols } = matrixOf(shape);
    const normals = allocate([Math.max(rows, cols), Math.min(rows, cols)], draw.dtype);
    draw.stream.normal(normals, { size: normals.length, offset: 0 }, draw.seed, 0, 1);
    out.set(matrixIn(normals, rows, cols, gain, draw).subarray(offset, offset + out.length));
  },
});
