// erf_inv of XLA's CPU backend on whole arrays, bit for bit: u p(w), w from log(1 - u^2).
// Source: openxla/xla math.cc (ErfInv32, Apache-2.0), after Giles, "Approximating the erfinv function", 2012.
//
// A batch goes through in passes: log1p has two formulas, so its arguments are first sorted into two dense lists.

import { demote, fused, promoteHigh, promoteLow } from "./lanes";
import { LOG1P_NEAR, log1pFar, log1pNear } from "./log1p-xla-f32x4";

/** The most tiles of sixteen that one batch takes. */
const BATCH_TILES: u32 = 16;

// Byte offsets within the workspace.
const NEAR: usize = 0; // a batch, and what the last whole vectors write beyond it: 1056 bytes
const FAR: usize = NEAR + 1056; // as many
const LOGARITHMS: usize = FAR + 1056; // a batch: 1024 bytes
const MASKS: usize = LOGARITHMS + 1024; // which lanes of each vector of the batch are in NEAR: 64 bytes

/** The bytes of workspace that erf_inv_f32 needs. */
export const ERF_INV_BYTES: usize = MASKS + 64;

/** Byte shuffles by a mask of four lanes: to move the lanes of the mask to the front. */
const PACK: usize = memory.data<u32>([
  0x80808080, 0x80808080, 0x80808080, 0x80808080, 0x03020100, 0x80808080, 0x80808080, 0x80808080, 0x07060504,
  0x80808080, 0x80808080, 0x80808080, 0x03020100, 0x07060504, 0x80808080, 0x80808080, 0x0b0a0908, 0x80808080,
  0x80808080, 0x80808080, 0x03020100, 0x0b0a0908, 0x80808080, 0x80808080, 0x07060504, 0x0b0a0908, 0x80808080,
  0x80808080, 0x03020100, 0x07060504, 0x0b0a0908, 0x80808080, 0x0f0e0d0c, 0x80808080, 0x80808080, 0x80808080,
  0x03020100, 0x0f0e0d0c, 0x80808080, 0x80808080, 0x07060504, 0x0f0e0d0c, 0x80808080, 0x80808080, 0x03020100,
  0x07060504, 0x0f0e0d0c, 0x80808080, 0x0b0a0908, 0x0f0e0d0c, 0x80808080, 0x80808080, 0x03020100, 0x0b0a0908,
  0x0f0e0d0c, 0x80808080, 0x07060504, 0x0b0a0908, 0x0f0e0d0c, 0x80808080, 0x03020100, 0x07060504, 0x0b0a0908,
  0x0f0e0d0c,
]);

/** The reverse: to move the lanes at the front to those of the mask, and zeros to the others. */
const UNPACK: usize = memory.data<u32>([
  0x80808080, 0x80808080, 0x80808080, 0x80808080, 0x03020100, 0x80808080, 0x80808080, 0x80808080, 0x80808080,
  0x03020100, 0x80808080, 0x80808080, 0x03020100, 0x07060504, 0x80808080, 0x80808080, 0x80808080, 0x80808080,
  0x03020100, 0x80808080, 0x03020100, 0x80808080, 0x07060504, 0x80808080, 0x80808080, 0x03020100, 0x07060504,
  0x80808080, 0x03020100, 0x07060504, 0x0b0a0908, 0x80808080, 0x80808080, 0x80808080, 0x80808080, 0x03020100,
  0x03020100, 0x80808080, 0x80808080, 0x07060504, 0x80808080, 0x03020100, 0x80808080, 0x07060504, 0x03020100,
  0x07060504, 0x80808080, 0x0b0a0908, 0x80808080, 0x80808080, 0x03020100, 0x07060504, 0x03020100, 0x80808080,
  0x07060504, 0x0b0a0908, 0x80808080, 0x03020100, 0x07060504, 0x0b0a0908, 0x03020100, 0x07060504, 0x0b0a0908,
  0x0f0e0d0c,
]);

// erf_inv(u) = u p(w), w from log(1 - u^2): one polynomial for most values, one for those beyond |u| = 0.9966.
const CENTRE: usize = memory.data<u32>([
  0x32f16588, 0x34b84b36, 0xb66c7357, 0xb6935ac1, 0x396532db, 0xbaa45408, 0xbb88e4ef, 0x3e7c8f63, 0x3fc02e2f,
]);
const EDGE: usize = memory.data<u32>([
  0xb951f09b, 0x38d3b56b, 0x3ab0dc72, 0xbb70bde7, 0x3bbc127b, 0xbbf9c5d7, 0x3c1aa57e, 0x3f8036db, 0x40354f7e,
]);
const DEGREE: usize = 8;
const LOG_EDGE: f32 = -5; // log(1 - u^2) where one gives way to the other

/** The polynomial at `row` (f32 coefficients, the highest power first) on two lanes of w, held as f64. */
function polynomial(row: usize, w: v128): v128 {
  let p = promoteLow(v128.load32_splat(row));
  for (const end = row + 4 * DEGREE; row < end; row += 4) p = fused(p, w, promoteLow(v128.load32_splat(row, 4)));
  return p;
}

/** `p` with the lanes beyond the edge replaced: one vector in 75 has such a lane. */
function withEdge(p: v128, u: v128, l: v128): v128 {
  const beyond = f32x4.le(l, f32x4.splat(LOG_EDGE));
  if (!v128.any_true(beyond)) return p;
  const w = f32x4.sub(f32x4.sqrt(f32x4.neg(l)), f32x4.splat(3));
  const edge = demote(polynomial(EDGE, promoteLow(w)), polynomial(EDGE, promoteHigh(w)));
  const infinite = f32x4.eq(f32x4.abs(u), f32x4.splat(1));
  return v128.bitselect(f32x4.splat(Infinity), v128.bitselect(edge, p, beyond), infinite);
}

