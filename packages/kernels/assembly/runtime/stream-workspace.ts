// How much workspace the kernels of streams need; one size for all of them, so that a caller allocates it once.

import { ERF_INV_BYTES } from "../math/erf-inv-f32";
import { SCRATCH } from "../rng/threefry2x32";

/** The bytes of workspace that any kernel of streams needs: a state of philox_seed or threefry_seed, then scratch. */
export function stream_workspace(): usize {
  return SCRATCH + ERF_INV_BYTES; // threefry_truncated_normal_f32 needs most
}
