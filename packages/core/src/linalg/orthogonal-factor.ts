// The orthogonal factor of a matrix with one sign convention, that of a positive diagonal of R, and what its elements look like.
// Source: Mezzadri 2007, "How to generate random matrices from the classical compact groups": for normals the factor is
// then uniformly distributed (Haar).

import type { Distribution } from "../random/distribution.ts";
import { qr } from "./qr.ts";
import { qrF64 } from "./qr-f64.ts";

/** The matrices that are factorized: by the kernels in float32, in JavaScript in float64. */
export type FactorArray = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

/**
 * Q of A = QR for `a`, `rows` x `cols` row-major with rows >= cols, with the signs for which R's diagonal is positive. An
 * element of exactly zero on that diagonal makes its column zero, as in Keras, PyTorch and JAX.
 */
export function orthogonalFactor<A extends FactorArray>(a: A, rows: number, cols: number): A {
  const { q, diagonal } = a instanceof Float64Array ? qrF64(a, rows, cols) : factorF32(a, rows, cols);
  const signs = diagonal.map(Math.sign);
  for (let start = 0; start < q.length; start += cols) {
    for (let j = 0; j < cols; j++) q[start + j] = (q[start + j] as number) * (signs[j] as number);
  }
  return q as A;
}

function factorF32(a: Float32Array, rows: number, cols: number) {
  const { q, r } = qr(a, rows, cols);
  return { q, diagonal: Float32Array.from({ length: cols }, (_, j) => r[j * cols + j] as number) };
}

/**
 * A `rows` x `cols` matrix whose columns, or rows if there are fewer, are orthonormal: the factor of `normals`, which
 * holds as many values, row-major with the longer side first.
 */
export function orthonormalMatrix<A extends FactorArray>(normals: A, rows: number, cols: number): A {
  if (normals.length === 0) return normals;
  return rows >= cols
    ? orthogonalFactor(normals, rows, cols)
    : transpose(orthogonalFactor(normals, cols, rows), cols, rows);
}

/** The transpose of a `rows` x `cols` matrix. */
export function transpose<A extends FactorArray>(matrix: A, rows: number, cols: number): A {
  const transposed = matrix.slice() as A;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) transposed[j * rows + i] = matrix[i * cols + j] as number;
  }
  return transposed;
}

/**
 * The elements of a `rows` x `cols` matrix of orthonormal columns or rows times `gain`: mean 0, variance
 * gain^2 / max(rows, cols). `share` is the fraction of a tensor that the matrix fills; the rest is zero. That
 * W^T W = gain^2 I, no distribution of single elements says.
 */
export function orthogonalDistribution(rows: number, cols: number, gain: number, share = 1): Distribution {
  const size = Math.abs(gain);
  return { mean: 0, variance: (gain ** 2 / Math.max(1, rows, cols)) * share, support: [-size, size] };
}
