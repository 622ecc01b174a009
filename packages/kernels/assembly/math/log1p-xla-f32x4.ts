// log1p of XLA's CPU backend on (-1, 0], bit for bit, fused where LLVM fuses: a quotient near 0, a logarithm beyond.
// Source: xla/codegen/intrinsic/log1p.cc, xla/service/cpu/llvm_ir_runtime.cc (Apache-2.0); fma as in jaxlib 0.10's code.

import { demote, fused, promoteHigh, promoteLow } from "./lanes";

/** Where the quotient ends: |t| below sqrt(2) - 1. */
export const LOG1P_NEAR: f32 = reinterpret<f32>(0x3ed413cd);

// log1p(t) = t - t^2 / 2 + t^3 N(t) / D(t); D's highest coefficient is 1.
const N0: f64 = reinterpret<f32>(0x383de04b);
const N1: f64 = reinterpret<f32>(0x3eff40c5);
const D1: f32 = reinterpret<f32>(0x417101ad);

/** Rows of [N_k, D_k] as f32, k = 2 .. 6. */
const QUOTIENT: usize = memory.data<u32>([
  0x40d284fa, 0x42a6185b, 0x41ef4b9c, 0x435dc32d, 0x4273cc76, 0x439a8ca3, 0x426473ad, 0x43586d8a, 0x41a05101,
  0x42707982,
]);
const QUOTIENT_END: usize = QUOTIENT + 40;

// log(1 + x) = x - x^2 / 2 + x^3 P(x), P in three parts of three coefficients.
const P0: f64 = reinterpret<f32>(0x3d9021bb);
const P1: f64 = reinterpret<f32>(0xbdebd1b8);
const P2: f64 = reinterpret<f32>(0x3def251a);
const P3: f64 = reinterpret<f32>(0xbdfe5d4f);
const P4: f64 = reinterpret<f32>(0x3e11e9bf);
const P5: f64 = reinterpret<f32>(0xbe2aae50);
const P6: f64 = reinterpret<f32>(0x3e4cceac);
const P7: f64 = reinterpret<f32>(0xbe7ffffc);
const P8: f64 = reinterpret<f32>(0x3eaaaaaa);
const SMALLEST_NORMAL: u32 = 0x00800000;
const SQRT_HALF: u32 = 0x3f3504f3;
const LN2_HIGH: u32 = 0x3f318000; // few bits: its products with an exponent are exact
const LN2_LOW: u32 = 0xb95e8083;

/** t - t^2 / 2 + t^3 n / d. The product by -0.5 is exact, so that fma is a subtraction. */
function assembleNear(t: v128, n: v128, d: v128): v128 {
  const t2 = f32x4.mul(t, t);
  const q = f32x4.mul(f32x4.mul(t, t2), f32x4.div(n, d));
  return f32x4.add(t, f32x4.sub(q, f32x4.mul(f32x4.splat(0.5), t2)));
}

/** Replaces the eight t at `at`, -LOG1P_NEAR < t <= 0, by log1p(t). Eight chains at once hide their latency. */
export function log1pNear(at: usize): void {
  const t0 = v128.load(at);
  const t1 = v128.load(at, 16);
  const a = promoteLow(t0);
  const b = promoteHigh(t0);
  const c = promoteLow(t1);
  const d = promoteHigh(t1);
  const s0 = f32x4.add(t0, f32x4.splat(D1));
  const s1 = f32x4.add(t1, f32x4.splat(D1));
  let da = promoteLow(s0);
  let db = promoteHigh(s0);
  let dc = promoteLow(s1);
  let dd = promoteHigh(s1);
  let na = fused(a, f64x2.splat(N0), f64x2.splat(N1));
  let nb = fused(b, f64x2.splat(N0), f64x2.splat(N1));
  let nc = fused(c, f64x2.splat(N0), f64x2.splat(N1));
  let nd = fused(d, f64x2.splat(N0), f64x2.splat(N1));
  for (let row = QUOTIENT; row < QUOTIENT_END; row += 8) {
    const n = promoteLow(v128.load32_splat(row));
    na = fused(na, a, n);
    nb = fused(nb, b, n);
    nc = fused(nc, c, n);
    nd = fused(nd, d, n);
    const m = promoteLow(v128.load32_splat(row, 4));
    da = fused(da, a, m);
    db = fused(db, b, m);
    dc = fused(dc, c, m);
    dd = fused(dd, d, m);
  }
  v128.store(at, assembleNear(t0, demote(na, nb), demote(da, db)));
  v128.store(at, assembleNear(t1, demote(nc, nd), demote(dc, dd)), 16);
}

/** Replaces the four t at `at`, -1 <= t < 0, by log(1 + t); 1 + t = 0 counts as the smallest normal float. */
export function log1pFar(at: usize): void {
  const s = f32x4.max(f32x4.add(v128.load(at), f32x4.splat(1)), i32x4.splat(SMALLEST_NORMAL));
  // s = 2^e (1 + x), the significand m = 1 + x taken from [sqrt(1/2), sqrt(2)).
  const m = v128.or(v128.and(s, i32x4.splat(0x807fffff)), i32x4.splat(0x3f000000));
  const low = f32x4.lt(m, i32x4.splat(SQRT_HALF));
  const e = f32x4.convert_i32x4_s(i32x4.add(i32x4.sub(i32x4.shr_u(s, 23), i32x4.splat(126)), low));
  const x = f32x4.add(f32x4.sub(m, f32x4.splat(1)), v128.and(m, low));
  const x2 = f32x4.mul(x, x);
  const x3 = f32x4.mul(x2, x);
  const a = promoteLow(x);
  const b = promoteHigh(x);
  const a3 = promoteLow(x3);
  const b3 = promoteHigh(x3);
  let ya = fused(a, f64x2.splat(P0), f64x2.splat(P1));
  let yb = fused(b, f64x2.splat(P0), f64x2.splat(P1));
  let ya1 = fused(a, f64x2.splat(P3), f64x2.splat(P4));
  let yb1 = fused(b, f64x2.splat(P3), f64x2.splat(P4));
  let ya2 = fused(a, f64x2.splat(P6), f64x2.splat(P7));
  let yb2 = fused(b, f64x2.splat(P6), f64x2.splat(P7));
  ya = fused(ya, a, f64x2.splat(P2));
  yb = fused(yb, b, f64x2.splat(P2));
  ya1 = fused(ya1, a, f64x2.splat(P5));
  yb1 = fused(yb1, b, f64x2.splat(P5));
  ya2 = fused(ya2, a, f64x2.splat(P8));
  yb2 = fused(yb2, b, f64x2.splat(P8));
  ya = fused(ya, a3, ya1);
  yb = fused(yb, b3, yb1);
  ya = fused(ya, a3, ya2);
  yb = fused(yb, b3, yb2);
  const shift = f32x4.mul(e, i32x4.splat(LN2_LOW));
  ya = f64x2.add(f64x2.mul(ya, a3), promoteLow(shift));
  yb = f64x2.add(f64x2.mul(yb, b3), promoteHigh(shift));
  const r = f32x4.add(f32x4.sub(x, f32x4.mul(f32x4.splat(0.5), x2)), demote(ya, yb));
  v128.store(at, f32x4.add(f32x4.mul(e, i32x4.splat(LN2_HIGH)), r));
}
