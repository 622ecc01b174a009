// Doubles of the stream keras/tensorflow: a Philox block gives two uniforms, or one pair of normals, sine first.
// Source: TensorFlow 2.21 random_distributions_utils.h (Uint64ToDouble, BoxMullerDouble), random_distributions.h.

import { correctLogF64 } from "../math/correct-log-f64";
import { correctSincosF64 } from "../math/correct-sincos-f64";
import { philoxLanes, philoxSetUp, transposeLanes } from "../rng/philox4x32";

const EPSILON: f64 = 1e-7; // keeps log away from 0
const TWO_PI: f64 = 6.283185307179586;
const CUT: f64 = 2;
const BLOCKS_PER_GROUP: u32 = 128; // reserved for two truncated normals

/** Four blocks of one group, then as many normals. */
const CANDIDATES: usize = memory.data(64, 16);

/** Two words as a double in [0, 1): the first gives the upper 20 bits of the fraction. */
function unitF64(x0: u32, x1: u32): f64 {
  const fraction = ((<u64>(x0 & 0xfffff)) << 32) | x1;
  return reinterpret<f64>(fraction | 0x3ff0000000000000) - 1;
}

/** Replaces the four words of a block by the normals sine and cosine. */
function boxMuller(block: usize): void {
  const u1 = max(unitF64(load<u32>(block), load<u32>(block, 4)), EPSILON);
  const angle = TWO_PI * unitF64(load<u32>(block, 8), load<u32>(block, 12));
  const radius = sqrt(-2 * correctLogF64(u1));
  correctSincosF64(block, angle);
  store<f64>(block, load<f64>(block) * radius);
  store<f64>(block, load<f64>(block, 8) * radius, 8);
}

/**
 * Fills `out` with 8 * `tiles` doubles u * `range` + `low`, u in [0, 1); the elements 2 g and 2 g + 1 come from counter
 * (c0 + g, c1, c2, c3). `c0 + 4 * tiles` does not pass 2^32.
 */
export function philox_uniform_f64(
  out: usize,
  tiles: u32,
  c0: u32,
  c1: u32,
  c2: u32,
  c3: u32,
  key0: u32,
  key1: u32,
  range: f64,
  low: f64,
): void {
  philoxSetUp(c1, c2, c3, key0, key1);
  for (let t: u32 = 0; t < tiles; t++, c0 += 4) {
    philoxLanes(out, i32x4.add(i32x4.splat(c0), i32x4(0, 1, 2, 3)));
    transposeLanes(out);
    for (let i = 0; i < 8; i++, out += 8) {
      store<f64>(out, unitF64(load<u32>(out), load<u32>(out, 4)) * range + low);
    }
  }
}

/** As philox_uniform_f64, with doubles z * `stddev` + `mean`, z normal. */
export function philox_normal_f64(
  out: usize,
  tiles: u32,
  c0: u32,
  c1: u32,
  c2: u32,
  c3: u32,
  key0: u32,
  key1: u32,
  stddev: f64,
  mean: f64,
): void {
  philoxSetUp(c1, c2, c3, key0, key1);
  for (let t: u32 = 0; t < tiles; t++, c0 += 4) {
    philoxLanes(out, i32x4.add(i32x4.splat(c0), i32x4(0, 1, 2, 3)));
    transposeLanes(out);
    for (let b = 0; b < 4; b++, out += 16) {
      boxMuller(out);
      store<f64>(out, load<f64>(out) * stddev + mean);
      store<f64>(out, load<f64>(out, 8) * stddev + mean, 8);
    }
  }
}

/** Writes the first two of a group's normals within the cut to `out`; `c0` is the group's first counter. */
function drawGroup(out: usize, c0: u32): void {
  let accepted = 0;
  for (let b: u32 = 0; b < BLOCKS_PER_GROUP; b += 4) {
    philoxLanes(CANDIDATES, i32x4.add(i32x4.splat(c0 + b), i32x4(0, 1, 2, 3)));
    transposeLanes(CANDIDATES);
    for (let block = CANDIDATES; block < CANDIDATES + 64; block += 16) {
      boxMuller(block);
      for (let at = block; at < block + 16; at += 8) {
        const z = load<f64>(at);
        if (abs(z) < CUT) {
          store<f64>(out + (accepted << 3), z);
          if (++accepted == 2) return;
        }
      }
    }
  }
}

/**
 * Fills `out` with 8 * `tiles` doubles z * `stddev` + `mean`, |z| < 2; the elements 2 g and 2 g + 1 come from the
 * counters (c0 + 128 g .. c0 + 128 g + 127, c1, c2, c3). `c0 + 512 * tiles` does not pass 2^32.
 */
export function philox_truncated_normal_f64(
  out: usize,
  tiles: u32,
  c0: u32,
  c1: u32,
  c2: u32,
  c3: u32,
  key0: u32,
  key1: u32,
  stddev: f64,
  mean: f64,
): void {
  philoxSetUp(c1, c2, c3, key0, key1);
  for (let g: u32 = 0; g < 4 * tiles; g++, out += 16, c0 += BLOCKS_PER_GROUP) {
    drawGroup(out, c0);
    store<f64>(out, load<f64>(out) * stddev + mean);
    store<f64>(out, load<f64>(out, 8) * stddev + mean, 8);
  }
}
