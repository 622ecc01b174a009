// Doubles of the stream keras/tensorflow: a Philox block gives two uniforms, or one pair of normals, sine first.
// Source: TensorFlow 2.21 random_distributions_utils.h (Uint64ToDouble, BoxMullerDouble), random_distributions.h.

import { philoxBlocks } from "../generated/philox-rounds";
import { correctLogF64 } from "../math/correct-log-f64";
import { correctSincosF64 } from "../math/correct-sincos-f64";
import { transpose } from "../math/lanes";
import { countersFrom, SCRATCH } from "../rng/philox4x32";

const EPSILON: f64 = 1e-7; // keeps log away from 0
const TWO_PI: f64 = 6.283185307179586;
const CUT: f64 = 2;
const BLOCKS_PER_GROUP: u32 = 128; // reserved for two truncated normals

/** Two words as a double in [0, 1): the first gives the upper 20 bits of the fraction. */
function unitF64(x0: u32, x1: u32): f64 {
  const fraction = ((<u64>(x0 & 0xfffff)) << 32) | x1;
  return reinterpret<f64>(fraction | 0x3ff0000000000000) - 1;
}

/** The words of four blocks with the counters c0 .. c0 + 3, block by block. */
function drawBlocks(out: usize, state: usize, c0: u32): void {
  philoxBlocks(out, state, countersFrom(c0));
  transpose(out);
}

/** The two normals, sine and cosine, of the block at `block`. */
function boxMuller(block: usize): v128 {
  const u1 = max(unitF64(load<u32>(block), load<u32>(block, 4)), EPSILON);
  const angle = TWO_PI * unitF64(load<u32>(block, 8), load<u32>(block, 12));
  return f64x2.mul(correctSincosF64(angle), f64x2.splat(sqrt(-2 * correctLogF64(u1))));
}

/** z * `stddev` + `mean`, in two roundings. */
function scaled(z: v128, stddev: f64, mean: f64): v128 {
  return f64x2.add(f64x2.mul(z, f64x2.splat(stddev)), f64x2.splat(mean));
}

/**
 * Fills `out` with 8 * `tiles` doubles u * `range` + `low`, u in [0, 1); the elements 2 g and 2 g + 1 come from counter
 * (c0 + g, c1, c2, c3). `c0 + 4 * tiles` does not pass 2^32; `state` is from philox_seed.
 */
export function philox_uniform_f64(out: usize, tiles: u32, state: usize, c0: u32, range: f64, low: f64): void {
  for (let t: u32 = 0; t < tiles; t++, c0 += 4) {
    drawBlocks(out, state, c0);
    for (let i = 0; i < 8; i++, out += 8) {
      store<f64>(out, unitF64(load<u32>(out), load<u32>(out, 4)) * range + low);
    }
  }
}

/** As philox_uniform_f64, with doubles z * `stddev` + `mean`, z normal. */
export function philox_normal_f64(out: usize, tiles: u32, state: usize, c0: u32, stddev: f64, mean: f64): void {
  for (let t: u32 = 0; t < tiles; t++, c0 += 4) {
    drawBlocks(out, state, c0);
    for (let b = 0; b < 4; b++, out += 16) v128.store(out, scaled(boxMuller(out), stddev, mean));
  }
}

/** Writes the first two of a group's normals within the cut to `out`; `c0` is the group's first counter. */
function drawGroup(out: usize, workspace: usize, c0: u32): void {
  const candidates = workspace + SCRATCH; // four blocks of one group
  let accepted = 0;
  for (let b: u32 = 0; b < BLOCKS_PER_GROUP; b += 4) {
    drawBlocks(candidates, workspace, c0 + b);
    for (let block = candidates; block < candidates + 64; block += 16) {
      const z = boxMuller(block);
      const within = i64x2.bitmask(f64x2.lt(f64x2.abs(z), f64x2.splat(CUT)));
      if (accepted == 0 && within == 3) {
        v128.store(out, z);
        return;
      }
      for (let lane = 0; lane < 2; lane++) {
        if (((within >> lane) & 1) == 0) continue;
        store<f64>(out + (accepted << 3), lane == 0 ? f64x2.extract_lane(z, 0) : f64x2.extract_lane(z, 1));
        if (++accepted == 2) return;
      }
    }
  }
}

/**
 * Fills `out` with 8 * `tiles` doubles z * `stddev` + `mean`, |z| < 2; the elements 2 g and 2 g + 1 come from the
 * counters (c0 + 128 g .. c0 + 128 g + 127, c1, c2, c3). `c0 + 512 * tiles` does not pass 2^32. `workspace` holds
 * stream_workspace() bytes, a state of philox_seed first.
 */
export function philox_truncated_normal_f64(
  out: usize,
  tiles: u32,
  workspace: usize,
  c0: u32,
  stddev: f64,
  mean: f64,
): void {
  for (let g: u32 = 0; g < 4 * tiles; g++, out += 16, c0 += BLOCKS_PER_GROUP) {
    drawGroup(out, workspace, c0);
    v128.store(out, scaled(v128.load(out), stddev, mean));
  }
}
