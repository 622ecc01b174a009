// Truncated normal floats of the stream keras/tensorflow: each group of four owns 256 counters and redraws within them.
// Source: TensorFlow 2.21 random_distributions.h (TruncatedNormalDistribution, SingleSampleAdapter).
//
// A group is the first four values within the cut of its blocks 0, 1, 2, ... Block 0 of four groups is drawn at once, a
// group per lane. The 17 % of groups with a value beyond the cut wait in a queue; when four wait, block 1 is drawn for
// them at once, a group per lane again. About one in 10^5 needs a third block: it is drawn alone, from its start.

import { philoxBlocks } from "../generated/philox-rounds";
import { storeTransposed, transpose } from "../math/lanes";
import { countersFrom, SCRATCH } from "../rng/philox4x32";
import { boxMullerLanes } from "./box-muller";
import { philoxTiles } from "./philox-u32";
import { scaled } from "./unit-interval";

const BLOCKS_PER_GROUP: u32 = 256;
const CUT: f32 = 2;
const BATCH_TILES: u32 = 48; // the passes go over so many tiles at a time: 3 KiB

// Byte offsets within the workspace, behind the generator's state.
const CANDIDATES: usize = SCRATCH; // block 1 of four groups: 64 bytes
const ALONE: usize = CANDIDATES + 64; // four blocks of one group: 64 bytes
const CHOSEN: usize = ALONE + 64; // up to eight values, in order; the first four are the group: 48 bytes
const WAITING: usize = CHOSEN + 48; // block 0 of the groups in the queue, up to seven: 128 bytes
const COUNTERS: usize = WAITING + 128; // their first counters: 32 bytes
const PLACES: usize = COUNTERS + 32; // where they go: 32 bytes

/** Makes the normals of four blocks with the counters `c0` at `at`, a block a vector. */
function drawBlocks(at: usize, workspace: usize, c0: v128): void {
  philoxBlocks(at, workspace, c0);
  boxMullerLanes(at, 2);
  transpose(at);
}

/** Writes the first four of a group's normals within the cut to CHOSEN; `c0` is the group's first counter. */
function drawGroup(workspace: usize, c0: u32): void {
  const alone = workspace + ALONE;
  let accepted = 0;
  for (let b: u32 = 0; b < BLOCKS_PER_GROUP; b += 4) {
    drawBlocks(alone, workspace, countersFrom(c0 + b));
    for (let at = alone; at < alone + 64; at += 4) {
      const z = load<f32>(at);
      if (abs(z) < CUT) {
        store<f32>(workspace + (accepted << 2), z, CHOSEN);
        if (++accepted == 4) return;
      }
    }
  }
}

/** Appends to CHOSEN, which holds `accepted`, those of the four values at `from` that are within the cut. */
function choose(workspace: usize, from: usize, accepted: u32): u32 {
  for (let i: usize = 0; i < 16; i += 4) {
    const z = load<f32>(from + i);
    store<f32>(workspace + (accepted << 2), z, CHOSEN); // overwritten by the next one if beyond the cut
    accepted += abs(z) < CUT ? 1 : 0;
  }
  return accepted;
}

/** Finishes the first four groups of the queue, or all `waiting` if they are fewer. */
function drawWaiting(workspace: usize, waiting: u32, stddev: v128, mean: v128): void {
  drawBlocks(workspace + CANDIDATES, workspace, i32x4.add(v128.load(workspace, COUNTERS), i32x4.splat(1)));
  for (let g: u32 = 0, end = min(waiting, 4); g < end; g++) {
    const first = choose(workspace, workspace + WAITING + 16 * g, 0);
    if (choose(workspace, workspace + CANDIDATES + 16 * g, first) < 4) {
      drawGroup(workspace, load<u32>(workspace + 4 * g, COUNTERS));
    }
    v128.store(load<u32>(workspace + 4 * g, PLACES), scaled(v128.load(workspace, CHOSEN), stddev, mean));
  }
}

/**
 * Orders and scales the normals of one tile at `out`, in place. Groups that need more than their block 0 are appended to
 * the queue, where `waiting` < 4 are; `c0` is the first counter of the tile. Returns how many wait now, up to 7.
 */
function finish(out: usize, workspace: usize, waiting: u32, c0: u32, stddev: v128, mean: v128): u32 {
  const z0 = v128.load(out);
  const z1 = v128.load(out, 16);
  const z2 = v128.load(out, 32);
  const z3 = v128.load(out, 48);
  storeTransposed(out, 16, z0, z1, z2, z3);
  const farthest = f32x4.max(f32x4.max(f32x4.abs(z0), f32x4.abs(z1)), f32x4.max(f32x4.abs(z2), f32x4.abs(z3)));
  let rejected = i32x4.bitmask(f32x4.ge(farthest, f32x4.splat(CUT)));
  while (rejected) {
    const g = ctz(rejected);
    v128.store(workspace + 16 * waiting, v128.load(out + 16 * g), WAITING);
    store<u32>(workspace + 4 * waiting, c0 + BLOCKS_PER_GROUP * g, COUNTERS);
    store<u32>(workspace + 4 * waiting, out + 16 * g, PLACES);
    waiting++;
    rejected &= rejected - 1;
  }
  for (let i: usize = 0; i < 64; i += 16) v128.store(out + i, scaled(v128.load(out + i), stddev, mean));
  return waiting;
}

/** Moves what is behind the first four of the queue to its front. */
function advanceQueue(workspace: usize): void {
  memory.copy(workspace + WAITING, workspace + WAITING + 64, 64);
  v128.store(workspace, v128.load(workspace, COUNTERS + 16), COUNTERS);
  v128.store(workspace, v128.load(workspace, PLACES + 16), PLACES);
}

/**
 * Fills `out` with 16 * `tiles` floats z * `stddev` + `mean`, |z| < 2; the elements 4 g .. 4 g + 3 come from the
 * counters (c0 + 256 g .. c0 + 256 g + 255, c1, c2, c3). `c0 + 1024 * tiles` does not pass 2^32. `workspace` holds
 * stream_workspace() bytes, a state of philox_seed first.
 */
export function philox_truncated_normal_f32(
  out: usize,
  tiles: u32,
  workspace: usize,
  c0: u32,
  stddev: f32,
  mean: f32,
): void {
  const s = f32x4.splat(stddev);
  const m = f32x4.splat(mean);
  const groups = i32x4(0, BLOCKS_PER_GROUP, 2 * BLOCKS_PER_GROUP, 3 * BLOCKS_PER_GROUP);
  const next = 4 * BLOCKS_PER_GROUP;
  let waiting: u32 = 0;
  let drawn: u32 = 0;
  for (let t: u32 = 0; t < tiles; t++, out += 64, c0 += next) {
    if (t == drawn) {
      const count = min(tiles - t, BATCH_TILES);
      philoxTiles(out, count, workspace, i32x4.add(i32x4.splat(c0), groups), next);
      boxMullerLanes(out, count << 1);
      drawn += count;
    }
    waiting = finish(out, workspace, waiting, c0, s, m);
    if (waiting >= 4) {
      drawWaiting(workspace, waiting, s, m);
      advanceQueue(workspace);
      waiting -= 4;
    }
  }
  if (waiting) drawWaiting(workspace, waiting, s, m);
}
