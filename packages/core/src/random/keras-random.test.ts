// keras.random: the global generator, the checks; its values are tested by the goldens.

import { describe, expect, it } from "vitest";
import { setRandomSeed } from "./default-seed.ts";
import { normal, randint, truncatedNormal, uniform } from "./keras-random.ts";
import { SeedGenerator } from "./seed-generator.ts";
import { DEFAULT_STREAM, type StreamName } from "./stream-names.ts";
import { streams } from "./streams.ts";

const names = Object.keys(streams) as StreamName[];

describe.each(names)("on %s", (stream) => {
  it("draws new values on every call without a seed, and the same values after setRandomSeed", () => {
    setRandomSeed(5);
    const first = [uniform([4], { stream }), normal([4], { stream }), truncatedNormal([4], { stream })];
    setRandomSeed(5);
    const second = [uniform([4], { stream }), normal([4], { stream }), truncatedNormal([4], { stream })];
    expect(second).toEqual(first);
    expect(uniform([4], { stream })).not.toEqual(uniform([4], { stream }));
  });

  it("gives the same for the same integer, and the next pair of a generator", () => {
    const generator = new SeedGenerator({ seed: 3 });
    const first = uniform([4], { seed: generator, stream });
    expect(uniform([4], { seed: 3n, stream })).toEqual(first);
    expect(uniform([4], { seed: 3, stream })).toEqual(first);
    expect(uniform([4], { seed: generator, stream })).not.toEqual(first);
  });

  it("keeps integers in their range, whatever it is", () => {
    for (const [low, high] of [
      [-3, -2],
      [-(2 ** 31), 2 ** 31 - 1],
      [0, 2],
    ] as const) {
      const { data, dtype } = randint([20_000], low, high, { seed: 1, stream });
      expect(dtype).toBe("int32");
      expect(data.every((value) => value >= low && value < high)).toBe(true);
      // The mean of n values, uniform on a range r, is within 5 r / sqrt(12 n) of its middle.
      const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
      expect(Math.abs(mean - (low + high - 1) / 2)).toBeLessThanOrEqual((5 * (high - low - 1)) / Math.sqrt(240_000));
    }
  });
});

it("has Keras's defaults", () => {
  expect(uniform([3], { seed: 1 })).toEqual(uniform([3], { seed: 1, minval: 0, maxval: 1, stream: DEFAULT_STREAM }));
  expect(normal([3], { seed: 1 })).toEqual(normal([3], { seed: 1, mean: 0, stddev: 1, dtype: "float32" }));
});

it.each([
  ["an integer dtype", () => uniform([1], { dtype: "int32" as never }), RangeError, /floating point `dtype`/],
  ["a seed that is text", () => uniform([1], { seed: "1" as never }), TypeError, /Argument `seed` must be/],
  ["a seed with a fraction", () => uniform([1], { seed: 0.5 }), RangeError, /Argument `seed` must be/],
  ["an empty range", () => randint([1], 3, 3), RangeError, /maxval: expected an integer from 4/],
  ["a range beyond int32", () => randint([1], 0, 2 ** 31), RangeError, /maxval/],
  ["a bad shape", () => normal([-1]), RangeError, /shape/],
  ["an unknown stream", () => normal([1], { stream: "keras/nunpy" as never }), RangeError, /did you mean/],
])("refuses %s", (_what, call, Kind, message) => {
  expect(call).toThrow(Kind);
  expect(call).toThrow(message);
});
