// jax.random beyond the goldens: element types, both layouts, ranges, and what is refused before anything is allocated.

import { describe, expect, it } from "vitest";
import { hashPair } from "../random/threefry.ts";
import { key } from "./key.ts";
import { bits, normal, randint, truncatedNormal, uniform } from "./random.ts";

const k = key(3);
const older = { partitionable: false };

describe("uniform", () => {
  it.each([true, false])("draws float64 from 64-bit words, the high one first (partitionable: %s)", (partitionable) => {
    const n = 5;
    const { data, dtype } = uniform(k, [n], { dtype: "float64", maxval: 2, partitionable });
    expect(dtype).toBe("float64");
    // In the older layout the high words are the first n of 2 n.
    const shared = bits(k, [2 * n], { partitionable }).data;
    const pairs = Array.from({ length: n }, (_, i) =>
      partitionable ? hashPair([0, i], k) : [shared[i] ?? 0, shared[n + i] ?? 0],
    );
    expect([...data]).toEqual(pairs.map(([high = 0, low = 0]) => (high * 2 ** 20 + (low >>> 12)) * 2 ** -51));
    for (const value of data) expect(value >= 0 && value < 2).toBe(true);
  });

  it("is a scalar unless a shape is given", () => {
    expect(uniform(k)).toEqual({ shape: [], dtype: "float32", data: uniform(k, [1]).data });
  });

  it("stays in its range in every type", () => {
    for (const dtype of ["float32", "float16", "bfloat16"] as const) {
      expect(uniform(k, [1000], { dtype }).dtype).toBe(dtype);
    }
    for (const value of uniform(k, [1000], { minval: -3, maxval: -2 }).data)
      expect(value >= -3 && value < -2).toBe(true);
  });
});

describe("truncatedNormal", () => {
  it.each([
    [-1, 3],
    [-10, 0.5],
    [2, Number.POSITIVE_INFINITY],
  ])("stays between %d and %d", (lower, upper) => {
    for (const options of [
      { lower, upper },
      { lower, upper, ...older },
    ]) {
      const { data } = truncatedNormal(k, [4000], options);
      for (const value of data) if (!(value >= lower && value <= upper)) expect.fail(`${value}`);
      expect(new Set(data).size).toBeGreaterThan(1000);
    }
  });
});

describe("arguments", () => {
  it("are checked", () => {
    expect(() => normal(k, [-1])).toThrow(RangeError);
    expect(() => normal(k, [2 ** 31])).toThrow(/one array holds at most/);
    expect(() => normal(k, 4 as unknown as number[])).toThrow(TypeError);
    expect(() => normal(k, [2], { dtype: "float64" as "float32" })).toThrow(/dtype: expected one of float32/);
    expect(() => uniform(k, [2], { minval: "0" as unknown as number })).toThrow("minval: expected a number");
    expect(() => truncatedNormal(k, [2], { lower: "1" as unknown as number })).toThrow("lower: expected a number");
    expect(() => randint(k, [2], { minval: 0.5, maxval: 3 })).toThrow("minval: expected an integer");
  });
});
