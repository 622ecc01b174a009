// Threefry by position: slices, counters beyond 32 bits, the older layout, and integers at the ends of their range.

import { describe, expect, it } from "vitest";
import { drawIntegers, fillNormal, fillUniform, fillWords, hashPair, type Key, type ThreefryBits } from "./threefry.ts";

const key: Key = [0x13198a2e, 0x03707344];

function words(offset: number, length: number, draw: ThreefryBits): number[] {
  const out = new Uint32Array(length);
  fillWords(out, offset, draw);
  return [...out];
}

describe("the partitionable layout", () => {
  it("hashes the position as a 64-bit counter", () => {
    const start = 2 ** 32 - 8;
    const want = Array.from({ length: 24 }, (_, i) => {
      const position = start + i;
      const [a, b] = hashPair([Math.floor(position / 2 ** 32), position % 2 ** 32], key);
      return (a ^ b) >>> 0;
    });
    expect(words(start, 24, { key, size: 2 ** 33, partitionable: true })).toEqual(want);
  });

  it("does not depend on the size", () => {
    const draw = { key, size: 100, partitionable: true };
    expect(words(0, 7, draw)).toEqual(words(0, 7, { ...draw, size: 7 }));
  });
});

describe("the older layout", () => {
  it.each([1, 2, 15, 16, 17, 33, 40000])("hashes pairs of halves of %i elements, in slices as in one", (size) => {
    const half = Math.ceil(size / 2);
    const draw = { key, size, partitionable: false };
    const whole = words(0, size, draw);
    for (const i of [0, half - 1, half, size - 1]) {
      const pair = i < half ? i : i - half;
      const hash = hashPair([pair, half + pair < size ? half + pair : 0], key);
      if (i < size) expect(whole[i]).toBe(hash[i < half ? 0 : 1]);
    }
    for (const start of [0, Math.floor(size / 3), Math.max(0, half - 3)]) {
      const end = Math.min(size, start + 21000);
      expect(words(start, end - start, draw)).toEqual(whole.slice(start, end));
    }
  });

  it("makes the same floats of the same words", () => {
    const size = 1;
    const [a, b] = hashPair([0, 0], key);
    // A word that both layouts share: one element, whose pair is (0, 0) in either; the layouts differ by the xor.
    expect(words(0, size, { key, size, partitionable: true })).toEqual([(a ^ b) >>> 0]);
    expect(words(0, size, { key, size, partitionable: false })).toEqual([a]);
    const u = new Float32Array(1);
    fillUniform(u, 0, { key, size, partitionable: false }, 0, 1);
    expect(u[0]).toBe((a >>> 9) / 2 ** 23);
  });

  it("refuses sizes whose counters do not fit", () => {
    const draw = { key, size: 2 ** 32, partitionable: false };
    expect(() => fillNormal(new Float32Array(1), 0, draw, 0, 1)).toThrow(/fewer than 2\^32/);
  });
});

describe("drawIntegers", () => {
  it("spans the whole of int32", () => {
    const values = drawIntegers(key, 1000, -(2 ** 31), 2 ** 31, true);
    expect(Math.min(...values)).toBeLessThan(-(2 ** 30));
    expect(Math.max(...values)).toBeGreaterThan(2 ** 30);
    // XLA's remainder by a span that wrapped to 0 is the dividend: the low word, moved down.
    const [, second] = [hashPair([0, 0], key), hashPair([0, 1], key)];
    const [low = 0] = words(0, 1, { key: second, size: 1, partitionable: true });
    expect(values[0]).toBe(low - 2 ** 31);
  });

  it("gives minval where the range is empty", () => {
    expect([...drawIntegers(key, 3, 5, 5, true), ...drawIntegers(key, 2, 5, -5, false)]).toEqual([5, 5, 5, 5, 5]);
  });

  it("stays in the range", () => {
    const values = drawIntegers(key, 5000, -3, 4, false);
    expect(new Set(values)).toEqual(new Set([-3, -2, -1, 0, 1, 2, 3]));
  });
});
