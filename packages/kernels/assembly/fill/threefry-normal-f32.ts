// Normal floats of JAX's streams: one Threefry word each, by the inverse of the distribution function.
// Source: jax/_src/random/core.py (_normal_real): sqrt(2) erf_inv(u), u uniform on [nextafter(-1, 0), 1).

import { threefry_truncated_normal_f32 } from "./threefry-truncated-normal-f32";

const LOW: f32 = reinterpret<f32>(0xbf7fffff);
const RANGE: f32 = 2; // 1 - LOW as float32 rounds it

/**
 * Fills `out` with 16 * `tiles` floats z * `stddev` + `mean`; element i comes from the counter (high, first + i).
 * `first + 16 * tiles` does not pass 2^32. `workspace` holds stream_workspace() bytes, a state of threefry_seed first.
 */
export function threefry_normal_f32(
  out: usize,
  tiles: u32,
  workspace: usize,
  high: u32,
  first: u32,
  stddev: f32,
  mean: f32,
): void {
  threefry_truncated_normal_f32(out, tiles, workspace, high, first, LOW, RANGE, -Infinity, Infinity, stddev, mean);
}
