import { describe, expect, it } from "vitest";
import { Arena, sizeClass } from "./arena.ts";

function arena(): Arena {
  return new Arena(new WebAssembly.Memory({ initial: 1, maximum: 65536 }), 1000);
}

describe("sizeClass", () => {
  it("holds the request, is a multiple of 16, and wastes at most a fifth beyond 64 bytes", () => {
    for (let bytes = 0; bytes < 100_000; bytes += 7) {
      const size = sizeClass(bytes);
      expect(size).toBeGreaterThanOrEqual(bytes);
      expect(size % 16).toBe(0);
      if (bytes > 64) expect(size - bytes).toBeLessThanOrEqual(size / 5);
    }
  });
});

describe("Arena", () => {
  it("hands out aligned blocks that do not overlap, beyond the base", () => {
    const memory = arena();
    const blocks = [1, 16, 17, 100, 1000, 100_000].map((bytes) => ({ at: memory.alloc(bytes), bytes }));
    for (const [i, { at }] of blocks.entries()) {
      expect(at % 16).toBe(0);
      expect(at).toBeGreaterThanOrEqual(1000);
      const before = blocks[i - 1];
      if (before) expect(at).toBeGreaterThanOrEqual(before.at + before.bytes);
    }
  });

  it("grows the memory and keeps what was written", () => {
    const memory = arena();
    const first = memory.alloc(64);
    memory.f32(first, 4).set([1, 2, 3, 4]);
    memory.alloc(10 * 65536);
    expect([...memory.f32(first, 4)]).toEqual([1, 2, 3, 4]);
  });

  it("reuses a block of the same size class", () => {
    const memory = arena();
    const first = memory.alloc(1000);
    memory.free(first);
    expect(memory.alloc(1000)).toBe(first);
  });

  it("tells what it holds", () => {
    const memory = arena();
    const first = memory.alloc(64);
    memory.alloc(64);
    memory.free(first);
    expect(memory.use()).toEqual({ allocated: 64, free: 64, memory: 65536, blocks: 1 });
  });

  it("frees what a scope allocated, also when it throws", () => {
    const memory = arena();
    expect(() =>
      memory.scope((alloc) => {
        alloc(100);
        alloc(200);
        throw new Error("inside");
      }),
    ).toThrow("inside");
    expect(memory.use().blocks).toBe(0);
  });

  it("refuses to free twice, or what it does not hold", () => {
    const memory = arena();
    const block = memory.alloc(10);
    memory.free(block);
    expect(() => memory.free(block)).toThrow(RangeError);
    expect(() => memory.free(4)).toThrow("expected an allocated block, got 4");
  });

  it("keeps to its limit, then splits larger blocks that are free", () => {
    const memory = new Arena(new WebAssembly.Memory({ initial: 1, maximum: 2 }), 0, 131072);
    const large = memory.alloc(65536);
    memory.alloc(32768);
    expect(() => memory.alloc(65536)).toThrow("65536 bytes asked for, 98304 in use, 0 free");
    memory.free(large);
    expect(memory.alloc(40000)).toBe(large);
    expect(memory.use()).toMatchObject({ allocated: 32768 + sizeClass(40000), free: 65536 - sizeClass(40000) });
    expect(memory.alloc(16)).toBe(large + sizeClass(40000));
    expect(memory.alloc(32768)).toBe(98304);
    expect(() => memory.alloc(32768)).toThrow(/out of WebAssembly memory: 32768 bytes/);
    memory.reset();
    expect(memory.alloc(131072)).toBe(0);
  });

  it("merges free neighbours in any order of freeing", () => {
    const orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] as const; // biome-ignore format: a row
    for (const order of orders) {
      const memory = new Arena(new WebAssembly.Memory({ initial: 1, maximum: 1 }), 0, 65536);
      const parts = [0, 1, 2].map(() => memory.alloc(16384));
      const last = memory.alloc(16384);
      for (const i of order) memory.free(parts[i] as number);
      expect(memory.alloc(49152)).toBe(0);
      memory.free(0);
      memory.free(last);
      expect(memory.alloc(65536)).toBe(0);
    }
  });

  it("holds a thousand growing and shrinking sizes in a memory that just holds the largest", () => {
    const limit = 2 ** 24;
    const memory = new Arena(new WebAssembly.Memory({ initial: 1, maximum: 256 }), 0, limit);
    const kept = memory.alloc(64);
    memory.u8(kept, 64).fill(7);
    for (let round = 0; round < 1000; round++) {
      // Up to 15.9 MiB in four blocks, by a factor that wanders between 1/1000 and 1.
      const factor = Math.abs(1 - ((round * 37) % 1000) / 500) * 0.999 + 0.001;
      const bytes = Math.floor((limit / 4) * 0.8 * factor);
      const blocks = [0, 1, 2, 3].map(() => memory.alloc(bytes));
      for (const block of round % 2 ? blocks : blocks.reverse()) memory.free(block);
    }
    expect(memory.use().blocks).toBe(1);
    expect(memory.alloc(limit * 0.75)).toBeGreaterThan(kept);
    expect([...new Set(memory.u8(kept, 64))]).toEqual([7]);
  });

  it("never hands out bytes that are in use, and counts true, over 20,000 random steps", () => {
    const memory = arena();
    const live: { at: number; size: number }[] = [];
    let state = 12345;
    const random = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    for (let step = 0; step < 20_000; step++) {
      const bytes = Math.floor(2 ** (random() * 14));
      if (live.length < 60 ? random() < 0.6 : random() < 0.4) {
        const block = { at: memory.alloc(bytes), size: sizeClass(bytes) };
        for (const { at, size } of live) {
          if (block.at < at + size && at < block.at + block.size) expect.fail(`overlap at step ${step}`);
        }
        live.push(block);
      } else if (live.length > 0) {
        const [block] = live.splice(Math.floor(random() * live.length), 1);
        memory.free((block as { at: number }).at);
      }
      const { allocated, free, blocks, memory: held } = memory.use();
      const inUse = live.reduce((sum, { size }) => sum + size, 0);
      if (allocated !== inUse || blocks !== live.length || free < 0 || 1000 + allocated + free > held) {
        expect.fail(`step ${step}: ${JSON.stringify({ allocated, inUse, free, held })}`);
      }
      const highest = Math.max(0, ...live.map(({ at, size }) => at + size));
      if (highest > 1008 + allocated + free) expect.fail(`step ${step}: free bytes below ${highest} are not counted`);
    }
    for (const { at } of live) memory.free(at);
    expect(memory.use()).toMatchObject({ allocated: 0, blocks: 0 });
    expect(memory.alloc(memory.use().memory - 2048)).toBe(1008);
  });

  it.each([
    ["NaN", Number.NaN, RangeError],
    ["Infinity", Number.POSITIVE_INFINITY, RangeError],
    ["a fraction", 16.5, RangeError],
    ["a negative number", -16, RangeError],
    ["text", "16", TypeError],
    ["nothing", undefined, TypeError],
  ])("refuses %s before anything changes", (_, bytes, error) => {
    const memory = arena();
    const first = memory.alloc(16);
    expect(() => memory.alloc(bytes as number)).toThrow(error);
    expect(() => memory.alloc(bytes as number)).toThrow(/^bytes: expected an? (integer|number)/);
    expect(memory.use()).toEqual({ allocated: 16, free: 0, memory: 65536, blocks: 1 });
    expect(memory.alloc(16)).toBe(first + 16);
  });

  it("takes everything back at once", () => {
    const memory = arena();
    const first = memory.alloc(100);
    memory.free(memory.alloc(1000));
    memory.reset();
    expect(memory.use()).toMatchObject({ allocated: 0, free: 0, blocks: 0 });
    expect(memory.alloc(100)).toBe(first);
    expect(() => memory.free(first + 112)).toThrow(RangeError);
  });

  it("says how much was asked for when memory is used up, and stays usable", () => {
    const memory = arena();
    const before = memory.alloc(64);
    expect(() => memory.alloc(5e9)).toThrow(/5000000000 bytes asked for, 64 in use/);
    expect(memory.alloc(64)).toBeGreaterThan(before);
  });
});

it("settles where a step repeats: each finds its blocks in the lists of the one before", () => {
  const memory = arena();
  const sizes = Array.from({ length: 60 }, (_, i) => 16 * (1 + ((i * i * 7 + i * 3) % 40)));
  /** What is free after each part of a step, in which every block lives through five more. */
  const step = () => {
    const blocks: number[] = [];
    return sizes.map((size, i) => {
      blocks.push(memory.alloc(size));
      if (i >= 5) memory.free(blocks[i - 5] as number);
      if (i === sizes.length - 1) for (const block of blocks.slice(-5)) memory.free(block);
      return memory.use().free;
    });
  };
  step();
  const second = step();
  for (let i = 0; i < 20; i++) expect(step()).toEqual(second);
});
