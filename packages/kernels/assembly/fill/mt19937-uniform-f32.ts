// Uniform floats from MT19937, one word each, low 24 bits: the two ways in which PyTorch scales them.
// Source: ATen/core/TransformationHelper.h (uniform_real), PyTorch 2.13; keras/src/backend/torch/random.py 3.15.1.

import { demote, fused, loadTail, promoteHigh, promoteLow, storeTail } from "../math/lanes";
import { BATCH, mt19937_u32 } from "../rng/mt19937";
import { unitFloats } from "./cephes-box-muller";
import { scaled } from "./unit-interval";

/**
 * The next words of `state`, up to a batch of the `n` that remain, at `out`; returns how many. A batch stays in the first-level cache
 * until its words are numbers.
 */
function drawBatch(state: usize, out: usize, n: u32): i32 {
  const count = min(n, BATCH);
  mt19937_u32(state, out, count);
  return <i32>count;
}

/** Fills `out` with `n` floats u * `range` + `low`, u in [0, 1), both operations rounded: `range * torch.rand(n) + low`. */
export function mt19937_uniform_f32(state: usize, out: usize, n: u32, range: f32, low: f32): void {
  const r = f32x4.splat(range);
  const l = f32x4.splat(low);
  for (let first: u32 = 0; first < n; first += BATCH) {
    let left = drawBatch(state, out, n - first);
    for (; left > 3; left -= 4, out += 16) v128.store(out, scaled(unitFloats(v128.load(out)), r, l));
    if (left > 0) storeTail(out, scaled(unitFloats(loadTail(out, left)), r, l), left);
  }
}

/** fma(u, range, low), and `low` where that has been rounded up to `high`. */
function between(words: v128, range: v128, low: v128, low64: v128, high: v128): v128 {
  const u = unitFloats(words);
  const x = demote(fused(promoteLow(u), range, low64), fused(promoteHigh(u), range, low64));
  return v128.bitselect(low, x, f32x4.eq(x, high));
}

/**
 * Fills `out` with `n` floats fma(u, high - low, low), u in [0, 1), as `tensor.uniform_(low, high)` does; a value that
 * rounds to `high` becomes `low`.
 */
export function mt19937_uniform_fused_f32(state: usize, out: usize, n: u32, low: f32, high: f32): void {
  const range = f64x2.splat(high - low);
  const low64 = f64x2.splat(low);
  const l = f32x4.splat(low);
  const h = f32x4.splat(high);
  for (let first: u32 = 0; first < n; first += BATCH) {
    let left = drawBatch(state, out, n - first);
    for (; left > 3; left -= 4, out += 16) v128.store(out, between(v128.load(out), range, l, low64, h));
    if (left > 0) storeTail(out, between(loadTail(out, left), range, l, low64, h), left);
  }
}
