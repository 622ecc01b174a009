// General matrix multiplication: the loops around the microkernels, thin products, batches and the epilogue.
// Source: Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", TOMS 2008.
//
//           NC columns of B in panels of 8      From some size on both operands are packed (cache-blocks.ts); else A is read
//          | 8 | 8 | .. | 8 |edge|              in place, and B too where it is row-major and small or seldom read. A panel
//  MC   T  [ Tx8 tiles ...  | 8x4]              of 8 columns is done by one call for all rows: packed tiles are T = 4 or 6
//  rows T  [                | or ]              rows high, then 4. The columns left over (1..7) are a packed panel of their
//  of A .. [ 4x8 tiles ...  | Tx8]              own, padded with zeros, computed aside in the workspace: by 8x4 tiles for up
//                                               to four of them. Rows left over repeat the last, so that no tile is slower.

import { packedPanel4x8, packedPanel6x8, stridedPanel4x8 } from "../generated/panels-f32";
import { loadTail, storeTail } from "../math/lanes";
import { balanced, KC, MC, MR, NC, NR, packsBoth, readsInPlaceB, TALL, tallRows } from "./cache-blocks";
import { epilogue, LINEAR, RELU } from "./epilogue-f32";
import { microkernel8x4 } from "./gemm-f32-8x4";
import { multiplyByDots, multiplyRow } from "./gemm-thin-f32";
import { pack } from "./pack-f32";

const THIN: u32 = 3; // so many rows or columns are done by dot products

/** `x` rounded up to a multiple of `step`. */
function roundUp(x: u32, step: u32): u32 {
  return ((x + step - 1) / step) * step;
}

/** The floats at the start of the workspace in which an edge panel is computed: eight columns of a block of A's rows. */
function edgeFloats(m: u32): u32 {
  return min(m, MC) * NR;
}

/** The bytes of workspace that the gemm kernels need for these sizes, for any batch. */
export function gemm_workspace_f32(m: u32, n: u32, k: u32): usize {
  const kc = min(k, KC);
  return (<usize>((roundUp(min(m, MC), MR) + roundUp(min(n, NC), NR)) * kc + edgeFloats(m))) << 2;
}

/** Packs `rows` rows of A as packedPanel reads them: tiles of TALL rows, then of MR. */
function packRowsOfA(to: usize, a: usize, rows: u32, kc: u32, rsa: usize, csa: usize): void {
  const tall = tallRows(rows);
  const next = pack(to, a, tall, TALL, kc, rsa, csa);
  pack(next, a + tall * rsa, rows - tall, MR, kc, rsa, csa);
}

/** One panel of 8 columns of C for `rows` packed rows of A. */
function packedPanel(
  kc: u32,
  rows: u32,
  a: usize,
  b: usize,
  accumulate: bool,
  c: usize,
  ldc: usize,
  bias: usize,
  rectify: bool,
): void {
  const tall = tallRows(rows);
  if (TALL > MR && tall > 0) {
    packedPanel6x8(kc, tall, a, b, accumulate, c, ldc, bias, rectify);
    a += (roundUp(tall, TALL) * kc) << 2;
    c += tall * ldc;
  }
  packedPanel4x8(kc, rows - tall, a, b, accumulate, c, ldc, bias, rectify);
}

/** Stores or adds the first `cols` < 8 columns of the panel at `edge` (rows `stride` bytes apart) to c. */
function storeEdge(edge: usize, stride: usize, rows: u32, cols: u32, accumulate: bool, c: usize, ldc: usize): void {
  const tail = cols & 3;
  for (let i: u32 = 0, from = edge; i < rows; i++, from += stride, c += ldc) {
    let to = c;
    let rest = from;
    if (cols > 3) {
      const value = v128.load(from);
      v128.store(to, accumulate ? f32x4.add(v128.load(to), value) : value);
      to += 16;
      rest += 16;
    }
    if (tail) {
      const value = v128.load(rest);
      storeTail(to, accumulate ? f32x4.add(loadTail(to, tail), value) : value, tail);
    }
  }
}

