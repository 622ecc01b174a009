// The table of element types.

import { describe, expect, it } from "vitest";
import { DTYPES, type DType, dtypeOf, elementTypes, expectDType, roundTo } from "./dtype.ts";

describe("roundTo", () => {
  it.each([
    ["float32", 0.1, Math.fround(0.1)],
    ["float64", 0.1, 0.1],
    ["float16", 0.1, 0.0999755859375],
    ["bfloat16", 0.1, 0.10009765625],
  ] as const)("gives in %s for %d: %d", (dtype, value, rounded) => {
    expect(roundTo(dtype, value)).toBe(rounded);
  });

  it("rounds to float16 once, and to bfloat16 by way of float32 as ml_dtypes does", () => {
    // Just above the midpoint of two float16; float32 would round it to the midpoint.
    expect(roundTo("float16", 1 + 2 ** -11 + 2 ** -40)).toBe(1 + 2 ** -10);
    expect(roundTo("bfloat16", 1 + 2 ** -8 + 2 ** -40)).toBe(1);
  });
});

describe("encode of integers", () => {
  // The result of (type)value for a double, compiled by gcc for x86-64, as in numpy.astype.
  it.each([
    ["int8", [-2.9, -0.5, 127.9, 300, -129, 3e9, Number.NaN], [-2, 0, 127, 44, 127, 0, 0]],
    ["uint8", [-2.9, -0.5, 255.9, 300, -129, 3e9, Number.NaN], [254, 0, 255, 44, 127, 0, 0]],
    ["int16", [-2.9, 40000, 70000.5, 3e9], [-2, -25536, 4464, 0]],
    ["uint16", [-2.9, 40000, 70000.5, 3e9], [65534, 40000, 4464, 0]],
    ["int32", [-2.9, 2 ** 31, -(2 ** 31), Number.POSITIVE_INFINITY], [-2, -(2 ** 31), -(2 ** 31), -(2 ** 31)]],
    ["uint32", [-2.9, 3e9, 2 ** 32 + 5, Number.NaN], [4294967294, 3e9, 5, 0]],
    ["int64", [-2.9, 2 ** 53, 1e19, Number.NaN], [-2n, 2n ** 53n, -(2n ** 63n), -(2n ** 63n)]],
    ["uint64", [-2.9, 2 ** 53, 1e19, Number.NaN], [2n ** 64n - 2n, 2n ** 53n, 10n ** 19n, 2n ** 63n]],
    ["bool", [0, -0, 0.1, Number.NaN], [0, 0, 1, 1]],
  ] as [DType, number[], (number | bigint)[]][])("%s", (dtype, values, elements) => {
    expect(values.map((value) => elementTypes[dtype].encode(value))).toEqual(elements);
  });
});

describe("dtypeOf", () => {
  it.each(DTYPES)("accepts the array of %s", (dtype) => {
    expect(dtypeOf("out", elementTypes[dtype].allocate(1), dtype)).toBe(dtype);
  });

  it.each([
    ["float32", new Float32Array(1)],
    ["float64", new Float64Array(1)],
    ["int32", new Int32Array(1)],
    ["int64", new BigInt64Array(1)],
    ["uint32", new Uint32Array(1)],
    ["bool", new Uint8Array(1)],
  ] as [DType, unknown][])("recognizes %s by its array", (dtype, array) => {
    expect(dtypeOf("out", array, undefined)).toBe(dtype);
  });

  it("asks which of three types a Uint16Array holds", () => {
    expect(() => dtypeOf("out", new Uint16Array(1), undefined)).toThrow(
      new TypeError("dtype: expected float16 or bfloat16 or uint16 for a Uint16Array, got none"),
    );
  });

  it("accepts a Uint8Array as uint8 if the dtype is given", () => {
    expect(dtypeOf("out", new Uint8Array(1), "uint8")).toBe("uint8");
  });

  it("refuses an array of another dtype, and values that are not arrays", () => {
    expect(() => dtypeOf("out", new Float32Array(1), "float64")).toThrow(
      new TypeError("out: expected an array of float64, got Float32Array"),
    );
    expect(() => dtypeOf("out", [0], undefined)).toThrow(TypeError);
    expect(() => dtypeOf("out", new Uint8ClampedArray(1), undefined)).toThrow(TypeError);
  });
});

describe("expectDType", () => {
  it("suggests the nearest", () => {
    expect(() => expectDType("float_16")).toThrow(/did you mean "float16"/);
  });
});
