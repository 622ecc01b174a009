// QR factorization of a matrix, economy size, on the blocked Householder kernel.
// Source: Golub and Van Loan, "Matrix Computations", 4th edition, 5.2; what numpy.linalg.qr(mode="reduced") returns.

import { describeValue, expectInteger } from "@fanin/tensor/arguments";
import { getStreams } from "../runtime/streams.ts";

/** Q (rows x cols) with orthonormal columns, and R (cols x cols), upper triangular; row-major. */
export interface Qr {
  readonly q: Float32Array<ArrayBuffer>;
  readonly r: Float32Array<ArrayBuffer>;
}

const PANEL = 32; // columns of the kernel's panel, whose triangle is PANEL x PANEL
const MOST = 2 ** 32 - 1; // the kernels take sizes as u32
/** Beyond this exponent, either way, squares or products of elements could leave the range of float32. */
const SAFE_EXPONENT = 40;

/** The power of two by which the `n` floats at `pointer` must be multiplied to stay in range; NaN where one is not finite. */
function scaleOf(pointer: number, n: number): number {
  const { kernels, arena, scratch } = getStreams();
  kernels.moments_f32(scratch, pointer, n);
  const [, , low = 0, high = 0] = arena.f64(scratch, 4);
  const largest = Math.max(Math.abs(low), Math.abs(high));
  if (!Number.isFinite(largest)) return Number.NaN;
  const exponent = largest === 0 ? 0 : Math.floor(Math.log2(largest));
  return Math.abs(exponent) > SAFE_EXPONENT ? 2 ** -exponent : 1;
}

/** Every element of Q and of R's triangle NaN: no matrix with a NaN or an infinity has a factorization. */
function notFinite(rows: number, cols: number): Qr {
  const q = new Float32Array(rows * cols).fill(Number.NaN);
  const r = new Float32Array(cols * cols);
  for (let i = 0; i < cols; i++) r.fill(Number.NaN, i * cols + i, (i + 1) * cols);
  return { q, r };
}

/**
 * A = QR for `a`, `rows` x `cols` row-major with rows >= cols: Q^T Q = I to about 1e-6 and R upper triangular, its
 * diagonal of either sign (multiply columns of Q and rows of R by the sign for the unique factorization). A column that
 * depends on those before it gives a diagonal element of zero or rounding size and still a unit column of Q. Where `a`
 * holds a NaN or an infinity, Q and R's upper triangle are NaN. `a` is not changed.
 *
 * @throws TypeError if `a` is not a Float32Array; RangeError for sizes that are not integers with rows >= cols, that do
 * not match its length, or that need more memory than there is.
 * @example
 * const { q, r } = qr(Float32Array.of(3, 0, 4, 5), 2, 2); // |q| = [0.6 0.8; 0.8 0.6], |diag r| = [5 3]
 */
export function qr(a: Float32Array, rows: number, cols: number): Qr {
  if (!(a instanceof Float32Array)) throw new TypeError(`a: expected a Float32Array, got ${describeValue(a)}`);
  expectInteger("rows", rows, 0, MOST);
  expectInteger("cols", cols, 0, MOST);
  if (rows < cols) throw new RangeError(`cols: expected at most rows = ${rows}, got ${cols}; factorize the transpose`);
  if (a.length !== rows * cols) {
    throw new RangeError(`a: expected rows * cols = ${rows * cols} elements, got ${a.length}`);
  }
  if (cols === 0) return { q: new Float32Array(0), r: new Float32Array(0) };
  const { kernels, arena } = getStreams();
  return arena.scope((alloc) => {
    const workspace = alloc(kernels.qr_workspace_f32(rows, cols));
    const matrix = alloc(a.byteLength);
    const triangles = alloc(Math.ceil(cols / PANEL) * PANEL * PANEL * 4);
    const result = alloc(a.byteLength);
    const work = arena.f32(matrix, a.length);
    work.set(a);
    const scale = scaleOf(matrix, a.length);
    if (Number.isNaN(scale)) return notFinite(rows, cols);
    if (scale !== 1) scaleBy(work, scale);
    kernels.qr_f32(rows, cols, matrix, cols, triangles, workspace);
    kernels.qr_q_f32(rows, cols, matrix, cols, triangles, result, cols, workspace);
    const r = new Float32Array(cols * cols);
    for (let i = 0; i < cols; i++) r.set(work.subarray(i * cols + i, (i + 1) * cols), i * cols + i);
    if (scale !== 1) scaleBy(r, 1 / scale);
    return { q: new Float32Array(arena.f32(result, a.length)), r };
  });
}

function scaleBy(x: Float32Array, factor: number): void {
  for (let i = 0; i < x.length; i++) x[i] = (x[i] ?? 0) * factor;
}