/** The edge panel, computed at `edge`: `cols` < 8 columns of C for `rows` <= MC rows; `packed` is 0 where A is not. */
function edgePanel(
  edge: usize,
  kc: u32,
  rows: u32,
  cols: u32,
  packed: usize,
  a: usize,
  rsa: usize,
  csa: usize,
  b: usize,
  accumulate: bool,
  c: usize,
  ldc: usize,
): void {
  const stride: usize = cols > 4 ? 32 : 16;
  if (cols <= 4) {
    for (let i: u32 = 0; i < rows; i += 8, a += 8 * rsa) {
      microkernel8x4(kc, a, rsa, csa, min(8, rows - i), b, edge + i * stride, stride);
    }
  } else if (packed) {
    packedPanel(kc, rows, packed, b, false, edge, stride, 0, false);
  } else {
    stridedPanel4x8(kc, rows, a, rsa, csa, b, 32, false, edge, stride, 0, false);
  }
  storeEdge(edge, stride, rows, cols, accumulate, c, ldc);
}

/** c (+)= a * b by tiles, with strides in bytes, then the epilogue. */
function multiplyByTiles(
  m: u32,
  n: u32,
  k: u32,
  a: usize,
  rsa: usize,
  csa: usize,
  b: usize,
  rsb: usize,
  csb: usize,
  accumulate: bool,
  c: usize,
  ldc: usize,
  workspace: usize,
  bias: usize,
  activation: u32,
  alpha: f32,
): void {
  const step = balanced(k, KC);
  const spaceOfB = workspace + (edgeFloats(m) << 2);
  const spaceOfA = spaceOfB + ((<usize>(roundUp(min(n, NC), NR) * min(k, KC))) << 2);
  for (let j0: u32 = 0; j0 < n; j0 += NC) {
    const nc = min(NC, n - j0);
    const edge = nc % NR;
    const whole = nc - edge;
    const both = packsBoth(m, nc);
    for (let p0: u32 = 0; p0 < k; p0 += step) {
      const kc = min(step, k - p0);
      const adding = p0 > 0 || accumulate;
      const last = p0 + kc == k;
      // The tiles add the bias and rectify while they are in registers.
      const tileBias = last && bias != 0 ? bias + (j0 << 2) : 0;
      const rectify = last && activation == RELU;
      const blockB = b + p0 * rsb + j0 * csb;
      const inPlaceB = !both && csb == 4 && readsInPlaceB(m, kc, nc);
      const panels = inPlaceB ? blockB : spaceOfB;
      const stepB = inPlaceB ? rsb : NR << 2;
      const nextPanel = inPlaceB ? NR << 2 : (NR * kc) << 2;
      const edgeB = spaceOfB + ((<usize>(whole * kc)) << 2);
      if (!inPlaceB) pack(spaceOfB, blockB, whole, NR, kc, csb, rsb);
      if (edge) pack(edgeB, blockB + whole * csb, edge, edge > 4 ? 8 : 4, kc, csb, rsb);
      for (let i0: u32 = 0; i0 < m; i0 += MC) {
        const mc = min(MC, m - i0);
        const blockA = a + i0 * rsa + p0 * csa;
        const packedA = both ? spaceOfA : 0;
        if (both) packRowsOfA(packedA, blockA, mc, kc, rsa, csa);
        const blockC = c + i0 * ldc + (j0 << 2);
        for (let j: u32 = 0, panel = panels; j < whole; j += NR, panel += nextPanel) {
          const to = blockC + (j << 2);
          const add = tileBias == 0 ? 0 : tileBias + (j << 2);
          if (both) packedPanel(kc, mc, packedA, panel, adding, to, ldc, add, rectify);
          else stridedPanel4x8(kc, mc, blockA, rsa, csa, panel, stepB, adding, to, ldc, add, rectify);
        }
        if (edge) {
          const to = blockC + (whole << 2);
          edgePanel(workspace, kc, mc, edge, packedA, blockA, rsa, csa, edgeB, adding, to, ldc);
          const add = tileBias == 0 ? 0 : tileBias + (whole << 2);
          if (last) epilogue(to, ldc, mc, edge, add, rectify ? RELU : LINEAR, 0);
        }
        if (last && !rectify) epilogue(blockC, ldc, mc, nc, 0, activation, alpha);
      }
    }
  }
}

