// The sample of a large kernel contains values of the kernel, for chunks of any size and both layouts.

import { describe, expect, it } from "vitest";
import { UnitSample } from "./unit-sample.ts";

/** Returns the element of unit `u` and input `i`. */
const value = (u: number, i: number): number => u * 5000 + i;

describe.each(["keras", "torch"] as const)("UnitSample of %s", (layout) => {
  it.each([
    [3000, 2000, 7919],
    [2000, 3000, 4096],
    [1, 4_000_000, 65_536],
    [4_000_000, 1, 65_537],
  ])("keeps evenly spaced inputs of %i units of %i inputs, in chunks of %i", (units, inputs, piece) => {
    const shape = layout === "keras" ? [inputs, units] : [units, inputs];
    const all = new Float64Array(units * inputs);
    for (let u = 0; u < units; u++) {
      for (let i = 0; i < inputs; i++) all[layout === "keras" ? i * units + u : u * inputs + i] = value(u, i) % 2 ** 24;
    }
    const sample = new UnitSample(shape, layout);
    for (let start = 0; start < all.length; start += piece) sample.add(all.subarray(start, start + piece));
    const { values, inputs: kept, inputStride, unitStride } = sample.matrix();
    expect(kept).toBe(Math.min(inputs, Math.max(1, Math.floor(2 ** 21 / units))));
    const step = Math.floor(inputs / kept);
    let wrong = 0;
    for (let u = 0; u < units; u++) {
      for (let k = 0; k < kept; k++) {
        if (values[k * inputStride + u * unitStride] !== value(u, k * step) % 2 ** 24) wrong++;
      }
    }
    expect(wrong).toBe(0);
  });
});
