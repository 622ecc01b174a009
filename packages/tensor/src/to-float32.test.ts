// Every float16 and bfloat16, against the formula and against DataView's rounding.

import { describe, expect, it } from "vitest";
import type { AnyTensor } from "./tensor.ts";
import { toFloat32 } from "./to-float32.ts";

const all = Uint16Array.from({ length: 65536 }, (_, bits) => bits);

describe("toFloat32 of float16", () => {
  const values = toFloat32({ shape: [65536], dtype: "float16", data: all }).data;

  it("gives the values of the standard's own examples", () => {
    const examples = [
      [0x0001, 2 ** -24],
      [0x03ff, 1023 * 2 ** -24],
      [0x0400, 2 ** -14],
      [0x3555, 0.333251953125],
      [0x3bff, 0.99951171875],
      [0x3c00, 1],
      [0x3c01, 1.0009765625],
      [0x7bff, 65504],
      [0x7c00, Number.POSITIVE_INFINITY],
      [0xc000, -2],
      [0xfc00, Number.NEGATIVE_INFINITY],
    ] as const;
    for (const [bits, value] of examples) expect(values[bits]).toBe(value);
    expect(Object.is(values[0x8000], -0)).toBe(true);
  });

  it("is NaN exactly where the exponent is full and the mantissa is not 0", () => {
    const isNaNOf = (bits: number) => (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0;
    expect(all.filter((bits) => Number.isNaN(values[bits]) !== isNaNOf(bits))).toEqual(Uint16Array.of());
  });

  it("rises by one unit in the last place from 0 to infinity", () => {
    const value = (bits: number) => values[bits] as number;
    const unit = (bits: number) => 2 ** (Math.max(1, bits >>> 10) - 25);
    const finite = all.subarray(0, 0x7bff);
    expect(finite.filter((bits) => value(bits + 1) - value(bits) !== unit(bits))).toEqual(Uint16Array.of());
    expect(finite.filter((bits) => !Object.is(value(bits | 0x8000), -value(bits)))).toEqual(Uint16Array.of());
  });
});

describe("toFloat32 of bfloat16", () => {
  it("is the upper half of a float32, payloads of NaNs included", () => {
    const words = new Uint32Array(toFloat32({ shape: [65536], dtype: "bfloat16", data: all }).data.buffer);
    expect(words.every((word, bits) => word === bits * 65536)).toBe(true);
  });
});

describe("toFloat32", () => {
  it("accepts every real dtype", () => {
    const tensors: AnyTensor[] = [
      { shape: [2], dtype: "float64", data: Float64Array.of(0.1, -2) },
      { shape: [2], dtype: "int64", data: BigInt64Array.of(2n ** 40n, -3n) },
      { shape: [1], dtype: "uint8", data: Uint8Array.of(255) },
      { shape: [1], dtype: "bfloat16", data: Uint16Array.of(0x3f80) },
      { shape: [1], dtype: "float16", data: Uint16Array.of(0x3c00) },
    ];
    const expected = [[Math.fround(0.1), -2], [2 ** 40, -3], [255], [1], [1]];
    expect(tensors.map((tensor) => Array.from(toFloat32(tensor).data))).toEqual(expected);
    expect(tensors.every((tensor) => toFloat32(tensor).dtype === "float32")).toBe(true);
  });

  it("refuses complex tensors", () => {
    const tensor: AnyTensor = { shape: [1], dtype: "complex64", data: Float32Array.of(1, 2) };
    expect(() => toFloat32(tensor)).toThrow(/expected real values, got complex64 \[1\]/);
  });
});