/**
 * c = activation(op(a) * op(b) + bias), or activation(c + op(a) * op(b) + bias) where `accumulate` is 1; c is m x n, rows
 * `ldc` elements apart. op(a) is m x k with element (i, p) at a[i * `rsa` + p * `csa`], op(b) is k x n with (p, j) at
 * b[p * `rsb` + j * `csb`]; of each pair of strides one is 1. `bias` (n floats) may be 0, for none; `activation` is a
 * number of epilogue-f32.ts, 0 for none, `alpha` its constant. `workspace` holds gemm_workspace_f32(m, n, k) bytes.
 */
export function gemm_epilogue_f32(
  m: u32,
  n: u32,
  k: u32,
  a: usize,
  rsa: u32,
  csa: u32,
  b: usize,
  rsb: u32,
  csb: u32,
  accumulate: u32,
  c: usize,
  ldc: u32,
  workspace: usize,
  bias: usize,
  activation: u32,
  alpha: f32,
): void {
  const ra = (<usize>rsa) << 2;
  const ca = (<usize>csa) << 2;
  const rb = (<usize>rsb) << 2;
  const cb = (<usize>csb) << 2;
  const rc = (<usize>ldc) << 2;
  const adding = accumulate != 0;
  if (m == 0 || n == 0) return;
  if (k == 0) {
    if (!adding) for (let i: u32 = 0; i < m; i++) memory.fill(c + i * rc, 0, n << 2);
  } else if (n <= THIN && csa == 1) {
    multiplyByDots(m, n, k, a, ra, b, rb, cb, adding, c, rc, 4, workspace);
  } else if (m <= THIN && rsb == 1) {
    multiplyByDots(n, m, k, b, cb, a, ca, ra, adding, c, 4, rc, workspace);
  } else if (m == 1) {
    multiplyRow(n, k, a, ca, b, rb, adding, c);
  } else {
    multiplyByTiles(m, n, k, a, ra, ca, b, rb, cb, adding, c, rc, workspace, bias, activation, alpha);
    return;
  }
  epilogue(c, rc, m, n, bias, activation, alpha);
}

/** c = op(a) * op(b), or c + op(a) * op(b) where `accumulate` is 1: gemm_epilogue_f32 without an epilogue. */
export function gemm_f32(
  m: u32,
  n: u32,
  k: u32,
  a: usize,
  rsa: u32,
  csa: u32,
  b: usize,
  rsb: u32,
  csb: u32,
  accumulate: u32,
  c: usize,
  ldc: u32,
  workspace: usize,
): void {
  gemm_epilogue_f32(m, n, k, a, rsa, csa, b, rsb, csb, accumulate, c, ldc, workspace, 0, LINEAR, 0);
}

/**
 * gemm_epilogue_f32 on `batch` pairs of matrices, `strideA`, `strideB` and `strideC` elements apart; a stride of 0 uses
 * the same matrix for all.
 */
export function gemm_batch_f32(
  batch: u32,
  strideA: u32,
  strideB: u32,
  strideC: u32,
  m: u32,
  n: u32,
  k: u32,
  a: usize,
  rsa: u32,
  csa: u32,
  b: usize,
  rsb: u32,
  csb: u32,
  accumulate: u32,
  c: usize,
  ldc: u32,
  workspace: usize,
  bias: usize,
  activation: u32,
  alpha: f32,
): void {
  const nextA = (<usize>strideA) << 2;
  const nextB = (<usize>strideB) << 2;
  const nextC = (<usize>strideC) << 2;
  for (let i: u32 = 0; i < batch; i++, a += nextA, b += nextB, c += nextC) {
    gemm_epilogue_f32(m, n, k, a, rsa, csa, b, rsb, csb, accumulate, c, ldc, workspace, bias, activation, alpha);
  }
}
