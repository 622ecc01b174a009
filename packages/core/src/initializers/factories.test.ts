// What every factory checks: options, seeds, shapes, slices.

import { describe, expect, it } from "vitest";
import { zeros } from "./constant.ts";
import { randomNormal } from "./random.ts";
import { deserialize } from "./registry.ts";
import { heNormal } from "./variance-scaling.ts";

describe("the factories", () => {
  it("refuse unknown options, with a suggestion", () => {
    expect(() => heNormal({ sed: 1 } as never)).toThrow(
      'HeNormal: unknown option "sed"; expected inputAxes, outputAxes, seed, stream; did you mean "seed"?',
    );
  });

  it.each([
    [{ scale: 0 }, "Argument `scale` must be positive float. Received: scale=0"],
    [{ mode: "FAN_IN" }, 'Invalid `mode` argument: "FAN_IN". Please use one of fan_in, fan_out, fan_avg'],
    [
      { distribution: "cauchy" },
      "Invalid `distribution` argument: cauchy. Please use one of uniform, truncated_normal, untruncated_normal",
    ],
  ])("check VarianceScaling(%o)", (config, message) => {
    expect(() => deserialize({ class_name: "VarianceScaling", config })).toThrow(message);
  });

  it("take distribution in any case, and normal for truncated_normal", () => {
    const { distribution } = deserialize({
      class_name: "VarianceScaling",
      config: { distribution: "Normal" },
    }).getConfig();
    expect(distribution).toBe("truncated_normal");
  });

  it.each([
    [1.5, RangeError],
    [2 ** 60, RangeError],
    [2n ** 63n, RangeError],
    ["1", TypeError],
    [true, TypeError],
  ])("refuse the seed %o", (seed, kind) => {
    expect(() => heNormal({ seed: seed as number })([2])).toThrow(kind);
  });

  it("honour seed 0 and stddev 0", () => {
    expect(heNormal({ seed: 0 })([4]).data).toEqual(heNormal({ seed: 0 })([4]).data);
    expect([...randomNormal({ stddev: 0, mean: 2, seed: 0 })([3]).data]).toEqual([2, 2, 2]);
  });

  it("check shapes and slices before allocating", () => {
    const initializer = heNormal({ seed: 0 });
    expect(() => initializer([-1, 4])).toThrow(RangeError);
    expect(() => initializer([1.5])).toThrow(RangeError);
    expect(() => initializer([1e9, 1e9])).toThrow(/at most 2\^53 elements/);
    expect(() => initializer([1e5, 1e5])).toThrow(/10000000000 elements; one array holds at most/);
    expect(() => initializer("3" as never)).toThrow(TypeError);
    expect(() => initializer.fill(new Float32Array(5), [2, 2])).toThrow("out: expected at most 4 elements");
    expect(() => initializer.fill(new Float32Array(1), [2, 2], { offset: 5 })).toThrow("offset: expected an integer");
    expect(() => initializer.fill(new Uint8ClampedArray(1) as never, [2])).toThrow("out: expected");
  });

  it("draw nothing for empty shapes and one value for a scalar", () => {
    expect(zeros()([0, 3]).data.length).toBe(0);
    expect(heNormal({ seed: 1 })([0, 3]).data.length).toBe(0);
    expect(heNormal({ seed: 1 })([]).data.length).toBe(1);
  });
});
