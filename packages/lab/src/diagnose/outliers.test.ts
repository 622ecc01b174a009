// Outliers do not mask themselves, and heavy tails are not outliers.

import { glorotUniform, randomNormal } from "@fanin/core";
import { bfloat16FromFloat32, float32FromBfloat16 } from "@fanin/tensor";
import { describe, expect, it } from "vitest";
import { findOutliers } from "./outliers.ts";
import { valueStatistics } from "./value-statistics.ts";

const found = (values: Float32Array) => findOutliers(values, valueStatistics(values));
const normal = (count: number, seed = 0): Float32Array =>
  Float32Array.from(randomNormal({ stddev: 0.02, seed })([count]).data);

describe("findOutliers", () => {
  it.each([1, 24, 400])("finds %i of 9,216 values at 100 deviations", (count) => {
    const values = normal(9216).map((value, i) =>
      i % Math.floor(9216 / count) === 7 && i < 7 + count * Math.floor(9216 / count) ? -2 : value,
    );
    const expected = values.filter((value) => value === -2).length;
    expect(found(values)).toMatchObject({ count: expected, farthest: -2 });
    expect(found(values)?.deviations).toBeGreaterThan(90);
    expect(found(values)?.rest).toHaveLength(9216 - expected);
  });

  it("finds none among the values of a distribution, also in bfloat16", () => {
    for (let seed = 0; seed < 50; seed++) {
      expect(found(normal(4096, seed))).toBeNull();
      expect(found(Float32Array.from(glorotUniform({ seed })([64, 64]).data))).toBeNull();
      const rounded = normal(4096, seed).map((value) => float32FromBfloat16(bfloat16FromFloat32(value)));
      expect(found(rounded)).toBeNull();
    }
  });

  it("distinguishes isolated values from a heavy tail", () => {
    const cubes = normal(20_000).map((value) => (50 * value) ** 5);
    expect(found(cubes)?.isApart ?? false).toBe(false);
    expect(found(normal(20_000).fill(40, 5, 6))).toMatchObject({ count: 1, isApart: true });
  });

  it("uses the nonzero values of a sparse tensor", () => {
    const sparse = normal(4096).map((value, i) => (i % 5 === 0 ? value : 0));
    expect(found(sparse)).toBeNull();
    expect(found(sparse.fill(9, 10, 11))).toMatchObject({ count: 1, farthest: 9 });
  });

  it("finds none in constants and in empty tensors", () => {
    for (const values of [new Float32Array(0), new Float32Array(9).fill(3), Float32Array.of(0, 0, 0, 1)]) {
      expect(found(values)).toBeNull();
    }
  });
});
