// Orthogonal: columns, or rows, of one length and at right angles.
// Source: keras/src/initializers/random_initializers.py 3.16; Saxe, McClelland and Ganguli 2013, arXiv:1312.6120.

import { expectNumber } from "../errors.ts";
import { qr } from "../linalg/qr.ts";
import type { Law } from "../random/law.ts";
import { formatShape, type Shape, sizeOf } from "../tensor/shape.ts";
import { allocateFloat32 } from "../tensor/tensor.ts";
import { copySlice, type Draw, defineRandom, type InitializerFactory, type RandomOptions } from "./initializer.ts";

/** Options of {@link orthogonal}. */
export interface OrthogonalOptions extends RandomOptions {
  /** The length of the columns or rows; 1 unless said. */
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

/** A `rows` x `cols` matrix, row-major, whose columns (rows >= cols) or rows (rows < cols) are orthogonal with length |gain|. */
export function orthogonalMatrix(
  rows: number,
  cols: number,
  gain: number,
  { stream, seed }: Draw,
): Float32Array<ArrayBuffer> {
  const tall = Math.max(rows, cols);
  const narrow = Math.min(rows, cols);
  const normals = allocateFloat32([tall, narrow]);
  if (normals.length === 0) return normals;
  stream.normal(normals, { size: normals.length, offset: 0 }, seed, 0, 1);
  const q = orthogonalFactor(normals, tall, narrow, gain);
  if (rows >= cols) return q;
  const transposed = new Float32Array(q.length);
  for (let i = 0; i < tall; i++) for (let j = 0; j < narrow; j++) transposed[j * tall + i] = q[i * narrow + j] ?? 0;
  return transposed;
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
 * @throws RangeError for a shape of less than two dimensions.
 * @example
 * orthogonal({ gain: Math.SQRT2, seed: 0 })([256, 256]);
 */
export const orthogonal: InitializerFactory<OrthogonalOptions> = defineRandom<{ gain: number }>("Orthogonal", {
  aliases: ["OrthogonalInitializer"],
  parameters: { gain: { default: 1, expect: expectNumber } },
  law: (shape, { gain }) => {
    const { rows, cols } = matrixOf(shape);
    return orthogonalLaw(rows, cols, gain);
  },
  isWhole: true,
  expectShape: (shape) => void matrixOf(shape),
  fill: (out, slice, shape, { gain }, draw) => {
    const { rows, cols } = matrixOf(shape);
    copySlice(out, slice, orthogonalMatrix(rows, cols, gain, draw));
  },
});
