// Compares distances of tensors in chunks of any size with values computed by hand and by direct formulas.

import type { AnyDType, TensorData } from "@fanin/tensor";
import { describe, expect, it } from "vitest";
import { type Distance, TensorDistance } from "./tensor-distance.ts";

function distanceOf(dtypes: AnyDType | [AnyDType, AnyDType], a: TensorData, b: TensorData, step = a.length): Distance {
  const [first, second] = typeof dtypes === "string" ? [dtypes, dtypes] : dtypes;
  const found = new TensorDistance(first, second);
  for (let i = 0; i < a.length; i += step) found.add(a.subarray(i, i + step), b.subarray(i, i + step));
  return found.distance;
}

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

describe("TensorDistance", () => {
  it.each([1, 7, 4096, 5000, 10_001])("has the norms of all values in chunks of %d", (step) => {
    const a = Float32Array.from({ length: 10_001 }, (_, i) => Math.sin(i * i));
    const b = a.map((value, i) => (i % 3 === 0 ? value : value + 1e-3 * Math.cos(i)));
    const differences = Array.from(a, (value, i) => value - (b[i] as number));
    const difference = differences.reduce((sum, value) => sum + value * value, 0);
    const norm = (values: Float32Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    const dot = a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
    const found = distanceOf("float32", a, b, step);
    expect(found.count).toBe(10_001);
    expect(found.equalBits).toBe(a.filter((value, i) => value === b[i]).length);
    expect(found.equalValues).toBe(found.equalBits);
    expect(found.maxAbsolute).toBe(Math.max(...differences.map(Math.abs)));
    // Sums of n squares differ by at most n roundings of 2^-53 in another order.
    expect(Math.abs(found.relative / (Math.sqrt(difference) / norm(a)) - 1)).toBeLessThan(10_001 * 2 ** -52);
    expect(Math.abs((found.cosine as number) - dot / (norm(a) * norm(b)))).toBeLessThan(10_001 * 2 ** -52);
  });

  /** Rows of title, dtypes, A, B, and what is expected. */
  const rows: [string, AnyDType | [AnyDType, AnyDType], TensorData, TensorData, Partial<Distance>][] = [
    [
      "no elements",
      "float32",
      new Float32Array(0),
      new Float32Array(0),
      { count: 0, equalBits: 0, equalValues: 0, maxAbsolute: 0, relative: 0, cosine: null },
    ],
    [
      "equal values, of which norms would underflow",
      "float64",
      Float64Array.of(5e-324, -1e-310),
      Float64Array.of(5e-324, -1e-310),
      { equalBits: 2, maxAbsolute: 0, relative: 0, cosine: 1 },
    ],
    [
      "subnormal values of the opposite sign",
      "float64",
      Float64Array.of(3e-310, -4e-310),
      Float64Array.of(-3e-310, 4e-310),
      { equalBits: 0, maxAbsolute: 8e-310, relative: 2, cosine: -1 },
    ],
    [
      "values whose squares and difference overflow",
      "float64",
      Float64Array.of(Number.MAX_VALUE, 1),
      Float64Array.of(-Number.MAX_VALUE, 1),
      { maxAbsolute: infinity, relative: 2, cosine: -1 },
    ],
    [
      "NaN and infinities: matched, then in one only",
      "float32",
      Float32Array.of(nan, infinity, -infinity, nan, infinity, 2),
      Float32Array.of(nan, infinity, -infinity, 1, -infinity, 2),
      { count: 6, equalValues: 4, unmatched: 2, maxAbsolute: 0, relative: 0, cosine: 1 },
    ],
    [
      "zeros of both signs",
      "float32",
      Float32Array.of(0, -0),
      Float32Array.of(-0, -0),
      { equalBits: 1, equalValues: 2, maxAbsolute: 0, relative: 0, cosine: null },
    ],
    [
      "A of zeros only",
      "float32",
      Float32Array.of(0, 0),
      Float32Array.of(0, 3),
      { maxAbsolute: 3, relative: infinity, cosine: null },
    ],
    [
      "64-bit integers that float64 rounds to one number",
      "int64",
      BigInt64Array.of(2n ** 60n + 1n, -(2n ** 63n)),
      BigInt64Array.of(2n ** 60n, 2n ** 63n - 1n),
      { equalBits: 0, equalValues: 0, maxAbsolute: 2 ** 64, cosine: -63 / 65 },
    ],
    [
      "64-bit integers beside floats",
      ["uint64", "float64"],
      BigUint64Array.of(2n ** 53n + 1n, 7n, 1n),
      Float64Array.of(2 ** 53, 7, 0.5),
      { equalBits: null, equalValues: 1, maxAbsolute: 1 },
    ],
    [
      "half precision beside float64",
      ["float16", "float64"],
      Uint16Array.of(0x3e00, 0x7e00),
      Float64Array.of(1.5, nan),
      { equalBits: null, equalValues: 2, unmatched: 0, maxAbsolute: 0, relative: 0 },
    ],
    [
      "bfloat16, by its bits",
      "bfloat16",
      Uint16Array.of(0x3f80, 0x4000),
      Uint16Array.of(0x3f80, 0x4080),
      { equalBits: 1, maxAbsolute: 2 },
    ],
    ["bytes", "uint8", Uint8Array.of(0, 255), Uint8Array.of(255, 255), { equalBits: 1, maxAbsolute: 255 }],
    [
      "complex numbers, by their moduli",
      "complex64",
      Float32Array.of(0, 0, 1, 1),
      Float32Array.of(3, 4, 1, 1),
      { count: 2, equalBits: 1, equalValues: 1, maxAbsolute: 5 },
    ],
    [
      "complex beside real numbers",
      ["complex128", "float32"],
      Float64Array.of(1, 0, 2, 3),
      Float32Array.of(1, 2),
      { count: 2, equalBits: null, equalValues: 1, maxAbsolute: 3 },
    ],
  ];

  it.each(rows)("compares %s", (_, dtypes, a, b, expected) => {
    const found = new TensorDistance(...(typeof dtypes === "string" ? ([dtypes, dtypes] as const) : dtypes));
    found.add(a, b);
    const { relative, cosine, ...rest } = expected;
    expect(found.distance).toMatchObject(rest);
    if (relative !== undefined) expect(found.distance.relative).toBeCloseTo(relative, 12);
    if (typeof cosine === "number") expect(found.distance.cosine).toBeCloseTo(cosine, 12);
    else if (cosine === null) expect(found.distance.cosine).toBeNull();
  });
});
