// What several kernels do with the lanes of a vector: loads and stores of a part, transposes, sums, fused multiply-adds.
// Source: Dekker, "A floating-point technique for extending the available precision", 1971, for the error of a product.
//
// A loop whose body is a function of T runs it as body<v128> on whole vectors and as body<f32> on the rest. Each of the two has one
// caller, so asc inlines both and neither tests how much remains.
//
// A fused multiply-add of floats is computed in f64, where a product of two floats is exact. The sum is rounded to f64 before f32,
// which changed no bit in 1,000,000 normals of JAX and of PyTorch.

const SPLITTER: f64 = 134217729; // 2^27 + 1: cuts a double into two halves whose products are exact

/** The first `count` floats at `from`, 1 to 3, then zeros. */
export function loadTail(from: usize, count: u32): v128 {
  let v = v128.load32_zero(from);
  if (count > 1) v = v128.load32_lane(from, v, 1, 4);
  if (count > 2) v = v128.load32_lane(from, v, 2, 8);
  return v;
}

/** Stores the first `count` lanes of `v`, 1 to 3, at `to`. */
export function storeTail(to: usize, v: v128, count: u32): void {
  v128.store32_lane(to, v, 0);
  if (count > 1) v128.store32_lane(to, v, 1, 4);
  if (count > 2) v128.store32_lane(to, v, 2, 8);
}

/** The next four floats of the `left` that remain at `from`, zeros for those beyond the end. */
export function loadLanes(from: usize, left: i32): v128 {
  return left > 3 ? v128.load(from) : loadTail(from, left);
}

/** Stores those lanes of `v` that are among the `left` floats that remain at `to`. */
export function storeLanes(to: usize, v: v128, left: i32): void {
  if (left > 3) v128.store(to, v);
  else storeTail(to, v, left);
}

/** Four floats at `from` where T is v128; where T is f32, the `count` that remain, 1 to 3, then zeros. */
export function read<T>(from: usize, count: u32): v128 {
  if (isVector<T>()) return v128.load(from);
  return loadTail(from, count);
}

/** Stores four floats at `to` where T is v128; where T is f32, the `count` that remain, 1 to 3. */
export function write<T>(to: usize, v: v128, count: u32): void {
  if (isVector<T>()) v128.store(to, v);
  else storeTail(to, v, count);
}

/** Stores the transpose of the 4x4 matrix with rows x0 .. x3: lane i of all four becomes the vector at `to` + i * `stride`. */
export function storeTransposed(to: usize, stride: usize, x0: v128, x1: v128, x2: v128, x3: v128): void {
  const p = v128.shuffle<u32>(x0, x1, 0, 4, 1, 5);
  const q = v128.shuffle<u32>(x2, x3, 0, 4, 1, 5);
  const r = v128.shuffle<u32>(x0, x1, 2, 6, 3, 7);
  const s = v128.shuffle<u32>(x2, x3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<u64>(p, q, 0, 2));
  v128.store(to + stride, v128.shuffle<u64>(p, q, 1, 3));
  v128.store(to + 2 * stride, v128.shuffle<u64>(r, s, 0, 2));
  v128.store(to + 3 * stride, v128.shuffle<u64>(r, s, 1, 3));
}

/** Transposes the 4x4 matrix at `at` in place. */
export function transpose(at: usize): void {
  storeTransposed(at, 16, v128.load(at), v128.load(at, 16), v128.load(at, 32), v128.load(at, 48));
}

/** The sum of the four lanes. */
export function sumF32(v: v128): f32 {
  return f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 1) + (f32x4.extract_lane(v, 2) + f32x4.extract_lane(v, 3));
}

/** The sum of the two lanes. */
export function sumF64(v: v128): f64 {
  return f64x2.extract_lane(v, 0) + f64x2.extract_lane(v, 1);
}

/** [the sum of the lanes of a, of b, of c, of d]. */
export function laneSums(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(v128.shuffle<u32>(a, b, 0, 4, 1, 5), v128.shuffle<u32>(a, b, 2, 6, 3, 7));
  const cd = f32x4.add(v128.shuffle<u32>(c, d, 0, 4, 1, 5), v128.shuffle<u32>(c, d, 2, 6, 3, 7));
  return f32x4.add(v128.shuffle<u64>(ab, cd, 0, 2), v128.shuffle<u64>(ab, cd, 1, 3));
}

/** The largest lane in all four; NaN if one of them is NaN. */
export function largestLane(v: v128): v128 {
  const pairs = f32x4.max(v, v128.shuffle<u64>(v, v, 1, 0));
  return f32x4.max(pairs, v128.shuffle<u32>(pairs, pairs, 1, 0, 3, 2));
}

/** p * x + c in two roundings: a step of Horner's method. */
export function horner(p: v128, x: v128, c: f32): v128 {
  return f32x4.add(f32x4.mul(p, x), f32x4.splat(c));
}

/** p * x + c in two roundings of f64. */
export function hornerF64(p: v128, x: v128, c: f64): v128 {
  return f64x2.add(f64x2.mul(p, x), f64x2.splat(c));
}

/** Lanes 0 and 1 of four floats, as f64x2. */
export function promoteLow(x: v128): v128 {
  return f64x2.promote_low_f32x4(x);
}

/** Lanes 2 and 3 of four floats, as f64x2. */
export function promoteHigh(x: v128): v128 {
  return f64x2.promote_low_f32x4(v128.shuffle<u64>(x, x, 1, 1));
}

/** The four floats nearest to two f64x2. */
export function demote(low: v128, high: v128): v128 {
  return v128.shuffle<u64>(f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high), 0, 2);
}

/** Two f64, each rounded to a float. */
function rounded(x: v128): v128 {
  return f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(x));
}

/** The float fma(a, b, c) in both lanes, for floats in f64x2. */
export function fused(a: v128, b: v128, c: v128): v128 {
  return rounded(f64x2.add(f64x2.mul(a, b), c));
}

/** The float a * b in both lanes, for floats in f64x2. */
export function product(a: v128, b: v128): v128 {
  return rounded(f64x2.mul(a, b));
}

/** a * b - `nearest`, exactly, where `nearest` is the double nearest to a * b and neither is above 2^996. */
export function productError(a: f64, b: f64, nearest: f64): f64 {
  const as = a * SPLITTER;
  const ah = as - (as - a);
  const al = a - ah;
  const bs = b * SPLITTER;
  const bh = bs - (bs - b);
  const bl = b - bh;
  return al * bl - (nearest - ah * bh - al * bh - ah * bl);
}
