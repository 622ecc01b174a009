// Which element types a stream draws.

import { expect, it } from "vitest";
import { kerasNumpy } from "./keras-numpy.ts";
import { samplerOf } from "./stream.ts";

it("takes float32 from the stream itself", () => {
  expect(samplerOf(kerasNumpy, "float32", "normal", "x")).toBe(kerasNumpy);
});

it("names stream and dtype where there is no such sampler", () => {
  const { float64, bfloat16 = {} } = kerasNumpy.samplers;
  const { normal: _, ...uniforms } = bfloat16;
  const poor = { ...kerasNumpy, name: "poor", samplers: { ...(float64 && { float64 }), bfloat16: uniforms } };
  expect(() => samplerOf(poor, "bfloat16", "normal", "X")).toThrow(
    new RangeError('dtype: expected one of float32, float64 for X on the stream poor, got "bfloat16"'),
  );
});
