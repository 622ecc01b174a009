// And, or and not of bytes that are false where 0 and true elsewhere; what they write is 0 or 1.
// Source: LogicalAnd, LogicalOr and LogicalNot of tfjs-backend-cpu 4.22.

/** 1 in every byte of `x` that is not 0. */
function truth(x: v128): v128 {
  return v128.and(i8x16.ne(x, i8x16.splat(0)), i8x16.splat(1));
}

/** out = a and b, for `n` bytes. */
export function logical_and_u8(out: usize, a: usize, b: usize, n: u32): void {
  const end = out + n;
  for (; out + 16 <= end; out += 16, a += 16, b += 16) {
    v128.store(out, v128.and(truth(v128.load(a)), truth(v128.load(b))));
  }
  for (; out < end; out++, a++, b++) store<u8>(out, load<u8>(a) != 0 && load<u8>(b) != 0 ? 1 : 0);
}

/** out = a or b, for `n` bytes. */
export function logical_or_u8(out: usize, a: usize, b: usize, n: u32): void {
  const end = out + n;
  for (; out + 16 <= end; out += 16, a += 16, b += 16) {
    v128.store(out, truth(v128.or(v128.load(a), v128.load(b))));
  }
  for (; out < end; out++, a++, b++) store<u8>(out, load<u8>(a) != 0 || load<u8>(b) != 0 ? 1 : 0);
}

/** out = not x, for `n` bytes. */
export function logical_not_u8(out: usize, x: usize, n: u32): void {
  const end = out + n;
  for (; out + 16 <= end; out += 16, x += 16) {
    v128.store(out, v128.xor(truth(v128.load(x)), i8x16.splat(1)));
  }
  for (; out < end; out++, x++) store<u8>(out, load<u8>(x) == 0 ? 1 : 0);
}
