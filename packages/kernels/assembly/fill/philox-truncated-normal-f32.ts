// Truncated normal floats of the stream keras/tensorflow: each group of four owns 256 counters and redraws within them.
// Source: TensorFlow 2.21 random_distributions.h (TruncatedNormalDistribution, SingleSampleAdapter).
//
// A group is the first four values within the cut of its blocks 0, 1, 2, ... Block 0 of four groups is drawn at once, a
// group per lane. The 17 % of groups with a value beyond the cut wait in a queue; when four wait, block 1 is drawn for
// them at once, a group per lane again. About one in 10^5 needs a third block: it is drawn alone, from its start.

import { philoxLanes, philoxSetUp, philoxTiles, storeTransposed, transposeLanes } from "../rng/philox4x32";
import { boxMullerLanes } from "./box-muller";

const BLOCKS_PER_GROUP: u32 = 256;
const CUT: f32 = 2;
const BATCH_TILES: u32 = 48; // the passes go over so many tiles at a time: 3 KiB

const CANDIDATES: usize = memory.data(64, 16); // block 1 of four groups
const ALONE: usize = memory.data(64, 16); // four blocks of one group
const CHOSEN: usize = memory.data(48, 16); // up to eight values, in order; the first four are the group
const WAITING: usize = memory.data(128, 16); // block 0 of the groups in the queue, up to seven
const COUNTERS: usize = memory.data(32, 16); // their first counters
const PLACES: usize = memory.data(32, 16); // where they go

/** Writes the first four of a group's normals within the cut to CHOSEN; `c0` is the group's first counter. */
function drawGroup(c0: u32): void {
  let accepted = 0;
  for (let b: u32 = 0; b < BLOCKS_PER_GROUP; b += 4) {
    philoxLanes(ALONE, i32x4.add(i32x4.splat(c0 + b), i32x4(0, 1, 2, 3)));
    boxMullerLanes(ALONE, 2);
    transposeLanes(ALONE);
    for (let i: usize = 0; i < 64; i += 4) {
      const z = load<f32>(ALONE + i);
      if (abs(z) < CUT) {
        store<f32>(CHOSEN + (accepted << 2), z);
        if (++accepted == 4) return;
      }
    }
  }
}

/** Appends to CHOSEN, which holds `accepted`, those of the four values at `from` that are within the cut. */
function choose(from: usize, accepted: u32): u32 {
  for (let i: usize = 0; i < 16; i += 4) {
    const z = load<f32>(from + i);
    store<f32>(CHOSEN + (accepted << 2), z); // overwritten by the next one if beyond the cut
    accepted += abs(z) < CUT ? 1 : 0;
  }
  return accepted;
}

/** Finishes the first four groups of the queue, or all `waiting` if they are fewer. */
function drawWaiting(waiting: u32, stddev: v128, mean: v128): void {
  philoxLanes(CANDIDATES, i32x4.add(v128.load(COUNTERS), i32x4.splat(1)));
  boxMullerLanes(CANDIDATES, 2);
  transposeLanes(CANDIDATES);
  for (let g: u32 = 0, end = min(waiting, 4); g < end; g++) {
    if (choose(CANDIDATES + 16 * g, choose(WAITING + 16 * g, 0)) < 4) {
      drawGroup(load<u32>(COUNTERS + 4 * g));
    }
    v128.store(load<u32>(PLACES + 4 * g), f32x4.add(f32x4.mul(v128.load(CHOSEN), stddev), mean));
  }
}

/**
 * Orders and scales the normals of one tile at `out`, in place. Groups that need more than their block 0 are appended to
 * the queue, where `waiting` < 4 are; `c0` is the first counter of the tile. Returns how many wait now, up to 7.
 */
function finish(out: usize, waiting: u32, c0: u32, stddev: v128, mean: v128): u32 {
  const z0 = v128.load(out);
  const z1 = v128.load(out, 16);
  const z2 = v128.load(out, 32);
  const z3 = v128.load(out, 48);
  storeTransposed(out, z0, z1, z2, z3);
  const farthest = f32x4.max(f32x4.max(f32x4.abs(z0), f32x4.abs(z1)), f32x4.max(f32x4.abs(z2), f32x4.abs(z3)));
  let rejected = i32x4.bitmask(f32x4.ge(farthest, f32x4.splat(CUT)));
  while (rejected) {
    const g = ctz(rejected);
    v128.store(WAITING + 16 * waiting, v128.load(out + 16 * g));
    store<u32>(COUNTERS + 4 * waiting, c0 + BLOCKS_PER_GROUP * g);
    store<u32>(PLACES + 4 * waiting, out + 16 * g);
    waiting++;
    rejected &= rejected - 1;
  }
  for (let i: usize = 0; i < 64; i += 16) {
    v128.store(out + i, f32x4.add(f32x4.mul(v128.load(out + i), stddev), mean));
  }
  return waiting;
}

/** Moves what is behind the first four of the queue to its front. */
function advanceQueue(): void {
  memory.copy(WAITING, WAITING + 64, 64);
  v128.store(COUNTERS, v128.load(COUNTERS, 16));
  v128.store(PLACES, v128.load(PLACES, 16));
}

/**
 * Fills `out` with 16 * `tiles` floats z * `stddev` + `mean`, |z| < 2; the elements 4 g .. 4 g + 3 come from the
 * counters (c0 + 256 g .. c0 + 256 g + 255, c1, c2, c3). `c0 + 1024 * tiles` does not pass 2^32.
 */
export function philox_truncated_normal_f32(
  out: usize,
  tiles: u32,
  c0: u32,
  c1: u32,
  c2: u32,
  c3: u32,
  key0: u32,
  key1: u32,
  stddev: f32,
  mean: f32,
): void {
  const s = f32x4.splat(stddev);
  const m = f32x4.splat(mean);
  const groups = i32x4(0, BLOCKS_PER_GROUP, 2 * BLOCKS_PER_GROUP, 3 * BLOCKS_PER_GROUP);
  const next = 4 * BLOCKS_PER_GROUP;
  philoxSetUp(c1, c2, c3, key0, key1);
  let waiting: u32 = 0;
  let drawn: u32 = 0;
  for (let t: u32 = 0; t < tiles; t++, out += 64, c0 += next) {
    if (t == drawn) {
      const count = min(tiles - t, BATCH_TILES);
      philoxTiles(out, count, i32x4.add(i32x4.splat(c0), groups), next);
      boxMullerLanes(out, count << 1);
      drawn += count;
    }
    waiting = finish(out, waiting, c0, s, m);
    if (waiting >= 4) {
      drawWaiting(waiting, s, m);
      advanceQueue();
      waiting -= 4;
    }
  }
  if (waiting) drawWaiting(waiting, s, m);
}
