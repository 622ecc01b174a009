// Packing: copies of A and B in the order in which the microkernel reads them.
// Source: BLIS (Van Zee and van de Geijn, 2015), whose vocabulary this follows.
//
// A block (mc x kc), micropanels of 4 rows (or 6):   B block (kc x nc), micropanels of 8 columns:
//   panel 0: a00 a10 a20 a30 | a01 a11 a21 a31 | ..    panel 0: b00 b01 .. b07 | b10 b11 .. b17 | ..
//   panel 1: a40 a50 a60 a70 | a41 ..                  panel 1: b08 b09 .. b0f | b18 ..
// An incomplete panel is filled up with zeros, so that the microkernel always computes a full tile.

import { storeTransposed } from "../math/lanes";

/** Packs one panel: `width` of `full` lanes for each of `depth` steps, then zeros. Strides are in bytes. */
function packPanel(
  to: usize,
  from: usize,
  width: u32,
  full: u32,
  depth: u32,
  laneStride: usize,
  stepStride: usize,
): usize {
  for (let p: u32 = 0; p < depth; p++, from += stepStride) {
    let lane = from;
    let i: u32 = 0;
    for (; i < width; i++, to += 4, lane += laneStride) store<f32>(to, load<f32>(lane));
    for (; i < full; i++, to += 4) store<f32>(to, 0);
  }
  return to;
}

/** Packs a full panel whose lanes are contiguous: `full` is 4, 6 or 8. */
function packRows(to: usize, from: usize, full: u32, depth: u32, stepStride: usize): usize {
  for (let p: u32 = 0; p < depth; p++, from += stepStride, to += full << 2) {
    v128.store(to, v128.load(from));
    if (full > 6) v128.store(to, v128.load(from, 16), 16);
    else if (full > 4) store<u64>(to, load<u64>(from, 16), 16);
  }
  return to;
}

/** Packs two lanes whose steps are contiguous; `panelStride` is the distance of packed steps. */
function packPairs(to: usize, from: usize, depth: u32, laneStride: usize, panelStride: usize): void {
  const lane1 = from + laneStride;
  const whole = (depth & ~3) << 2;
  let p: usize = 0;
  for (; p < whole; p += 16, to += 4 * panelStride) {
    const x0 = v128.load(from + p);
    const x1 = v128.load(lane1 + p);
    const low = v128.shuffle<u32>(x0, x1, 0, 4, 1, 5);
    const high = v128.shuffle<u32>(x0, x1, 2, 6, 3, 7);
    v128.store64_lane(to, low, 0);
    v128.store64_lane(to + panelStride, low, 1);
    v128.store64_lane(to + 2 * panelStride, high, 0);
    v128.store64_lane(to + 3 * panelStride, high, 1);
  }
  for (; p < depth << 2; p += 4, to += panelStride) {
    store<f32>(to, load<f32>(from + p));
    store<f32>(to, load<f32>(lane1 + p), 4);
  }
}

/** Packs four lanes whose steps are contiguous, by 4x4 transposes; `panelStride` is the distance of packed steps. */
function packTransposed(to: usize, from: usize, depth: u32, laneStride: usize, panelStride: usize): void {
  const lane1 = from + laneStride;
  const lane2 = lane1 + laneStride;
  const lane3 = lane2 + laneStride;
  const whole = (depth & ~3) << 2;
  let p: usize = 0;
  for (; p < whole; p += 16) {
    const x0 = v128.load(from + p);
    const x1 = v128.load(lane1 + p);
    storeTransposed(to, panelStride, x0, x1, v128.load(lane2 + p), v128.load(lane3 + p));
    to += 4 * panelStride;
  }
  for (; p < depth << 2; p += 4, to += panelStride) {
    store<f32>(to, load<f32>(from + p));
    store<f32>(to, load<f32>(lane1 + p), 4);
    store<f32>(to, load<f32>(lane2 + p), 8);
    store<f32>(to, load<f32>(lane3 + p), 12);
  }
}

/**
 * Packs `lanes` x `depth` floats into panels of `full` (4, 6 or 8) lanes; returns where they end. Strides are in bytes: `laneStride` from one lane
 * to the next (a row of A, a column of B), `stepStride` from one step of k to the next; one of them is 4.
 */
export function pack(
  to: usize,
  from: usize,
  lanes: u32,
  full: u32,
  depth: u32,
  laneStride: usize,
  stepStride: usize,
): usize {
  let lane: u32 = 0;
  for (; lane + full <= lanes; lane += full, from += laneStride * full) {
    if (laneStride == 4) {
      to = packRows(to, from, full, depth, stepStride);
    } else {
      packTransposed(to, from, depth, laneStride, full << 2);
      if (full > 6) packTransposed(to + 16, from + 4 * laneStride, depth, laneStride, full << 2);
      else if (full > 4) packPairs(to + 16, from + 4 * laneStride, depth, laneStride, full << 2);
      to += (full * depth) << 2;
    }
  }
  return lane < lanes ? packPanel(to, from, lanes - lane, full, depth, laneStride, stepStride) : to;
}
