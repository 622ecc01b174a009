// logf of glibc >= 2.28 on four floats, in f64 by pairs and rounded once at the end: that logf bit for bit.
// Source: ARM optimized-routines math/logf.c, logf_data.c (MIT or Apache-2.0 WITH LLVM-exception).

import { demote } from "./lanes";

const LN2: f64 = reinterpret<f64>(0x3fe62e42fefa39ef); // 0x1.62e42fefa39efp-1
const A0: f64 = reinterpret<f64>(0xbfd00ea348b88334); // -0x1.00ea348b88334p-2 A0..A2: the polynomial of log(1 + r)
const A1: f64 = reinterpret<f64>(0x3fd5575b0be00b6a); // 0x1.5575b0be00b6ap-2
const A2: f64 = reinterpret<f64>(0xbfdffffef20a4123); // -0x1.ffffef20a4123p-2

const OFFSET: i32 = 0x3f330000; // the bit pattern of 0.69921875, where the table begins

/** Rows of [1/c, log(c)], c near the centre of the i-th of sixteen subintervals of [0.69921875, 1.3984375). */
const TABLE: usize = memory.data<u64>([
  0x3ff661ec79f8f3be, 0xbfd57bf7808caade, 0x3ff571ed4aaf883d, 0xbfd2bef0a7c06ddb, 0x3ff49539f0f010b0,
  0xbfd01eae7f513a67, 0x3ff3c995b0b80385, 0xbfcb31d8a68224e9, 0x3ff30d190c8864a5, 0xbfc6574f0ac07758,
  0x3ff25e227b0b8ea0, 0xbfc1aa2bc79c8100, 0x3ff1bb4a4a1a343f, 0xbfba4e76ce8c0e5e, 0x3ff12358f08ae5ba,
  0xbfb1973c5a611ccc, 0x3ff0953f419900a7, 0xbfa252f438e10c1e, 0x3ff0000000000000, 0x0000000000000000,
  0x3fee608cfd9a47ac, 0x3faaa5aa5df25984, 0x3feca4b31f026aa0, 0x3fbc5e53aa362eb4, 0x3feb2036576afce6,
  0x3fc526e57720db08, 0x3fe9c2d163a1aa2d, 0x3fcbc2860d224770, 0x3fe886e6037841ed, 0x3fd1058bc8a07ee1,
  0x3fe767dcf5534862, 0x3fd4043057b6ee09,
]);

/** log(x) = k log(2) + log(c) + log(1 + r) with r = z / c - 1, for table rows [1/c, log(c)] of two lanes. */
function logFromRows(z: v128, k: v128, row0: v128, row1: v128): v128 {
  const invc = v128.shuffle<u64>(row0, row1, 0, 2);
  const logc = v128.shuffle<u64>(row0, row1, 1, 3);
  const r = f64x2.sub(f64x2.mul(f64x2.promote_low_f32x4(z), invc), f64x2.splat(1));
  const y0 = f64x2.add(logc, f64x2.mul(f64x2.convert_low_i32x4_s(k), f64x2.splat(LN2)));
  const r2 = f64x2.mul(r, r);
  let y = f64x2.add(f64x2.mul(f64x2.splat(A1), r), f64x2.splat(A2));
  y = f64x2.add(f64x2.mul(f64x2.splat(A0), r2), y);
  return f64x2.add(f64x2.mul(y, r2), f64x2.add(y0, r));
}

/** logf of four positive normal floats. */
export function logF32x4(x: v128): v128 {
  const tmp = i32x4.sub(x, i32x4.splat(OFFSET));
  const k = i32x4.shr_s(tmp, 23);
  const z = i32x4.sub(x, v128.and(tmp, i32x4.splat(0xff800000)));
  const rows = i32x4.add(v128.and(i32x4.shr_u(tmp, 15), i32x4.splat(0xf0)), i32x4.splat(<i32>TABLE));
  const row0 = v128.load(<usize>i32x4.extract_lane(rows, 0));
  const row1 = v128.load(<usize>i32x4.extract_lane(rows, 1));
  const row2 = v128.load(<usize>i32x4.extract_lane(rows, 2));
  const row3 = v128.load(<usize>i32x4.extract_lane(rows, 3));
  const low = logFromRows(z, k, row0, row1);
  const high = logFromRows(v128.shuffle<u64>(z, z, 1, 1), v128.shuffle<u64>(k, k, 1, 1), row2, row3);
  return demote(low, high);
}
