// Rounding to the 16-bit formats: at every value, at every tie of two neighbours, and at the float32 and float64 next to it.
// Source: bfloat16 by definition from the upper half of float32; float16 by known patterns and by symmetry of encode, decode.

import { describe, expect, it } from "vitest";
import { bfloat16FromFloat32, float16FromFloat32, float32FromBfloat16, float32FromFloat16 } from "./half.ts";

const words = new Uint32Array(1);
const floats = new Float32Array(words.buffer);

/** Returns the float32 `steps` after the positive `x`. */
function beside(x: number, steps: number): number {
  floats[0] = x;
  words[0] = (words[0] as number) + steps;
  return floats[0] as number;
}

const formats = [
  { name: "float16", encode: float16FromFloat32, decode: float32FromFloat16, infinity: 0x7c00, nan: 0x7e00 },
  { name: "bfloat16", encode: bfloat16FromFloat32, decode: float32FromBfloat16, infinity: 0x7f80, nan: 0x7fc0 },
];

describe.each(formats)("$name", ({ encode, decode, infinity, nan }) => {
  it("encodes what it decodes, for all bit patterns", () => {
    const wrong: number[] = [];
    for (let bits = 0; bits < 65536; bits++) {
      const want = (bits & 0x7fff) > infinity ? nan : bits;
      if (encode(decode(bits)) !== want) wrong.push(bits);
    }
    expect(wrong).toEqual([]);
  });

  it("rounds to nearest even between every two neighbours, of both signs", () => {
    const wrong: number[] = [];
    for (let low = 0; low < infinity; low++) {
      const a = decode(low);
      // Above the largest value, the tie to infinity lies where the next exponent would be.
      const b = low + 1 < infinity ? decode(low + 1) : 2 * a - decode(low - 1);
      const tie = a / 2 + b / 2;
      const even = low % 2 === 0 ? low : low + 1;
      const rows: [number, number][] = [
        [tie, even],
        [tie * (1 - 2 ** -53), low],
        [tie * (1 + 2 ** -52), low + 1],
      ];
      if (Math.fround(tie) === tie) rows.push([beside(tie, -1), low], [beside(tie, 1), low + 1]);
      for (const [value, want] of rows) {
        if (encode(value) !== want || encode(-value) !== (0x8000 | want)) wrong.push(value);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("rounds values out of range to zero and infinity", () => {
    expect([0, -0, 1e-300, -1e-300].map(encode)).toEqual([0, 0x8000, 0, 0x8000]);
    expect([1e300, Number.NEGATIVE_INFINITY].map(encode)).toEqual([infinity, 0x8000 | infinity]);
    expect(encode(Number.NaN)).toBe(nan);
    expect(Object.is(decode(0x8000), -0)).toBe(true);
  });
});

describe("float16", () => {
  it("has the values of IEEE 754", () => {
    expect([0x3c00, 0x3555, 0x7bff, 0x0400, 0x0001, 0xc000].map(float32FromFloat16)).toEqual([
      1,
      0.333251953125,
      65504,
      2 ** -14,
      2 ** -24,
      -2,
    ]);
  });
});

describe("bfloat16", () => {
  it("is the upper half of float32", () => {
    const wrong: number[] = [];
    for (let bits = 0; bits < 65536; bits++) {
      words[0] = bits * 65536;
      if (!Object.is(float32FromBfloat16(bits), floats[0])) wrong.push(bits);
    }
    expect(wrong).toEqual([]);
  });
});
