// Cephes's logf on four lanes with the multiply-adds that GCC fuses in PyTorch's AVX2 build, bit for bit.
// Source: ATen/native/cpu/avx_mathfun.h (zlib licence), read in PyTorch 2.13; the fusing from its machine code.

import { LN2_HIGH, LN2_LOW, P0, P1, P2, P3, P4, P5, P6, P7, P8 } from "./cephes-log-constants";
import { demote, fused, product, promoteHigh, promoteLow } from "./lanes";

const SQRT_HALF: f32 = reinterpret<f32>(0x3f3504f3);

/** x^3 P(x) + `low`, for two lanes. */
function series(x: v128, z: v128, low: v128): v128 {
  let y = fused(f64x2.splat(P0), x, f64x2.splat(P1));
  y = fused(y, x, f64x2.splat(P2));
  y = fused(y, x, f64x2.splat(P3));
  y = fused(y, x, f64x2.splat(P4));
  y = fused(y, x, f64x2.splat(P5));
  y = fused(y, x, f64x2.splat(P6));
  y = fused(y, x, f64x2.splat(P7));
  y = fused(y, x, f64x2.splat(P8));
  return fused(product(y, x), z, low);
}

/** log(u) for four normal, positive floats. */
export function cephesLog(u: v128): v128 {
  // u = 2^e m with m in [sqrt(1/2), sqrt(2)); x = m - 1.
  const m = v128.or(v128.and(u, i32x4.splat(0x007fffff)), i32x4.splat(0x3f000000));
  const below = f32x4.lt(m, f32x4.splat(SQRT_HALF));
  const exponent = i32x4.add(i32x4.sub(i32x4.shr_u(u, 23), i32x4.splat(126)), below);
  const e = f32x4.convert_i32x4_s(exponent);
  const x = f32x4.add(f32x4.sub(m, f32x4.splat(1)), v128.and(m, below));
  const z = f32x4.mul(x, x);
  const low = f32x4.mul(e, f32x4.splat(LN2_LOW));
  const y = demote(
    series(promoteLow(x), promoteLow(z), promoteLow(low)),
    series(promoteHigh(x), promoteHigh(z), promoteHigh(low)),
  );
  // Both products are exact, so the fused operations here are plain ones.
  const corrected = f32x4.sub(y, f32x4.mul(z, f32x4.splat(0.5)));
  return f32x4.add(f32x4.mul(e, f32x4.splat(LN2_HIGH)), f32x4.add(x, corrected));
}
