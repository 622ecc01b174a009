// One panel of a QR: up to 32 columns, packed transposed in f64, factorized by one Householder reflection after another.
// Source: Schreiber and Van Loan, "A storage-efficient WY representation for products of Householder transformations", 1989.
//
// The panel holds column j of the matrix in row j, so that everything runs along memory:
//   before: row j = a[0..rows)[j]           after: row j = v_j = 0 .. 0, 1 (at j), tail; zeros up to a multiple of four
// Row `cols` is spare: where an odd column has no neighbour, the loops over two columns work on it.
// A reflector's tail is rounded to f32 before tau = 2 / (v.v) is taken from it, so what is stored is orthogonal to f64.

import { sumF64 } from "../math/lanes";

export const NB: u32 = 32;

/** The elements of a column of `rows` with its padding. */
export function padded(rows: u32): u32 {
  return (rows + 3) & ~3;
}

/** Packs `rows` x `cols` of `a`, rows `lda` bytes apart, transposed to f64 rows `ld` bytes apart, and clears the padding. */
function packTransposed(panel: usize, ld: usize, a: usize, lda: usize, rows: u32, cols: u32): void {
  const end = (<usize>padded(rows)) << 3;
  for (let j: u32 = 0; j <= cols; j++) memory.fill(panel + j * ld + end - 32, 0, 32);
  memory.fill(panel + cols * ld, 0, end);
  let i: u32 = 0;
  for (; i + 2 <= rows; i += 2, a += 2 * lda) {
    let to = panel + ((<usize>i) << 3);
    let from = a;
    let j: u32 = 0;
    for (; j + 2 <= cols; j += 2, from += 8, to += 2 * ld) {
      const row0 = f64x2.promote_low_f32x4(v128.load64_zero(from));
      const row1 = f64x2.promote_low_f32x4(v128.load64_zero(from + lda));
      v128.store(to, v128.shuffle<u64>(row0, row1, 0, 2));
      v128.store(to + ld, v128.shuffle<u64>(row0, row1, 1, 3));
    }
    if (j < cols) {
      store<f64>(to, <f64>load<f32>(from));
      store<f64>(to, <f64>load<f32>(from + lda), 8);
    }
  }
  if (i < rows) {
    let to = panel + ((<usize>i) << 3);
    for (let j: u32 = 0; j < cols; j++, a += 4, to += ld) store<f64>(to, <f64>load<f32>(a));
  }
}

/** Writes v.x and v.y, over the bytes `from` .. `end` of each, to `out`. */
function dotPair(out: usize, v: usize, x: usize, y: usize, from: usize, end: usize): void {
  let x0 = f64x2.splat(0);
  let x1 = f64x2.splat(0);
  let y0 = f64x2.splat(0);
  let y1 = f64x2.splat(0);
  for (let p = from; p < end; p += 32) {
    const v0 = v128.load(v + p);
    const v1 = v128.load(v + p, 16);
    x0 = f64x2.add(x0, f64x2.mul(v0, v128.load(x + p)));
    x1 = f64x2.add(x1, f64x2.mul(v1, v128.load(x + p, 16)));
    y0 = f64x2.add(y0, f64x2.mul(v0, v128.load(y + p)));
    y1 = f64x2.add(y1, f64x2.mul(v1, v128.load(y + p, 16)));
  }
  x0 = f64x2.add(x0, x1);
  y0 = f64x2.add(y0, y1);
  v128.store(out, f64x2.add(v128.shuffle<u64>(x0, y0, 0, 2), v128.shuffle<u64>(x0, y0, 1, 3)));
}

/** x -= tau (v.x) v and the same for y. `scratch` holds two f64. */
function reflectPair(scratch: usize, v: usize, tau: f64, x: usize, y: usize, from: usize, end: usize): void {
  dotPair(scratch, v, x, y, from, end);
  const wx = f64x2.splat(tau * load<f64>(scratch));
  const wy = f64x2.splat(tau * load<f64>(scratch, 8));
  for (let p = from; p < end; p += 32) {
    const v0 = v128.load(v + p);
    const v1 = v128.load(v + p, 16);
    v128.store(x + p, f64x2.sub(v128.load(x + p), f64x2.mul(wx, v0)));
    v128.store(x + p, f64x2.sub(v128.load(x + p, 16), f64x2.mul(wx, v1)), 16);
    v128.store(y + p, f64x2.sub(v128.load(y + p), f64x2.mul(wy, v0)));
    v128.store(y + p, f64x2.sub(v128.load(y + p, 16), f64x2.mul(wy, v1)), 16);
  }
}

