import { describe, expect, it } from "vitest";
import { fansOf, lastPart, layoutOfNames } from "./layout.ts";

describe("layoutOfNames", () => {
  it.each([
    [["dense/kernel:0", "dense/bias:0", "norm/gamma:0"], "keras"],
    [["layers.0.weight", "layers.0.bias", "bn.running_var"], "torch"],
    [["rnn.weight_hh_l0_reverse"], "torch"],
    [["encoder.dense.weight", "encoder.LayerNorm.gamma", "encoder.LayerNorm.beta"], "torch"],
    [["dense/kernel", "layers.0.weight"], undefined],
    [["norm/gamma", "norm/beta"], undefined],
    [[], undefined],
  ])("of %j is %s", (names, layout) => {
    expect(layoutOfNames(names)).toBe(layout);
  });
});

describe("lastPart", () => {
  it("splits a name at either separator", () => {
    expect(["a/b/kernel:0", "a.b.weight", "bias"].map(lastPart)).toEqual(["kernel", "weight", "bias"]);
  });
});

describe("fansOf", () => {
  it("counts the receptive field in either layout", () => {
    expect(fansOf([3, 5, 7, 11], "keras")).toEqual({ fanIn: 105, fanOut: 165 });
    expect(fansOf([11, 7, 3, 5], "torch")).toEqual({ fanIn: 105, fanOut: 165 });
  });
});
