// The allocator over the kernels' memory: size classes, reuse, and views that are taken anew.
// The only code that grows a WebAssembly.Memory.

const PAGE = 65536;
const LARGEST = 65536 * PAGE; // what 32-bit addresses reach: 4 GiB

/** The size class of a request: 16 bytes, then four classes per doubling, so that at most a fifth is lost. */
export function sizeClass(bytes: number): number {
  if (bytes <= 16) return 16;
  const step = Math.max(16, 2 ** (Math.floor(Math.log2(bytes - 1)) - 2));
  return Math.ceil(bytes / step) * step;
}

/** What an arena holds, in bytes. */
export interface ArenaUse {
  /** In blocks that are allocated, rounded up to their size classes. */
  readonly allocated: number;
  /** In blocks that were freed and wait for reuse. */
  readonly free: number;
  /** The whole memory, constants of the kernels included. */
  readonly memory: number;
  /** How many blocks are allocated. */
  readonly blocks: number;
}

/**
 * Hands out 16-byte aligned blocks of a WebAssembly.Memory and takes them back.
 *
 * A view (`f32`, `u8`, ...) is valid until the next `alloc`, which may grow the memory and detach it: take it anew.
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
  readonly #sizes = new Map<number, number>();
  readonly #free = new Map<number, number[]>();
  #buffer: ArrayBuffer;

  /** Blocks lie from `base` up to `limit` bytes, both counted from the memory's start. */
  constructor(memory: WebAssembly.Memory, base: number, limit: number = LARGEST) {
    this.memory = memory;
    this.#base = Math.ceil(base / 16) * 16;
    this.#limit = Math.min(limit, LARGEST);
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
   * @throws RangeError where the limit (4 GiB unless said) is used up, with what was asked for; the arena stays usable.
   */
  alloc(bytes: number): number {
    const size = sizeClass(bytes);
    const reused = this.#free.get(size)?.pop();
    if (reused !== undefined) {
      this.#freeBytes -= size;
      return this.#hold(reused, size);
    }
    const extended = this.#extend(size);
    return extended === undefined ? this.#takeLarger(size, bytes) : this.#hold(extended, size);
  }

  /** Gives a block back; RangeError if `pointer` is not one that is allocated. */
  free(pointer: number): void {
    const size = this.#sizes.get(pointer);
    if (size === undefined) throw new RangeError(`pointer: expected an allocated block, got ${pointer}`);
    this.#sizes.delete(pointer);
    this.#allocated -= size;
    this.#freeBytes += size;
    const list = this.#free.get(size);
    if (list) list.push(pointer);
    else this.#free.set(size, [pointer]);
  }

  /** Takes every block back; what the memory grew to, it keeps. */
  reset(): void {
    this.#top = this.#base;
    this.#allocated = 0;
    this.#freeBytes = 0;
    this.#sizes.clear();
    this.#free.clear();
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
      blocks: this.#sizes.size,
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

  /** The smallest free block that holds `size`; only when the memory cannot grow, for it wastes the difference. */
  #takeLarger(size: number, asked: number): number {
    const fits = [...this.#free].filter(([larger, list]) => larger > size && list.length > 0).map(([larger]) => larger);
    const best = Math.min(...fits);
    const pointer = this.#free.get(best)?.pop();
    if (pointer === undefined) {
      throw new RangeError(
        `out of WebAssembly memory: ${asked} bytes asked for, ${this.#allocated} in use, ${this.#freeBytes} free in smaller or other blocks, of ${this.#limit}`,
      );
    }
    this.#freeBytes -= best;
    return this.#hold(pointer, best);
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
