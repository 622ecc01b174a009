// One MT19937 sequence as PyTorch draws from it: its state lives here and visits the kernels' memory for each fill.
// Source: ATen/CPUGeneratorImpl.cpp, ATen/native/cpu/DistributionTemplates.h, read in PyTorch 2.13.

import { getStreams, SCRATCH_LENGTH } from "../runtime/streams.ts";
import type { Slice } from "./stream.ts";

const STATE_WORDS = 628; // as assembly/rng/mt19937.ts lays them out
const BLOCK = 16; // words that one block of normals takes
const RESERVED = 1024; // floats of the scratch block that hold the state; nothing is allocated, so no view goes stale
const CHUNK = SCRATCH_LENGTH - RESERVED;

/** Below this many elements PyTorch draws normals in pairs of doubles, not in blocks. */
export const SHORT: number = BLOCK;

/** Writes `count` numbers, or blocks of them, of the sequence whose state is at `state` to `pointer`. */
export type SequenceKernel = (state: number, pointer: number, count: number) => void;

/**
 * A sequence of 32-bit words, and what PyTorch makes of them.
 *
 * @example
 * new Mt19937(42).words(2); // Uint32Array [1608637542, 3421126067]
 */
export class Mt19937 {
  readonly #state = new Uint32Array(STATE_WORDS);
  #spare: number | undefined;

  constructor(seed: number) {
    this.seed(seed);
  }

  /** Starts again from a 32-bit seed; the spare normal is forgotten. */
  seed(seed: number): void {
    this.#spare = undefined;
    this.#visit((state) => getStreams().kernels.mt19937_seed(state, seed));
  }

  /** Passes over `count` words. */
  skip(count: number): void {
    this.#visit((state) => skipWords(state, count));
  }

  /** The next `n` words. */
  words(n: number): Uint32Array {
    const { kernels, arena } = getStreams();
    const words = new Uint32Array(n);
    this.#visit((state, pointer) => {
      for (let start = 0; start < n; start += CHUNK) {
        const count = Math.min(CHUNK, n - start);
        kernels.mt19937_u32(state, pointer, count);
        words.set(arena.u32(pointer, count), start);
      }
    });
    return words;
  }

  /** Fills `out` by a kernel that takes one word for each float. */
  fill(out: Float32Array, draw: SequenceKernel): void {
    const { arena } = getStreams();
    this.#visit((state, pointer) => {
      for (let start = 0; start < out.length; start += CHUNK) {
        const count = Math.min(CHUNK, out.length - start);
        draw(state, pointer, count);
        out.set(arena.f32(pointer, count), start);
      }
    });
  }

  /** Fills `out` by a kernel that takes two words for each double. */
  fillDoubles(out: Float64Array, draw: SequenceKernel): void {
    const { arena } = getStreams();
    this.#visit((state, pointer) => {
      for (let start = 0; start < out.length; start += CHUNK / 2) {
        const count = Math.min(CHUNK / 2, out.length - start);
        draw(state, pointer, count);
        out.set(arena.f64(pointer, count), start);
      }
    });
  }

  /**
   * Fills a slice of a tensor by a kernel that makes `perBlock` floats of a block of 16 words. Where the tensor's size is
   * not whole blocks, its last `perBlock` elements come from 16 words drawn after all others, as in PyTorch. What lies
   * before the slice is passed over, which takes time in proportion to it.
   */
  fillBlocks(out: Float32Array, { size, offset }: Slice, perBlock: number, draw: SequenceKernel): void {
    const { arena } = getStreams();
    const end = offset + out.length;
    const whole = Math.floor(size / perBlock);
    const first = Math.min(Math.floor(offset / perBlock), whole);
    const last = Math.min(Math.ceil(end / perBlock), whole);
    const most = CHUNK / BLOCK;
    this.#visit((state, pointer) => {
      /** Draws `count` blocks and keeps of them, being the elements from `base` on, what lies within the slice. */
      const drawBlocks = (base: number, count: number): void => {
        draw(state, pointer, count);
        const start = Math.max(offset, base);
        const stop = Math.min(end, base + count * perBlock);
        out.set(arena.f32(pointer + (start - base) * 4, stop - start), start - offset);
      };
      skipWords(state, first * BLOCK);
      for (let block = first; block < last; block += most) {
        drawBlocks(block * perBlock, Math.min(most, last - block));
      }
      if (size > whole * perBlock && end > size - perBlock) {
        skipWords(state, (size / perBlock - last) * BLOCK);
        drawBlocks(size - perBlock, 1);
      }
    });
  }

  /**
   * The next `n` standard normals, one by one: they are made in pairs, cosine first, and the spare one of a pair waits for
   * the next call, even if that is for another tensor.
   */
  normals(n: number): Float64Array {
    const { kernels, arena } = getStreams();
    const values = new Float64Array(n);
    let filled = 0;
    if (n > 0 && this.#spare !== undefined) {
      values[filled++] = this.#spare;
      this.#spare = undefined;
    }
    this.#visit((state, pointer) => {
      for (; filled < n; filled += 2) {
        kernels.mt19937_normal_pairs_f64(state, pointer, 1);
        const [cosine = 0, sine = 0] = arena.f64(pointer, 2);
        values[filled] = cosine;
        if (filled + 1 < n) values[filled + 1] = sine;
        else this.#spare = sine;
      }
    });
    return values;
  }

  /** Puts the state into the kernels' memory for `body`, which has the rest of the scratch block at `pointer`. */
  #visit(body: (state: number, pointer: number) => void): void {
    const { arena, scratch } = getStreams();
    arena.u32(scratch, STATE_WORDS).set(this.#state);
    body(scratch, scratch + RESERVED * 4);
    this.#state.set(arena.u32(scratch, STATE_WORDS));
  }
}

function skipWords(state: number, count: number): void {
  const { kernels } = getStreams();
  const most = 2 ** 32 - 1;
  for (let left = count; left > 0; left -= most) kernels.mt19937_skip(state, Math.min(left, most));
}
