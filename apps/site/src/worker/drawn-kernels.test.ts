// Cached kernels equal drawn ones, and the cache is bounded.

import { heNormal, type Initializer } from "@fanin/core";
import { describe, expect, it } from "vitest";
import { drawnKernel } from "./drawn-kernels.ts";

describe("the cache of kernels", () => {
  it("returns the initializer's values, drawn once for each seed, stream and shape", () => {
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

  it("drops the oldest kernels beyond 16 Mi values", () => {
    const draw = (seed: number, shape: [number, number]): Float32Array => drawnKernel(heNormal({ seed }), shape);
    const old = draw(3, [8, 8]);
    const large = draw(4, [4096, 4000]);
    const next = draw(5, [1024, 1024]);
    // Compared as booleans, because a failure would print the whole arrays.
    expect(draw(5, [1024, 1024]) === next).toBe(true);
    expect(draw(3, [8, 8]) === old).toBe(false);
    expect(draw(4, [4096, 4000]) === large).toBe(false);
  });
});
