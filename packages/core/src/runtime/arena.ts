// The allocator over the kernels' memory: size classes for fast reuse, and free neighbours that merge where those are not enough.
// The only code that grows a WebAssembly.Memory. Source: Knuth, TAOCP 1, 2.5 (boundary tags); Masmano and others 2004 (TLSF's bins).
//
//   free(block) -> the list of its class, untouched: the next alloc of that class takes it back, as a training step does
//   alloc that finds its class empty -> a span of merged blocks, split; else the end of the memory. Where that would grow, the
//                                       lists are merged into spans before, if they hold a quarter of it, and after, if it cannot
// Each block that is freed is merged at most once, so a merge costs no more than the frees before it.

import { describeBriefly, expectInteger, expectNumber } from "@fanin/tensor/arguments";

const PAGE = 65536;
const LARGEST = 65536 * PAGE; // what 32-bit addresses reach: 4 GiB

/** The size class of a request: 16 bytes, then four classes per doubling, so that at most a fifth is lost. */
export function sizeClass(bytes: number): number {
  if (bytes <= 64) return bytes <= 16 ? 16 : (bytes + 15) & ~15;
  if (bytes > 2 ** 30) {
    const step = 2 ** (Math.floor(Math.log2(bytes - 1)) - 2);
    return Math.ceil(bytes / step) * step;
  }
  const shift = 29 - Math.clz32(bytes - 1);
  return (((bytes - 1) >> shift) + 1) << shift;
}

/** The number of the largest size class that a span of `size` bytes, a multiple of 16, holds. */
function binOf(size: number): number {
  const units = Math.min(size / 16, 2 ** 28); // of 16 bytes
  if (units < 8) return units;
  const exponent = 31 - Math.clz32(units);
  return exponent * 4 + ((units >> (exponent - 2)) & 3) - 4;
}

const BINS = binOf(LARGEST) + 1;

/** What an arena holds, in bytes. */
export interface ArenaUse {
  /** In blocks that are allocated, rounded up to their size classes. */
  readonly allocated: number;
  /** Freed below the highest block that is allocated or waits for reuse. */
  readonly free: number;
  /** The whole memory, constants of the kernels included. */
  readonly memory: number;
  /** How many blocks are allocated. */
  readonly blocks: number;
}

/**
 * Hands out 16-byte aligned blocks of a WebAssembly.Memory and takes them back.
 *
 * A view (`f32`, `u8`, ...) is valid until the next `alloc`, which may grow the memory and detach it: take a new one after it.
 *
 * @example
 * const arena = new Arena(new WebAssembly.Memory({ initial: 1 }), 1024);
 * const block = arena.alloc(64);
 * arena.f32(block, 16).fill(1);
 * arena.free(block);
 * arena.use().blocks; // => 0
 */
export class Arena {
  readonly memory: WebAssembly.Memory;
  readonly #base: number;
  readonly #limit: number;
  #top: number;
  #allocated = 0;
  #freeBytes = 0;
  /** Of them, those in blocks that are not merged. */
  #recentBytes = 0;
  #blocks = 0;
  /** The size of each block: negative once it is freed, until it merges. To keep the key is faster than to delete it. */
  readonly #sizes = new Map<number, number>();
  /** Freed blocks by size, not merged. */
  readonly #recent = new Map<number, number[]>();
  /** Merged spans: where each begins and ends, and the starts by size. No two are neighbours, and none ends at the top. */
  readonly #spans = new Map<number, number>();
  readonly #spanEnds = new Map<number, number>();
  readonly #bins: Set<number>[] = Array.from({ length: BINS }, () => new Set<number>());
  #buffer: ArrayBuffer;

  /**
   * Blocks lie from `base` up to `limit` bytes, both counted from the memory's start. Defaults to a limit of 4 GiB.
   *
   * @throws TypeError for what is not a WebAssembly.Memory, or no number; RangeError for a number that is no address.
   */
  constructor(memory: WebAssembly.Memory, base: number, limit: number = LARGEST) {
    // Unlike instanceof, true to a memory of another window or context.
    if (Object.prototype.toString.call(memory) !== "[object WebAssembly.Memory]") {
      throw new TypeError(`memory: expected a WebAssembly.Memory, got ${describeBriefly(memory)}`);
    }
    this.memory = memory;
    this.#base = Math.ceil(expectInteger("base", base, 0, LARGEST) / 16) * 16;
    this.#limit = expectInteger("limit", limit, 0, LARGEST);
    this.#top = this.#base;
    this.#buffer = memory.buffer as ArrayBuffer;
  }

  /** `memory.buffer`, which is a call out of JavaScript, kept until the memory grows. */
  get buffer(): ArrayBuffer {
    return this.#buffer;
  }

