// Comparisons with broadcasting, whose results are bytes 0 and 1, and the selection by such bytes.
// Source: the comparisons and Select of tfjs-backend-cpu 4.22; the descriptor is that of broadcast.ts.

import { loadTail, storeTail } from "../math/lanes";
import { advance, loadStep, rowsFrom } from "./broadcast";

const EQUAL: u32 = 0;
const NOT_EQUAL: u32 = 1;
const GREATER: u32 = 2;
const GREATER_EQUAL: u32 = 3;
const LESS: u32 = 4;

/** All bits of the lanes where the comparison number `relation` holds. */
function holds(relation: u32, a: v128, b: v128): v128 {
  if (relation == EQUAL) return f32x4.eq(a, b);
  if (relation == NOT_EQUAL) return f32x4.ne(a, b);
  if (relation == GREATER) return f32x4.gt(a, b);
  if (relation == GREATER_EQUAL) return f32x4.ge(a, b);
  if (relation == LESS) return f32x4.lt(a, b);
  return f32x4.le(a, b);
}

/** Stores 1 for the first `count` lanes of `mask` that are set and 0 for the others, a byte each. */
function storeFlags(out: usize, mask: v128, count: i32): void {
  const words = i16x8.narrow_i32x4_s(mask, mask);
  const flags = v128.and(i8x16.narrow_i16x8_s(words, words), i8x16.splat(1));
  if (count > 3) {
    v128.store32_lane(out, flags, 0);
    return;
  }
  v128.store8_lane(out, flags, 0);
  if (count > 1) v128.store8_lane(out, flags, 1, 1);
  if (count > 2) v128.store8_lane(out, flags, 2, 2);
}

/**
 * out = 1 where a and b are related, else 0, a byte each, broadcast as `shape` says. `relation` is 0 for equal, 1 for not
 * equal, 2 for greater, 3 for greater or equal, 4 for less, 5 for less or equal.
 */
export function compare_f32(out: usize, a: usize, b: usize, shape: usize, relation: u32): void {
  const n = <i32>load<u32>(shape, 12);
  const stepA = load<u32>(shape, 16) << 4;
  const stepB = load<u32>(shape, 20) << 4;
  for (let rows = rowsFrom(shape, 0); rows > 0; rows--) {
    let x = a + load<u32>(shape, 4);
    let y = b + load<u32>(shape, 8);
    for (let left = n; left > 0; left -= 4, x += stepA, y += stepB, out += 4) {
      storeFlags(out, holds(relation, loadStep(x, stepA, left), loadStep(y, stepB, left)), left);
    }
    out -= -n & 3;
    advance(shape, 0);
  }
}

/** out = a where `condition` is 1, else b; `n` elements of four bytes, a byte of `condition` each. */
export function select_f32(out: usize, condition: usize, a: usize, b: usize, n: u32): void {
  for (let left = <i32>n; left > 0; left -= 4, out += 16, condition += 4, a += 16, b += 16) {
    if (left > 3) {
      const flags = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(condition)));
      v128.store(out, v128.bitselect(v128.load(a), v128.load(b), i32x4.eq(flags, i32x4.splat(1))));
      continue;
    }
    let flags = i32x4.splat(load<u8>(condition));
    if (left > 1) flags = i32x4.replace_lane(flags, 1, load<u8>(condition, 1));
    if (left > 2) flags = i32x4.replace_lane(flags, 2, load<u8>(condition, 2));
    storeTail(out, v128.bitselect(loadTail(a, left), loadTail(b, left), i32x4.eq(flags, i32x4.splat(1))), left);
  }
}
