// Keys: what seeds become, what is refused.

import { describe, expect, it } from "vitest";
import { foldIn, key, split } from "./key.ts";

describe("key", () => {
  it.each([
    [0, [0, 0]],
    [42, [0, 42]],
    [-1, [0, 0xffffffff]],
    [2 ** 32 + 5, [0, 5]],
    [2n ** 63n - 1n, [0, 0xffffffff]],
  ])("of %s is %j", (seed, want) => {
    expect(key(seed)).toEqual(want);
  });

  it("refuses what JAX refuses", () => {
    expect(() => key(2n ** 63n)).toThrow(RangeError);
    expect(() => key(1.5)).toThrow(RangeError);
    expect(() => key("1" as unknown as number)).toThrow(TypeError);
  });
});

describe("split and foldIn", () => {
  it("give two keys by default, and none for a count of 0", () => {
    expect(split(key(42))).toEqual(split(key(42), 2));
    expect(split(key(42), 0)).toEqual([]);
  });

  it("gives the first rows of a longer split only in the partitionable layout", () => {
    expect(split(key(1), 5).slice(0, 2)).toEqual(split(key(1), 2));
    const older = { partitionable: false };
    expect(split(key(1), 5, older).slice(0, 2)).not.toEqual(split(key(1), 2, older));
  });

  it("refuse what is not a key, a count or a word", () => {
    expect(() => split(42 as unknown as [number, number])).toThrow("key: expected a pair of integers");
    expect(() => split([0, 2 ** 32])).toThrow("key[1]: expected an integer from 0 to 4294967295");
    expect(() => split(key(0), -1)).toThrow("num: expected");
    expect(() => split(key(0), 2, { partitionable: 0 as unknown as boolean })).toThrow(
      "partitionable: expected true or false, got 0",
    );
    expect(() => foldIn(key(0), -1)).toThrow("data: expected");
  });
});
