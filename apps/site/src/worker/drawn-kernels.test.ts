// What is kept is what would be drawn, and not without end.

import { heNormal, type Initializer } from "@fanin/core";
import { describe, expect, it } from "vitest";
import { drawnKernel } from "./drawn-kernels.ts";

describe("kernels that were drawn", () => {
  it("are the initializer's, drawn once for each seed, stream and shape", () => {
    const first = drawnKernel(heNormal({ seed: 1 }), [20, 30]);
    expect(first).toEqual(heNormal({ seed: 1 })([20, 30]).data);
    expect(drawnKernel(heNormal({ seed: 1 }), [20, 30])).toBe(first);
    const others: [Initializer, [number, number]][] = [
      [heNormal({ seed: 2 }), [20, 30]],
      [heNormal({ seed: 1, stream: "keras/jax" }), [20, 30]],
      [heNormal({ seed: 1 }), [30, 20]],
    ];
    for (const [initializer, shape] of others) {
      expect(drawnKernel(initializer, shape)).toEqual(initializer(shape).data);
      expect(drawnKernel(initializer, shape)).not.toEqual(first);
    }
  });

  it("are given up beyond 16 Mi values, the oldest first", () => {
    const draw = (seed: number, shape: [number, number]): Float32Array => drawnKernel(heNormal({ seed }), shape);
    const old = draw(3, [8, 8]);
    const large = draw(4, [4096, 4000]);
    const next = draw(5, [1024, 1024]);
    // As booleans: the framework would write out arrays that differ.
    expect(draw(5, [1024, 1024]) === next).toBe(true);
    expect(draw(3, [8, 8]) === old).toBe(false);
    expect(draw(4, [4096, 4000]) === large).toBe(false);
  });
});