/**
 * Makes the reflector that maps x, the column from its element `j` on, to a multiple of e_j: x becomes v, and
 * a[0..j][j] gets the column of R. Returns tau; 0, and so no reflection, where nothing is below the diagonal.
 */
function makeReflector(x: usize, j: u32, end: usize, column: usize, lda: usize): f64 {
  const diagonal = x + ((<usize>j) << 3);
  for (let i: u32 = 0; i < j; i++, column += lda) store<f32>(column, <f32>load<f64>(x + ((<usize>i) << 3)));
  memory.fill(x, 0, (<usize>j) << 3);
  const alpha = load<f64>(diagonal);
  store<f64>(diagonal, 0);
  const from = (<usize>(j & ~3)) << 3;
  let squares = f64x2.splat(0);
  for (let p = from; p < end; p += 16) {
    const tail = v128.load(x + p);
    squares = f64x2.add(squares, f64x2.mul(tail, tail));
  }
  const below = sumF64(squares);
  if (below == 0) {
    store<f64>(diagonal, 1);
    store<f32>(column, <f32>alpha);
    return 0;
  }
  const norm = sqrt<f64>(alpha * alpha + below);
  const pivot = f64x2.splat(alpha < 0 ? alpha - norm : alpha + norm);
  squares = f64x2.splat(0);
  let dots = f64x2.splat(0);
  for (let p = from; p < end; p += 16) {
    const tail = v128.load(x + p);
    const v = f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(f64x2.div(tail, pivot)));
    squares = f64x2.add(squares, f64x2.mul(v, v));
    dots = f64x2.add(dots, f64x2.mul(v, tail));
    v128.store(x + p, v);
  }
  const tau = 2 / (1 + f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1));
  const dot = alpha + f64x2.extract_lane(dots, 0) + f64x2.extract_lane(dots, 1);
  store<f64>(diagonal, 1);
  store<f32>(column, <f32>(alpha - tau * dot));
  return tau;
}

/**
 * Column `j` of the triangle T of I - V T V^T: -tau T (V^T v_j) above the diagonal, tau on it.
 * `triangle` is NB x NB f64, row-major, filled up to column j - 1; `dots` holds NB + 2 f64.
 */
function extendTriangle(
  triangle: usize,
  dots: usize,
  panel: usize,
  ld: usize,
  j: u32,
  cols: u32,
  tau: f64,
  end: usize,
): void {
  const v = panel + j * ld;
  const from = (<usize>(j & ~3)) << 3;
  for (let i: u32 = 0; i < j; i += 2) {
    const x = panel + i * ld;
    dotPair(dots + ((<usize>i) << 3), v, x, i + 1 < j ? x + ld : panel + cols * ld, from, end);
  }
  for (let i: u32 = 0; i < j; i++) {
    const row = triangle + ((<usize>(i * NB)) << 3);
    let sum: f64 = 0;
    for (let k = i; k < j; k++) sum += load<f64>(row + ((<usize>k) << 3)) * load<f64>(dots + ((<usize>k) << 3));
    store<f64>(row + ((<usize>j) << 3), -tau * sum);
  }
  store<f64>(triangle + ((<usize>(j * NB + j)) << 3), tau);
}

/**
 * Factorizes `rows` x `cols` (rows >= cols, cols <= NB) of `a`, rows `lda` bytes apart: its upper triangle becomes R,
 * the rest the tails of the reflectors. `panel` becomes them whole, (NB + 1) rows `ld` bytes apart; `triangle`, of
 * NB (NB + 1) + 2 f64, becomes T.
 */
export function factorizePanel(
  rows: u32,
  cols: u32,
  a: usize,
  lda: usize,
  panel: usize,
  ld: usize,
  triangle: usize,
): void {
  const end = (<usize>padded(rows)) << 3;
  const dots = triangle + ((<usize>(NB * NB)) << 3);
  memory.fill(triangle, 0, (<usize>(NB * NB)) << 3);
  packTransposed(panel, ld, a, lda, rows, cols);
  for (let j: u32 = 0; j < cols; j++) {
    const v = panel + j * ld;
    const tau = makeReflector(v, j, end, a + ((<usize>j) << 2), lda);
    if (tau != 0) {
      for (let c = j + 1; c < cols; c += 2) {
        const x = panel + c * ld;
        reflectPair(dots, v, tau, x, c + 1 < cols ? x + ld : panel + cols * ld, (<usize>(j & ~3)) << 3, end);
      }
    }
    extendTriangle(triangle, dots, panel, ld, j, cols, tau, end);
  }
}
