// What every initializer checks: options in Keras's order and words, seeds, dtypes, the array it fills.

import { describe, expect, it } from "vitest";
import { randomNormal, randomUniform } from "./random.ts";
import { heNormal, varianceScaling } from "./variance-scaling.ts";

describe("the options", () => {
  it.each([
    [
      "a scale of 0",
      { scale: 0, mode: "x" },
      RangeError,
      /^Argument `scale` must be positive float. Received: scale=0$/,
    ],
    ["a negative scale", { scale: -1 }, RangeError, /^Argument `scale` must be positive float/],
    ["an unknown mode", { mode: "FAN_IN", distribution: "x" }, RangeError, /^Invalid `mode` argument: "FAN_IN"/],
    ["a mode that is no text", { mode: 1 }, TypeError, /^Invalid `mode` argument: 1/],
    [
      "an unknown distribution",
      { distribution: "Uniforn", seed: "x" },
      RangeError,
      /^Invalid `distribution` argument: uniforn/,
    ],
    [
      "text as a seed",
      { seed: "7" },
      TypeError,
      /^`seed` argument should be an instance of `keras.random.SeedGenerator\(\)` or an integer. Received: seed="7"$/,
    ],
    ["a fraction as a seed", { seed: 1.5 }, RangeError, /Received: seed=1.5$/],
    ["a seed that is not exact", { seed: 2 ** 60 }, RangeError, /write it as a bigint/],
    ["an unknown option", { sede: 1 }, TypeError, /unknown option "sede".*did you mean "seed"/],
  ])("refuse %s", (_what, options, Kind, message) => {
    expect(() => varianceScaling(options as never)).toThrow(Kind);
    expect(() => varianceScaling(options as never)).toThrow(message);
  });

  it("take a distribution in any case, and normal for truncated_normal", () => {
    expect(varianceScaling({ distribution: "NORMAL" as never }).getConfig()["distribution"]).toBe("truncated_normal");
  });

  it("leave minval and maxval as they are, as Keras does", () => {
    expect(randomUniform({ minval: 1, maxval: 0, seed: 0 })([3]).data.every((value) => value > 0 && value <= 1)).toBe(
      true,
    );
  });
});

describe("the dtype", () => {
  it.each(["int32", "bool"] as const)("%s cannot be random", (dtype) => {
    expect(() => heNormal()([2, 2], { dtype })).toThrow(
      new RangeError(
        `dtype: expected one of float32, float64, float16, bfloat16 for HeNormal on the stream keras/tensorflow, got "${dtype}"`,
      ),
    );
  });

  it("is checked before anything is allocated or drawn", () => {
    expect(() => heNormal()([2 ** 20, 2 ** 20], { dtype: "int8" })).toThrow(/^dtype: expected one of/);
  });

  it("is that of the array to fill", () => {
    const initializer = randomNormal({ seed: 1 });
    const doubles = initializer.fill(new Float64Array(3), [5], { offset: 1 });
    expect(doubles).toEqual(initializer([5], { dtype: "float64" }).data.slice(1, 4));
    const halves = initializer.fill(new Uint16Array(3), [5], { offset: 1, dtype: "bfloat16" });
    expect(halves).toEqual(initializer([5], { dtype: "bfloat16" }).data.slice(1, 4));
    expect(() => initializer.fill(new Uint16Array(3), [5])).toThrow(TypeError);
    expect(() => initializer.fill(new Uint8Array(3), [5])).toThrow(RangeError);
    expect(() => initializer.fill([0, 0, 0] as never, [5])).toThrow(TypeError);
  });
});

describe("fill", () => {
  it.each([
    [6, 0],
    [5, 1],
    [1, 6],
    [1, -1],
    [1, 0.5],
  ])("refuses %i elements from offset %d of 5", (length, offset) => {
    expect(() => randomNormal({ seed: 1 }).fill(new Float32Array(length), [5], { offset })).toThrow(RangeError);
  });
});