/** Sorts the logarithms' arguments -u^2 of a batch into the two lists; returns where they end. */
function sortArguments(workspace: usize, at: usize, bytes: usize): v128 {
  let near = workspace + NEAR;
  let far = workspace + FAR;
  for (let i: usize = 0; i < bytes; i += 16) {
    const u = v128.load(at + i);
    const t = f32x4.neg(f32x4.mul(u, u));
    const mask = i32x4.bitmask(f32x4.gt(t, f32x4.splat(-LOG1P_NEAR)));
    store<u8>(workspace + (i >> 4), <u8>mask, MASKS);
    v128.store(near, i8x16.swizzle(t, v128.load(PACK + ((<usize>mask) << 4))));
    v128.store(far, i8x16.swizzle(t, v128.load(PACK + ((<usize>(mask ^ 15)) << 4))));
    const count = <usize>popcnt(mask);
    near += count << 2;
    far += (4 - count) << 2;
  }
  return i32x4(<i32>near, <i32>far, 0, 0);
}

/** Writes the logarithms of both lists to where their arguments stood in the batch. */
function mergeLogarithms(workspace: usize, bytes: usize): void {
  let near = workspace + NEAR;
  let far = workspace + FAR;
  for (let i: usize = 0; i < bytes; i += 16) {
    const mask = <usize>load<u8>(workspace + (i >> 4), MASKS);
    const fromNear = i8x16.swizzle(v128.load(near), v128.load(UNPACK + (mask << 4)));
    const fromFar = i8x16.swizzle(v128.load(far), v128.load(UNPACK + ((mask ^ 15) << 4)));
    v128.store(workspace + i, v128.or(fromNear, fromFar), LOGARITHMS);
    const count = popcnt(mask);
    near += count << 2;
    far += (4 - count) << 2;
  }
}

/** One batch, at most BATCH_TILES. */
function erfInvBatch(workspace: usize, at: usize, tiles: u32): void {
  const bytes = (<usize>tiles) << 6;
  const ends = sortArguments(workspace, at, bytes);
  const endNear = <usize>i32x4.extract_lane(ends, 0);
  const endFar = <usize>i32x4.extract_lane(ends, 1);
  for (let list = workspace + NEAR; list < endNear; list += 32) log1pNear(list);
  for (let list = workspace + FAR; list < endFar; list += 16) log1pFar(list);

  mergeLogarithms(workspace, bytes);
  for (let i: usize = 0; i < bytes; i += 64, at += 64) {
    const l0 = v128.load(workspace + i, LOGARITHMS);
    const l1 = v128.load(workspace + i, LOGARITHMS + 16);
    const l2 = v128.load(workspace + i, LOGARITHMS + 32);
    const l3 = v128.load(workspace + i, LOGARITHMS + 48);
    const w0 = f32x4.sub(f32x4.splat(-2.5), l0);
    const w1 = f32x4.sub(f32x4.splat(-2.5), l1);
    const w2 = f32x4.sub(f32x4.splat(-2.5), l2);
    const w3 = f32x4.sub(f32x4.splat(-2.5), l3);
    const a = promoteLow(w0);
    const b = promoteHigh(w0);
    const c = promoteLow(w1);
    const d = promoteHigh(w1);
    const e = promoteLow(w2);
    const f = promoteHigh(w2);
    const g = promoteLow(w3);
    const h = promoteHigh(w3);
    // polynomial(CENTRE, ...) of a .. h, eight chains at once to hide their latency.
    let pa = promoteLow(v128.load32_splat(CENTRE));
    let pb = pa;
    let pc = pa;
    let pd = pa;
    let pe = pa;
    let pf = pa;
    let pg = pa;
    let ph = pa;
    for (let row = CENTRE + 4; row <= CENTRE + 4 * DEGREE; row += 4) {
      const coefficient = promoteLow(v128.load32_splat(row));
      pa = fused(pa, a, coefficient);
      pb = fused(pb, b, coefficient);
      pc = fused(pc, c, coefficient);
      pd = fused(pd, d, coefficient);
      pe = fused(pe, e, coefficient);
      pf = fused(pf, f, coefficient);
      pg = fused(pg, g, coefficient);
      ph = fused(ph, h, coefficient);
    }
    const u0 = v128.load(at);
    const u1 = v128.load(at, 16);
    const u2 = v128.load(at, 32);
    const u3 = v128.load(at, 48);
    v128.store(at, f32x4.mul(u0, withEdge(demote(pa, pb), u0, l0)));
    v128.store(at, f32x4.mul(u1, withEdge(demote(pc, pd), u1, l1)), 16);
    v128.store(at, f32x4.mul(u2, withEdge(demote(pe, pf), u2, l2)), 32);
    v128.store(at, f32x4.mul(u3, withEdge(demote(pg, ph), u3, l3)), 48);
  }
}

/** Replaces 16 * `tiles` floats of [-1, 1] at `at` by their erf_inv; -1 and 1 give infinities. `workspace` holds stream_workspace() bytes. */
export function erf_inv_f32(at: usize, tiles: u32, workspace: usize): void {
  for (; tiles > BATCH_TILES; tiles -= BATCH_TILES, at += BATCH_TILES << 6) erfInvBatch(workspace, at, BATCH_TILES);
  erfInvBatch(workspace, at, tiles);
}
