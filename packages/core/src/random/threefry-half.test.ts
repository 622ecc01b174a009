// Draws in the 16-bit types: which bits of which word they take in each layout, their range and their distribution.

import { float32FromBfloat16, float32FromFloat16 } from "@fanin/tensor";
import { describe, expect, it } from "vitest";
import { fillWords, type ThreefryBits } from "./threefry.ts";
import { fillNormalHalf, fillUniformHalf, roundToHalf } from "./threefry-half.ts";

const key = [7, 9] as const;

function words(size: number, partitionable: boolean): Uint32Array {
  const out = new Uint32Array(size);
  fillWords(out, 0, { key, size, partitionable });
  return out;
}

function uniforms(type: "float16" | "bfloat16", size: number, partitionable: boolean): number[] {
  const out = new Uint16Array(size);
  fillUniformHalf(out, type, { key, size, partitionable }, 0, 1, 1);
  return Array.from(out, type === "float16" ? float32FromFloat16 : float32FromBfloat16);
}

describe("the bits of a draw", () => {
  it("are the low bits of a word each, in the partitionable layout", () => {
    const drawn = [...words(5, true)];
    expect(uniforms("float16", 5, true)).toEqual(drawn.map((word) => ((word & 0xffff) >>> 6) / 2 ** 10));
    expect(uniforms("bfloat16", 5, true)).toEqual(drawn.map((word) => ((word & 0xff) >>> 1) / 2 ** 7));
  });

  it("are pieces of shared words, the low one first, in the older layout", () => {
    const [a = 0, b = 0, c = 0] = words(3, false);
    expect(uniforms("float16", 5, false)).toEqual(
      [a, a >>> 16, b, b >>> 16, c].map((word) => ((word & 0xffff) >>> 6) / 2 ** 10),
    );
    const [d = 0, e = 0] = words(2, false);
    expect(uniforms("bfloat16", 6, false)).toEqual(
      [d, d >>> 8, d >>> 16, d >>> 24, e, e >>> 8].map((word) => ((word & 0xff) >>> 1) / 2 ** 7),
    );
  });
});

describe("normals", () => {
  const size = 2 ** 16;
  const draw: ThreefryBits = { key, size, partitionable: true };

  it.each([
    { bounds: undefined, stddev: 1 },
    { bounds: [-2, 2] as const, stddev: 0.8796 },
  ])("have their standard deviation and stay in $bounds", ({ bounds, stddev }) => {
    const out = new Uint16Array(size);
    fillNormalHalf(out, "float16", draw, bounds, 0, 1);
    const values = Array.from(out, float32FromFloat16);
    const mean = values.reduce((sum, value) => sum + value, 0) / size;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / size;
    // Five standard errors, and the grid of 1024 values.
    expect(Math.abs(mean)).toBeLessThan(0.02);
    expect(Math.abs(Math.sqrt(variance) - stddev)).toBeLessThan(0.02);
    for (const value of values) if (Math.abs(value) > (bounds?.[1] ?? 3.5)) expect.fail(`${value}`);
  });
});

describe("roundToHalf", () => {
  it("rounds to the type", () => {
    expect([roundToHalf("float16", 0.1), roundToHalf("bfloat16", 0.1)]).toEqual([0.0999755859375, 0.10009765625]);
  });
});
