// Zeros, Ones and Constant in every dtype, broadcast, and in slices.

import { describe, expect, it } from "vitest";
import { constant, ones, zeros } from "./constant.ts";
import { clone } from "./registry.ts";

describe("the dtypes", () => {
  it.each([
    ["float32", [Math.fround(2.7)], [1]],
    ["float64", [Math.fround(2.7)], [1]],
    ["float16", [0x4166], [0x3c00]],
    ["bfloat16", [0x402d], [0x3f80]],
    ["int32", [2], [1]],
    ["bool", [1], [1]],
  ] as const)("%s", (dtype, cast, one) => {
    expect([...constant({ value: 2.7 })([1], { dtype }).data]).toEqual(cast);
    expect([...ones()([1], { dtype }).data]).toEqual(one);
    expect([...zeros()([1], { dtype }).data]).toEqual([0]);
  });
});

describe("a value that is an array", () => {
  const matrix = constant({ value: [[1], [2]] });

  it("broadcasts", () => {
    expect([...matrix([2, 3]).data]).toEqual([1, 1, 1, 2, 2, 2]);
    expect([...matrix.fill(new Float64Array(3), [2, 3], { offset: 2 })]).toEqual([1, 2, 2]);
    expect([...matrix([2, 0]).data]).toEqual([]);
  });

  it("has the distribution of its values", () => {
    const { mean, variance, support, cdf } = matrix.distribution([2, 3]);
    expect([mean, variance, support, cdf?.(1.5)]).toEqual([1.5, 0.25, [1, 2], 0.5]);
  });

  it("does not broadcast to every shape", () => {
    expect(() => matrix([3, 3])).toThrow(new RangeError("value: expected a shape that broadcasts to [3,3], got [2,1]"));
    expect(() => constant({ value: [1] })([])).toThrow(RangeError);
  });
});

describe("the framework", () => {
  // keras.initializers.Constant(value)((1,), dtype) of Keras 3.15.1.
  it.each([
    ["keras/tensorflow", "float64", 0.1, 0.10000000149011612],
    ["keras/jax", "float64", 0.1, 0.10000000149011612],
    ["keras/torch", "float64", 0.1, 0.1],
    ["keras/numpy", "float64", 0.1, 0.1],
    ["keras/tensorflow", "float64", 16777217, 16777217],
    ["keras/jax", "float64", 16777217, 16777216],
    ["keras/tensorflow", "float32", 1e-40, 0],
    ["keras/jax", "float32", 1e-40, 0],
    ["keras/torch", "float32", 1e-40, 9.99994610111476e-41],
    ["keras/numpy", "float32", 1e-40, 9.99994610111476e-41],
    ["keras/numpy", "float16", 1 + 2 ** -11 + 2 ** -40, 0x3c01],
    ["keras/jax", "float16", 1 + 2 ** -11 + 2 ** -40, 0x3c01],
    ["keras/torch", "float16", 1 + 2 ** -11 + 2 ** -40, 0x3c00],
    ["keras/tensorflow", "float16", 1 + 2 ** -11 + 2 ** -40, 0x3c00],
    ["keras/tensorflow", "int32", 3e9 + 0.5, -2147483648],
    ["keras/tensorflow", "int32", -3e9, 1294967296],
    ["keras/tensorflow", "uint8", 300, 44],
    ["keras/tensorflow", "uint64", 1e30, 2n ** 63n],
    ["keras/torch", "uint8", -3, 253],
    ["keras/torch", "uint16", -1, 65535],
    ["keras/numpy", "uint64", 1e19, 10n ** 19n],
    ["keras/numpy", "float32", Number.NaN, Number.NaN],
  ] as const)("%s casts to %s: %d is %d", (stream, dtype, value, expected) => {
    expect(constant({ value, stream })([1], { dtype }).data[0]).toBe(expected);
  });

  it.each([
    ["keras/tensorflow", "float64", 1e39],
    ["keras/jax", "int64", 3e9],
    ["keras/jax", "uint8", -1],
    ["keras/torch", "int32", 3e9],
    ["keras/torch", "uint8", -0.5],
    ["keras/torch", "int8", -128.5],
    ["keras/torch", "uint64", 1],
    ["keras/numpy", "int8", 128],
    ["keras/numpy", "int8", Number.NaN],
    ["keras/numpy", "uint64", -1],
  ] as const)("%s refuses for %s: %d", (stream, dtype, value) => {
    expect(() => constant({ value, stream })([1], { dtype })).toThrow(RangeError);
    expect(() => constant({ value, stream })([0], { dtype })).toThrow(stream);
  });

  it("is kept by a clone, and not written to the config", () => {
    const initializer = constant({ value: 0.1, stream: "keras/torch" });
    expect(initializer.getConfig()).toEqual({ value: 0.1 });
    expect(clone(initializer)([1], { dtype: "float64" }).data[0]).toBe(0.1);
  });
});
