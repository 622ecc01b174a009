// Identity: shapes, slices, dtypes and its distribution.

import { describe, expect, it } from "vitest";
import { identity } from "./identity.ts";

it.each([
  [2, 3],
  [3, 2],
  [4, 4],
  [1, 5],
  [0, 3],
  [3, 0],
])("is gain on the diagonal of %i x %i, whole and in slices", (rows, columns) => {
  const initializer = identity({ gain: 2 });
  const shape = [rows, columns];
  const expected = Array.from({ length: rows * columns }, (_, i) => (Math.floor(i / columns) === i % columns ? 2 : 0));
  expect([...initializer(shape).data]).toEqual(expected);
  for (let start = 0; start < expected.length; start++) {
    for (let end = start; end <= expected.length; end++) {
      const part = initializer.fill(new Float32Array(end - start).fill(9), shape, { offset: start });
      expect([...part]).toEqual(expected.slice(start, end));
    }
  }
});

describe("the framework", () => {
  // keras.initializers.Identity(gain)((1, 2), dtype) of Keras 3.15.1.
  it.each([
    ["keras/tensorflow", "float32", -1, [-1, -0]],
    ["keras/jax", "float32", -0.5, [-0.5, -0]],
    ["keras/torch", "float64", -0.5, [-0.5, -0]],
    ["keras/numpy", "float16", -1, [0xbc00, 0x8000]],
    ["keras/numpy", "float32", Number.POSITIVE_INFINITY, [Number.POSITIVE_INFINITY, Number.NaN]],
    ["keras/numpy", "float16", 7e4, [0x7c00, 0x7e00]],
    ["keras/torch", "float16", 7e4, [0x7c00, 0]],
    ["keras/tensorflow", "float64", 0.1, [0.1, 0]],
    ["keras/jax", "float64", 0.1, [Math.fround(0.1), 0]],
    ["keras/jax", "float32", -1e-40, [-0, -0]],
    ["keras/torch", "int32", 2.5, [2, 0]],
    ["keras/numpy", "int32", 2.5, [2, 0]],
    ["keras/jax", "int8", 70000.5, [127, 0]],
    ["keras/jax", "int8", 300, [44, 0]],
    ["keras/jax", "bool", Number.NaN, [1, 0]],
    ["keras/numpy", "bool", Number.NaN, [1, 1]],
    ["keras/tensorflow", "uint8", -1, [255, 0]],
    ["keras/tensorflow", "int64", 3, [3n, 0n]],
    ["keras/numpy", "uint64", 3, [3n, 0n]],
  ] as const)("%s multiplies in %s by %d: %o", (stream, dtype, gain, expected) => {
    expect([...identity({ gain, stream })([1, 2], { dtype }).data]).toEqual(expected);
  });

  it.each([
    ["keras/tensorflow", "int32", 0.5],
    ["keras/tensorflow", "bool", 1],
    ["keras/tensorflow", "uint64", -1],
    ["keras/numpy", "int8", 300],
    ["keras/torch", "uint64", 1],
    ["keras/jax", "float32", 2 ** 31],
  ] as const)("%s refuses in %s: %d", (stream, dtype, gain) => {
    expect(() => identity({ gain, stream })([1, 2], { dtype })).toThrow(RangeError);
  });
});

it("keeps its gain in the config, which Keras loses", () => {
  expect(identity({ gain: 2 }).getConfig()).toEqual({ gain: 2 });
});

it("has the distribution of its elements", () => {
  const { mean, variance, support, cdf } = identity({ gain: 2 }).distribution([2, 4]);
  expect([mean, variance, support, cdf?.(0), cdf?.(2)]).toEqual([0.5, 0.75, [0, 2], 0.75, 1]);
});

it.each([[[2]], [[2, 2, 2]], [[]]])("refuses %j in Keras's words", (shape) => {
  const message = `Identity matrix initializer can only be used for 2D matrices. Received: shape=[${shape}] of rank ${shape.length}.`;
  expect(() => identity()(shape)).toThrow(new RangeError(message));
  expect(() => identity().distribution(shape)).toThrow(RangeError);
});

it("is refused before it is allocated", () => {
  expect(() => identity()([2 ** 20, 2 ** 20, 2])).toThrow(/^Identity matrix initializer/);
});
