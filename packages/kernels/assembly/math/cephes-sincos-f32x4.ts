// Cephes's sinf and cosf on four lanes with the multiply-adds that GCC fuses in PyTorch's AVX2 build, bit for bit.
// Source: ATen/native/cpu/avx_mathfun.h (zlib licence), read in PyTorch 2.13; the fusing from its machine code.

import { demote, fused, product, promoteHigh, promoteLow } from "./lanes";

const FOUR_OVER_PI: f32 = 1.27323954473516;
const DP1: f32 = 0.78515625; // pi / 4 in three parts; the products of an octant with the first two are exact
const DP2: f32 = 2.4187564849853515625e-4;
const DP3: f32 = 3.77489497744594108e-8;
const S0: f32 = -1.9515295891e-4; // sin(x) = x + x^3 S(x^2)
const S1: f32 = 8.3321608736e-3;
const S2: f32 = -1.6666654611e-1;
const C0: f32 = 2.443315711809948e-5; // cos(x) = 1 - x^2 / 2 + x^4 C(x^2)
const C1: f32 = -1.388731625493765e-3;
const C2: f32 = 4.166664568298827e-2;

/** The octant of four angles in [0, 2 pi], rounded up to an even one: 0, 2, 4, 6 or 8. */
export function octants(angle: v128): v128 {
  const j = i32x4.trunc_sat_f32x4_s(f32x4.mul(angle, f32x4.splat(FOUR_OVER_PI)));
  return v128.and(i32x4.add(j, i32x4.splat(1)), i32x4.splat(~1));
}

/** The angles less their octants: within [-pi/4, pi/4]. */
export function withinOctant(angle: v128, j: v128): v128 {
  const y = f32x4.convert_i32x4_s(j);
  let x = f32x4.sub(angle, f32x4.mul(y, f32x4.splat(DP1)));
  x = f32x4.sub(x, f32x4.mul(y, f32x4.splat(DP2)));
  const part = f64x2.splat(-(<f64>DP3));
  return demote(fused(promoteLow(y), part, promoteLow(x)), fused(promoteHigh(y), part, promoteHigh(x)));
}

function sinHalf(x: v128, z: v128): v128 {
  let s = fused(f64x2.splat(S0), z, f64x2.splat(S1));
  s = fused(s, z, f64x2.splat(S2));
  return fused(product(s, z), x, x);
}

function cosHalf(z: v128): v128 {
  let c = fused(f64x2.splat(C0), z, f64x2.splat(C1));
  c = fused(c, z, f64x2.splat(C2));
  // z / 2 is exact, so its negative is the exact addend.
  return fused(product(c, z), z, f64x2.mul(z, f64x2.splat(-0.5)));
}

/** sin of angles within an octant; z is x squared. */
export function cephesSin(x: v128, z: v128): v128 {
  return demote(sinHalf(promoteLow(x), promoteLow(z)), sinHalf(promoteHigh(x), promoteHigh(z)));
}

/** cos of angles within an octant, of which z is the square. */
export function cephesCos(z: v128): v128 {
  return f32x4.add(demote(cosHalf(promoteLow(z)), cosHalf(promoteHigh(z))), f32x4.splat(1));
}
