// Every jax initializer follows its distribution (Kolmogorov-Smirnov and moments on a fixed key), has its types, checks its options.

import { float32FromBfloat16, float32FromFloat16, type Shape } from "@fanin/tensor";
import { describe, expect, it } from "vitest";
import type { Distribution } from "../random/distribution.ts";
import type { JaxArray } from "./array.ts";
import * as initializers from "./initializers.ts";
import { type Key, key } from "./key.ts";

const k = key(20);
const shape = [64, 2048];
const n = 2 ** 17;

interface Lawful {
  (key: Key, shape: Shape): JaxArray;
  distribution(shape: Shape): Distribution;
}

const lawful: Readonly<Record<string, Lawful>> = {
  zeros: initializers.zeros,
  ones: initializers.ones,
  constant: initializers.constant({ value: 2.5 }),
  uniform: initializers.uniform({ scale: 3 }),
  normal: initializers.normal({ stddev: 2 }),
  truncatedNormal: initializers.truncatedNormal({ stddev: 2, lower: -1, upper: 3 }),
  glorotUniform: initializers.glorotUniform(),
  glorotNormal: initializers.glorotNormal(),
  lecunUniform: initializers.lecunUniform(),
  lecunNormal: initializers.lecunNormal(),
  heUniform: initializers.heUniform(),
  heNormal: initializers.heNormal(),
  varianceScaling: initializers.varianceScaling({ scale: 3, mode: "fan_geo_avg", distribution: "normal" }),
  orthogonal: initializers.orthogonal({ scale: 2 }),
};

describe.each(Object.entries(lawful))("%s", (_name, initializer) => {
  const { data } = initializer(k, shape);
  const { mean, variance, support } = initializer.distribution(shape);

  it("has the mean, variance and support of its distribution", () => {
    let sum = 0;
    let squares = 0;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const value of data) {
      sum += value;
      squares += (value - mean) ** 2;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    // Five standard errors: 1 / sqrt(n) of the mean, 1 / sqrt(2 n) of a normal's standard deviation, less for others.
    expect(Math.abs(sum / n - mean)).toBeLessThanOrEqual((5 * Math.sqrt(variance)) / Math.sqrt(n));
    expect(Math.abs(Math.sqrt(squares / n) - Math.sqrt(variance))).toBeLessThanOrEqual(
      (5 * Math.sqrt(variance)) / Math.sqrt(2 * n),
    );
    // float32 rounds the ends.
    const width = support[1] - support[0];
    const slack = Number.isFinite(width) ? 1e-6 * width : 0;
    expect(low).toBeGreaterThanOrEqual(support[0] - slack);
    expect(high).toBeLessThanOrEqual(support[1] + slack);
  });
});

const continuous = Object.entries(lawful).filter(
  ([, { distribution }]) => distribution(shape).cdf && distribution(shape).variance > 0,
);

describe("the distribution functions", () => {
  it("are those of all that are drawn element by element", () => {
    expect(continuous.map(([name]) => name)).toHaveLength(10);
  });

  it.each(continuous)("of %s is that of its values", (_name, initializer) => {
    const { cdf = () => 0 } = initializer.distribution(shape);
    const sorted = Float32Array.from(initializer(k, shape).data).sort();
    let distance = 0;
    for (let i = 0; i < n; i++) distance = Math.max(distance, Math.abs(cdf(sorted[i] ?? 0) - (i + 0.5) / n));
    // 1.95 / sqrt(n) is passed by one fixed key in a thousand.
    expect(distance).toBeLessThan(1.95 / Math.sqrt(n));
  });
});

describe("element types", () => {
  it("are those of the call", () => {
    expect(initializers.ones(k, [2], { dtype: "bfloat16" }).data).toEqual(Uint16Array.of(0x3f80, 0x3f80));
    expect(initializers.constant({ value: -7 })(k, [1], { dtype: "int32" }).data).toEqual(Int32Array.of(-7));
    expect(() => initializers.orthogonal()(k, [2, 2], { dtype: "float16" as "float32" })).toThrow(/dtype: expected/);
  });

  it.each(["uniform", "normal", "truncated_normal"] as const)("scale %s in 16 bits as in 32", (distribution) => {
    const initializer = initializers.varianceScaling({ scale: 2, mode: "fan_in", distribution });
    const { variance } = initializer.distribution([50, 1000]);
    for (const dtype of ["float16", "bfloat16"] as const) {
      const { data } = initializer(k, [50, 1000], { dtype });
      const values = Array.from(data, dtype === "float16" ? float32FromFloat16 : float32FromBfloat16);
      const squares = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
      expect(Math.abs(squares / variance - 1)).toBeLessThan(0.05);
    }
  });
});