  /**
   * The address of a new block of at least `bytes` bytes; what it holds is not defined.
   *
   * @throws TypeError or RangeError for what is no integer >= 0, and RangeError where no free span is long enough and the limit
   *   (4 GiB by default) is reached, with what was asked for. The arena stays as it was.
   */
  alloc(bytes: number): number {
    if (!Number.isInteger(bytes) || bytes < 0) {
      throw new RangeError(`bytes: expected an integer >= 0, got ${expectNumber("bytes", bytes)}`);
    }
    const size = sizeClass(bytes);
    const reused = this.#recent.get(size)?.pop();
    if (reused !== undefined) {
      this.#freeBytes -= size;
      this.#recentBytes -= size;
      return this.#hold(reused, size);
    }
    // To merge is to take the lists apart that the next training step finds its blocks in: only where the memory would grow, and
    // where a good part of it lies in them.
    const isFull = this.#top + size > this.#buffer.byteLength;
    const isWorthMerging = isFull && this.#recentBytes * 4 >= this.#buffer.byteLength;
    let pointer = this.#takeSpan(size);
    if (pointer === undefined && isWorthMerging && this.#mergeRecent()) pointer = this.#takeSpan(size);
    pointer ??= this.#extend(size);
    if (pointer === undefined && this.#mergeRecent()) pointer = this.#takeSpan(size) ?? this.#extend(size);
    if (pointer === undefined) {
      throw new RangeError(
        `out of WebAssembly memory: ${bytes} bytes asked for, ${this.#allocated} in use, ${this.#freeBytes} free in shorter spans, of ${this.#limit}`,
      );
    }
    return this.#hold(pointer, size);
  }

  /** Gives a block back; RangeError if `pointer` is not one that is allocated. */
  free(pointer: number): void {
    const size = this.#sizes.get(pointer);
    if (size === undefined || size < 0) throw new RangeError(`pointer: expected an allocated block, got ${pointer}`);
    this.#sizes.set(pointer, -size);
    this.#blocks--;
    this.#allocated -= size;
    this.#freeBytes += size;
    this.#recentBytes += size;
    const list = this.#recent.get(size);
    if (list) list.push(pointer);
    else this.#recent.set(size, [pointer]);
  }

  /** Takes every block back; what the memory grew to, it keeps. */
  reset(): void {
    this.#top = this.#base;
    this.#allocated = 0;
    this.#freeBytes = 0;
    this.#recentBytes = 0;
    this.#blocks = 0;
    this.#sizes.clear();
    this.#recent.clear();
    this.#spans.clear();
    this.#spanEnds.clear();
    for (const bin of this.#bins) bin.clear();
  }

  /** Runs `body` with an allocator whose blocks are freed when it returns or throws. */
  scope<T>(body: (alloc: (bytes: number) => number) => T): T {
    const blocks: number[] = [];
    try {
      return body((bytes) => {
        const pointer = this.alloc(bytes);
        blocks.push(pointer);
        return pointer;
      });
    } finally {
      for (const pointer of blocks) this.free(pointer);
    }
  }

  /** What is in use. */
  use(): ArenaUse {
    return {
      allocated: this.#allocated,
      free: this.#freeBytes,
      memory: this.#buffer.byteLength,
      blocks: this.#blocks,
    };
  }

  f32(pointer: number, length: number): Float32Array<ArrayBuffer> {
    return new Float32Array(this.#buffer, pointer, length);
  }

  f64(pointer: number, length: number): Float64Array<ArrayBuffer> {
    return new Float64Array(this.#buffer, pointer, length);
  }

  i32(pointer: number, length: number): Int32Array<ArrayBuffer> {
    return new Int32Array(this.#buffer, pointer, length);
  }

  u32(pointer: number, length: number): Uint32Array<ArrayBuffer> {
    return new Uint32Array(this.#buffer, pointer, length);
  }

  u8(pointer: number, length: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#buffer, pointer, length);
  }

  #hold(pointer: number, size: number): number {
    this.#sizes.set(pointer, size);
    this.#blocks++;
    this.#allocated += size;
    return pointer;
  }

  /** A block at the end of the memory, or undefined where it cannot grow enough. */
  #extend(size: number): number | undefined {
    const pointer = this.#top;
    const end = pointer + size;
    const held = this.#buffer.byteLength;
    if (end > held) {
      if (end > this.#limit) return undefined;
      const wanted = Math.ceil((end - held) / PAGE);
      const generous = Math.min(Math.max(wanted, Math.ceil(held / PAGE / 4)), Math.ceil((this.#limit - held) / PAGE));
      if (!(this.#grow(generous) || this.#grow(wanted))) return undefined;
    }
    this.#top = end;
    return pointer;
  }

  /** The start of a span of at least `size` bytes, cut to that; undefined where there is none. */
  #takeSpan(size: number): number | undefined {
    // A class is the least size of its bin, so that any span of the bin holds it.
    for (let bin = binOf(size); bin < BINS; bin++) {
      for (const start of this.#bins[bin] as Set<number>) {
        const end = this.#removeSpan(start);
        if (end > start + size) this.#addSpan(start + size, end);
        this.#freeBytes -= size;
        return start;
      }
    }
    return undefined;
  }

  /** Merges the blocks freed since the last time with each other and with the spans; false where there are none. */
  #mergeRecent(): boolean {
    let merged = false;
    for (const [size, list] of this.#recent) {
      if (list.length > 0) merged = true;
      for (const pointer of list) {
        this.#sizes.delete(pointer);
        this.#merge(pointer, pointer + size);
      }
    }
    this.#recent.clear();
    this.#recentBytes = 0;
    return merged;
  }

  #merge(start: number, end: number): void {
    const before = this.#spanEnds.get(start);
    if (before !== undefined) this.#removeSpan(before);
    const from = before ?? start;
    const to = this.#spans.has(end) ? this.#removeSpan(end) : end;
    if (to === this.#top) {
      this.#top = from;
      this.#freeBytes -= to - from;
    } else {
      this.#addSpan(from, to);
    }
  }

  #addSpan(start: number, end: number): void {
    this.#spans.set(start, end);
    this.#spanEnds.set(end, start);
    (this.#bins[binOf(end - start)] as Set<number>).add(start);
  }

  /** Returns where the span ended. */
  #removeSpan(start: number): number {
    const end = this.#spans.get(start) as number;
    this.#spans.delete(start);
    this.#spanEnds.delete(end);
    (this.#bins[binOf(end - start)] as Set<number>).delete(start);
    return end;
  }

  #grow(pages: number): boolean {
    try {
      this.memory.grow(pages);
      this.#buffer = this.memory.buffer as ArrayBuffer;
      return true;
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
  }
}
