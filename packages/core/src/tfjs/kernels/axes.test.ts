// Axes of every kernel that takes some: from the end as from the front, each once, and named errors for the rest.

import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { register } from "../register.ts";
import { normalizeAxes, normalizeAxis } from "./axes.ts";

beforeAll(async () => {
  register();
  await tf.setBackend("fanin");
});

const values = (tensor: tf.Tensor) => [...tensor.dataSync()];

describe("normalizeAxis", () => {
  it.each([
    [0, 1, 0],
    [-1, 3, 2],
    [-3, 3, 0],
    [-0, 2, 0],
  ])("makes %i of rank %i to %i", (axis, rank, want) => {
    expect(normalizeAxis("Sum", "axis", axis, rank)).toBe(want);
  });

  it.each([
    [2, 2, "Sum: axis: expected an integer from -2 to 1, got 2"],
    [-3, 2, "Sum: axis: expected an integer from -2 to 1, got -3"],
    [0.5, 2, "Sum: axis: expected an integer from -2 to 1, got 0.5"],
    [Number.NaN, 2, "Sum: axis: expected an integer from -2 to 1, got NaN"],
    [0, 0, "Sum: axis: expected no axis, as a scalar has none, got 0"],
    ["1", 2, 'Sum: axis: expected an axis, an integer, got "1"'],
  ])("refuses %s of rank %i", (axis, rank, message) => {
    expect(() => normalizeAxis("Sum", "axis", axis, rank)).toThrow(message);
  });
});

describe("normalizeAxes", () => {
  it("keeps the order, and takes all axes where none are given", () => {
    expect(normalizeAxes("Sum", "axis", [-1, 0], 3)).toEqual([2, 0]);
    expect(normalizeAxes("Sum", "axis", undefined, 3)).toEqual([0, 1, 2]);
    expect(normalizeAxes("Sum", "axis", [], 3)).toEqual([]);
  });

  it("refuses an axis that comes twice, also by two names", () => {
    expect(() => normalizeAxes("Sum", "axis", [1, -1], 2)).toThrow("Sum: axis: expected each axis once, got 1 twice");
    expect(() => tf.sum(tf.ones([2, 3]), [0, 0])).toThrow(RangeError);
    expect(() => tf.reverse(tf.ones([2, 3]), [0, -2])).toThrow(RangeError);
  });
});

describe("kernels", () => {
  // TensorFlow 2.21: tf.cumsum, tf.math.cumprod and tf.stack.
  it("sum and multiply along the last axis by its negative name", () => {
    const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]);
    expect(values(tf.cumsum(tf.tensor1d([1, 2, 3, 4]), -1))).toEqual([1, 3, 6, 10]);
    expect(values(tf.cumsum(x, -1))).toEqual([1, 3, 6, 4, 9, 15]);
    expect(values(tf.cumsum(x, -2))).toEqual([1, 2, 3, 5, 7, 9]);
    expect(values(tf.cumsum(x, -1, true, true))).toEqual([5, 3, 0, 11, 6, 0]);
    expect(values(tf.cumprod(x, -1))).toEqual([1, 2, 6, 4, 20, 120]);
    expect(() => tf.cumsum(x, 2)).toThrow("Cumsum: axis: expected an integer from -2 to 1, got 2");
  });

  it("leave tensors made afterwards alone", () => {
    tf.cumsum(tf.tensor1d([1, 2, 3, 4]), -1);
    const a = tf.range(1, 18);
    tf.fill([17], 100);
    expect(values(a)).toEqual(Array.from({ length: 17 }, (_, i) => i + 1));
  });

  it("stack along a new last axis", () => {
    const rows = [tf.tensor2d([1, 2, 3, 4, 5, 6], [2, 3]), tf.tensor2d([11, 12, 13, 14, 15, 16], [2, 3])];
    const last = tf.stack(rows, -1);
    expect(last.shape).toEqual([2, 3, 2]);
    expect(values(last)).toEqual([1, 11, 2, 12, 3, 13, 4, 14, 5, 15, 6, 16]);
    const middle = tf.stack(rows, -2);
    expect(middle.shape).toEqual([2, 2, 3]);
    expect(values(middle)).toEqual([1, 2, 3, 11, 12, 13, 4, 5, 6, 14, 15, 16]);
    const points = tf.stack([tf.tensor1d([5]), tf.tensor1d([7])], -1);
    expect([points.shape, values(points)]).toEqual([
      [1, 2],
      [5, 7],
    ]);
    expect(() => tf.stack(rows, -4)).toThrow("Pack: axis: expected an integer from -3 to 2, got -4");
  });

  it("refuse a permutation that is none", () => {
    const x = tf.ones([2, 3]);
    for (const perm of [[0, 0], [0], [0, 0.5], [0, Number.NaN]]) {
      expect(() => tf.engine().runKernel("Transpose", { x }, { perm })).toThrow(/^Transpose: perm: expected/);
    }
  });
});