describe("orthogonal", () => {
  it.each([
    { of: [6, 4], axis: -1 },
    { of: [4, 6], axis: -1 },
    { of: [2, 5, 3], axis: 1 },
    { of: [5, 2, 2], axis: 0 },
  ])("is orthonormal along the columns or rows of $of, axis $axis", ({ of, axis }) => {
    const { data } = initializers.orthogonal({ columnAxis: axis })(k, of);
    const at = axis < 0 ? axis + of.length : axis;
    const matrix = columnsOf(data, of, at);
    const cols = of[at] ?? 0;
    const rows = data.length / cols;
    const vectors = rows >= cols ? transpose(matrix) : matrix;
    for (const [i, a] of vectors.entries()) {
      for (const [j, b] of vectors.entries()) {
        const dot = a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
        expect(Math.abs(dot - (i === j ? 1 : 0))).toBeLessThan(1e-6);
      }
    }
  });

  it("has unknown axes refused, and empty shapes empty", () => {
    expect(() => initializers.orthogonal({ columnAxis: 2 })(k, [3, 3])).toThrow("columnAxis: expected an axis");
    expect(initializers.deltaOrthogonal()(k, [0, 2, 4]).data.length).toBe(0);
  });

  it("has, at the centre of a kernel, the variance of its distribution", () => {
    const initializer = initializers.deltaOrthogonal({ scale: 3 });
    const { data } = initializer(k, [3, 4, 5, 7]);
    const squares = data.reduce((sum, value) => sum + value ** 2, 0) / data.length;
    expect(squares).toBeCloseTo(initializer.distribution([3, 4, 5, 7]).variance, 6);
    expect(data.findIndex((value) => value !== 0)).toBe((1 * 4 + 1) * 35);
  });
});

/** The array as rows of a matrix whose columns run along `axis`. */
function columnsOf(data: Float32Array, shape: Shape, axis: number): number[][] {
  const cols = shape[axis] ?? 0;
  const inner = shape.slice(axis + 1).reduce((product, dimension) => product * dimension, 1);
  return Array.from({ length: data.length / cols }, (_, row) =>
    Array.from({ length: cols }, (__, column) => {
      const outer = Math.floor(row / inner);
      return data[(outer * cols + column) * inner + (row % inner)] ?? 0;
    }),
  );
}

function transpose(matrix: number[][]): number[][] {
  return (matrix[0] ?? []).map((_, column) => matrix.map((row) => row[column] ?? 0));
}

describe("options", () => {
  it("that are unknown are refused, with the nearest", () => {
    const misspelt = { stdev: 1 } as unknown as { stddev: number };
    expect(() => initializers.normal(misspelt)).toThrow('normal: unknown option "stdev"');
    expect(() => initializers.normal(misspelt)).toThrow('did you mean "stddev"?');
    expect(() => initializers.heNormal({ inaxis: 1 } as unknown as { inAxis: number })).toThrow(
      "heNormal: unknown option",
    );
  });

  it("that are out of range are refused when the initializer is made", () => {
    expect(() => initializers.normal({ stddev: "1" as unknown as number })).toThrow("stddev: expected a number");
    expect(() => initializers.truncatedNormal({ lower: null as unknown as number })).toThrow(
      "lower: expected a number, got null",
    );
    expect(() => initializers.truncatedNormal({ upper: "2" as unknown as number })).toThrow("upper: expected a number");
    expect(() => initializers.varianceScaling({ scale: -1, mode: "fan_in", distribution: "normal" })).toThrow("scale:");
    expect(initializers.constant({ value: Number.NaN })(k, [1]).data).toEqual(Float32Array.of(Number.NaN));
    expect(() => initializers.constant({ value: "x" as unknown as number })).toThrow(TypeError);
  });

  it("select the older layout", () => {
    const older = initializers.heNormal({ partitionable: false })(k, [4, 4]);
    expect(older.data).not.toEqual(initializers.heNormal()(k, [4, 4]).data);
  });
});
