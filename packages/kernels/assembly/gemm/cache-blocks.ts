// The sizes that fit gemm to a machine, as data: the tile, the cache blocks, and when operands are worth packing.
// Measured on a 3.6 GHz x86-64 with 32 KiB of L1 and 1 MiB of L2 per core; the figures are in docs/benchmarks.md.

export const MR: u32 = 4; // rows of a tile whose steps multiply and add: 8 accumulators
export const TALL: u32 = ASC_FEATURE_RELAXED_SIMD ? 6 : MR; // of one whose steps are fused: 12 hide their latency
export const NR: u32 = 8; // columns of a tile

export const KC: u32 = 256; // steps of k at a time: a micropanel of B is 8 KiB, in L1
export const MC: u32 = 64; // rows of A at a time: their block is 64 KiB, in L2
export const NC: u32 = 512; // columns of B at a time: their packed block is 512 KiB

const PACKED_ROWS: u32 = 48; // from so many rows and columns on packing costs less than it saves
const PACKED_COLUMNS: u32 = 48;
const REUSE_B: u32 = 32; // a row-major B that fewer rows of A meet is not worth a copy
const L1_FLOATS: u32 = 4096; // up to this size a row-major B is read in place: half of L1

/** Whether both operands are packed, for `m` rows of A and `nc` columns of B; else A is read in place. */
export function packsBoth(m: u32, nc: u32): bool {
  return m >= PACKED_ROWS && nc >= PACKED_COLUMNS;
}

/** Whether a block of B (kc x nc, each row contiguous) is read in place, for `m` rows of A that are. */
export function readsInPlaceB(m: u32, kc: u32, nc: u32): bool {
  return m < REUSE_B || kc * nc <= L1_FLOATS;
}

/** The length of the steps in which `size` is walked: at most `largest`, and nearly equal. */
export function balanced(size: u32, largest: u32): u32 {
  const blocks = (size + largest - 1) / largest;
  return (size + blocks - 1) / blocks;
}

/** How many of `rows` rows are done in tiles of TALL; the others, 8 at most where there are some, in tiles of MR. */
export function tallRows(rows: u32): u32 {
  if (TALL == MR) return 0;
  const rest = rows % TALL;
  if (rest == TALL - 1) return rows;
  return rest == 1 || rest == 2 ? max(rows - rest, TALL) - TALL : rows - rest;
}
