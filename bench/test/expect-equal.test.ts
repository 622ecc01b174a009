// The checks before a measurement: equal results pass, different results fail.

import { describe, expect, it } from "vitest";
import { expectClose, expectDistribution, expectOrthonormal } from "../expect-equal.mjs";

describe("expectClose", () => {
  it("accepts values that are equal within the tolerance", () => {
    expect(() => expectClose("a", [1, 2], [1, 2], 0)).not.toThrow();
    expect(() => expectClose("a", [1.001], [1], 1e-3)).not.toThrow();
  });

  it.each([
    [[1, 2.5], [1, 2], "a: element 1: expected 2, got 2.5"],
    [[1], [1, 2], "a: expected 2 elements, got 1"],
    [[Number.NaN], [1], "a: element 0: expected 1, got NaN"],
  ])("refuses %j for %j", (got, want, message) => {
    expect(() => expectClose("a", got, want, 1e-3)).toThrow(message);
  });
});

describe("expectDistribution", () => {
  const n = 10_000;
  const even = Float64Array.from({ length: n }, (_, i) => (i + 0.5) / n);
  const distribution = { mean: 0.5, variance: 1 / 12, support: [0, 1] as const };

  it("accepts values of the distribution", () => {
    expect(() => expectDistribution("u", even, distribution)).not.toThrow();
  });

  it("refuses a wrong mean, a wrong variance, and values outside the support", () => {
    expect(() => expectDistribution("u", even, { ...distribution, mean: 0.52 })).toThrow("mean");
    expect(() => expectDistribution("u", even, { ...distribution, variance: 1 / 10 })).toThrow("variance");
    expect(() => expectDistribution("u", even, { ...distribution, support: [0, 0.9] })).toThrow("outside");
    expect(() => expectDistribution("u", [Number.NaN], distribution)).toThrow("outside");
  });
});

describe("expectOrthonormal", () => {
  it("accepts a rotation and refuses other matrices", () => {
    expect(() => expectOrthonormal("q", [0.6, -0.8, 0.8, 0.6], 2)).not.toThrow();
    expect(() => expectOrthonormal("q", [0.6, 0.8, 0.8, 0.6], 2)).toThrow("columns 1 and 0");
    expect(() => expectOrthonormal("q", [1, 0, 0, 1.001], 2)).toThrow("columns 1 and 1");
  });
});
