// An arena whose blocks lie between guard bytes, and which says what a kernel changed beside the blocks it was given.

import { Arena } from "../../src/runtime/arena.ts";

const GUARD = 64;

interface Block {
  readonly start: number;
  readonly bytes: number;
  readonly whole: number;
}

/** Every block has {@link GUARD} painted bytes before and after it. */
export class GuardedArena extends Arena {
  readonly #floor: number;
  readonly #blocks = new Map<number, Block>();
  /** Blocks made since `watch`, also those that were freed again. */
  #fresh: Block[] = [];
  #before = new Uint8Array();
  #paint = 0xa5;

  constructor(memory: WebAssembly.Memory, base: number) {
    super(memory, base, memory.buffer.byteLength);
    this.#floor = Math.ceil(base / 16) * 16;
    this.#bytes().fill(this.#paint, this.#floor);
  }

  override alloc(bytes: number): number {
    const start = super.alloc(bytes >= 0 ? bytes + 2 * GUARD : bytes);
    const block = { start, bytes, whole: 2 * GUARD + Math.ceil(bytes / 16) * 16 };
    this.#bytes().fill(this.#paint, start, start + block.whole);
    this.#blocks.set(start + GUARD, block);
    this.#fresh.push(block);
    return start + GUARD;
  }

  override free(pointer: number): void {
    const block = this.#blocks.get(pointer);
    this.#blocks.delete(pointer);
    super.free(block ? block.start : pointer);
  }

  /** Forgets what was before, and remembers every byte. */
  watch(): void {
    this.#fresh = [];
    this.#before = this.#bytes().slice();
  }

  /** The places outside the blocks made since `watch` that changed, and the guards of those blocks that did. */
  changes(except: number, exceptBytes: number): string[] {
    const now = this.#bytes();
    const found: string[] = [];
    const ranges = [
      { from: except, to: except + exceptBytes },
      ...this.#fresh.map(({ start, whole }) => ({ from: start, to: start + whole })),
    ].sort((a, b) => a.from - b.from);
    let from = this.#floor;
    for (const range of [...ranges, { from: now.length, to: now.length }]) {
      if (
        range.from > from &&
        Buffer.compare(now.subarray(from, range.from), this.#before.subarray(from, range.from))
      ) {
        found.push(`bytes of others between ${from} and ${range.from}`);
      }
      from = Math.max(from, range.to);
    }
    for (const { start, bytes } of this.#blocks.values()) {
      const head = now.subarray(start, start + GUARD);
      const tail = now.subarray(start + GUARD + bytes, start + 2 * GUARD + bytes);
      if (!head.every((byte) => byte === this.#paint)) found.push(`the guard before a block of ${bytes} bytes`);
      if (!tail.every((byte) => byte === this.#paint)) found.push(`the guard after a block of ${bytes} bytes`);
    }
    return found;
  }

  /** Paints all that no block holds, so that what a kernel reads there shows in its output. */
  repaint(paint: number): void {
    this.#paint = paint;
    const bytes = this.#bytes();
    const held = [...this.#blocks.values()].map(({ start, bytes: size }) => [start + GUARD, bytes.slice(start + GUARD, start + GUARD + size)] as const); // biome-ignore format: one map
    bytes.fill(paint, this.#floor);
    for (const [at, values] of held) bytes.set(values, at);
  }

  #bytes(): Uint8Array {
    return new Uint8Array(this.memory.buffer);
  }
}
