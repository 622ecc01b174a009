// Fills any array through the scratch block, in whole tiles, so that kernels need know neither tails nor offsets.

import { getStreams, SCRATCH_LENGTH } from "../runtime/streams.ts";

/** Float32 elements that one pass of a counter-based fill kernel writes. */
export const TILE = 16;
/** Doubles that one pass of such a kernel writes. */
export const TILE_F64 = 8;
const TILE_BYTES = 64;
const CHUNK_TILES = (SCRATCH_LENGTH * 4) / TILE_BYTES;

/** Writes `tiles` tiles, from the tile number `first` of the whole tensor on, to `pointer`. */
export type DrawTiles = (pointer: number, tiles: number, first: number) => void;

/** Takes the `count` drawn elements at `pointer`, which are those from `at` on of what is filled. */
export type TakeElements = (pointer: number, count: number, at: number) => void;

/**
 * Draws the elements offset .. offset + length - 1 of the tensor that `draw` defines, `tile` elements in 64 bytes, and
 * hands them to `take`. Chunks start at multiples of their own length, so a kernel's 32-bit counter can only wrap
 * between two of them.
 */
export function drawTiles(length: number, offset: number, tile: number, draw: DrawTiles, take: TakeElements): void {
  const { scratch } = getStreams();
  const end = offset + length;
  for (let position = offset; position < end; ) {
    const first = Math.floor(position / tile);
    const chunkEnd = (Math.floor(first / CHUNK_TILES) + 1) * CHUNK_TILES;
    const last = Math.min(chunkEnd, Math.ceil(end / tile));
    draw(scratch, last - first, first);
    const stop = Math.min(end, last * tile);
    take(scratch + (position - first * tile) * (TILE_BYTES / tile), stop - position, position - offset);
    position = stop;
  }
}

/** Fills `out` with the elements offset .. offset + out.length - 1 of the tensor that `draw` defines. */
export function fillTiles(out: Float32Array, offset: number, draw: DrawTiles): void {
  const { arena } = getStreams();
  drawTiles(out.length, offset, TILE, draw, (pointer, count, at) => out.set(arena.f32(pointer, count), at));
}
