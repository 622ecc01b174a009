// keras/numpy beyond its goldens: the numbers of default_rng itself, positions, and what NumPy refuses.

import { describe, expect, it } from "vitest";
import { kerasNumpy } from "./keras-numpy.ts";
import { samplerOf } from "./stream.ts";

const doubles = samplerOf(kerasNumpy, "float64", "normal", "doubles");
const whole = (size: number): { size: number; offset: number } => ({ size, offset: 0 });

it("gives the doubles of np.random.default_rng(42)", () => {
  const out = new Float64Array(2);
  doubles.uniform(out, whole(1), [42n, 0n], 0, 1);
  expect(out[0]).toBe(0.7739560485559633);
  doubles.normal(out, whole(2), [42n, 0n], 0, 1);
  expect([...out]).toEqual([0.30471707975443135, -1.0399841062404955]);
});

it("gives the normals of np.random.default_rng([7, 3])", () => {
  const out = new Float64Array(3);
  doubles.normal(out, whole(3), [7n, 3n], 0, 1);
  expect([...new BigUint64Array(out.buffer)]).toEqual([
    13833559613118067186n,
    4589267107530470014n,
    4609410044226892769n,
  ]);
});

it("gives a smaller truncated tensor the first values of a larger one, as batches of n do too", () => {
  const small = new Float64Array(1000);
  const large = new Float64Array(20_000);
  doubles.truncatedNormal(small, whole(1000), [1n, 0n], 0, 1);
  doubles.truncatedNormal(large, whole(20_000), [1n, 0n], 0, 1);
  expect(small).toEqual(large.slice(0, 1000));
  expect(large.every((value) => Math.abs(value) <= 2)).toBe(true);
});

describe("refuses", () => {
  const out = new Float32Array(1);
  it.each([
    ["a negative seed", () => kerasNumpy.uniform(out, whole(1), [-1n, 0n], 0, 1), /seed: .* got -1/],
    ["a seed of 2^32", () => kerasNumpy.normal(out, whole(1), [2n ** 32n, 0n], 0, 1), /seed: .* got 4294967296/],
    ["bounds in the wrong order", () => kerasNumpy.uniform(out, whole(1), [0n, 0n], 1, 0), /maxval: expected at least/],
    ["an infinite range", () => kerasNumpy.uniform(out, whole(1), [0n, 0n], -1e308, 1e308), /maxval/],
    ["a negative stddev", () => kerasNumpy.normal(out, whole(1), [0n, 0n], 0, -1), /stddev: expected 0 or more/],
    ["-0 as stddev", () => kerasNumpy.truncatedNormal(out, whole(1), [0n, 0n], 0, -0), /stddev.*got -0/],
    [
      "what has no value to accept",
      () => kerasNumpy.truncatedNormal(out, whole(1), [0n, 0n], Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY),
      /mean: expected a finite number/,
    ],
  ])("%s", (_what, call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});
