// The names of variables in `.weights.h5` files of Keras, and the roles that follow.

import { describe, expect, it } from "vitest";
import { tensorParts } from "./tensor-parts.ts";
import { variableNames } from "./variable-names.ts";

describe("variableNames", () => {
  it.each([
    [
      ["layers/dense/vars/0", "layers/dense/vars/1"],
      ["dense/kernel", "dense/bias"],
    ],
    [["layers/embedding_2/vars/0"], ["embedding_2/embeddings"]],
    [["layers/sequential/layers/conv2d/vars/0"], ["sequential/conv2d/kernel"]],
    [
      ["layers/gru/cell/vars/0", "layers/gru/cell/vars/1"],
      ["gru/cell/kernel", "gru/cell/recurrent_kernel"],
    ],
    [["layers/multi_head_attention/output_dense/vars/0"], ["multi_head_attention/attention_output/kernel"]],
    [
      [0, 1, 2, 3].map((index) => `layers/batch_normalization/vars/${index}`),
      ["gamma", "beta", "moving_mean", "moving_variance"].map((name) => `batch_normalization/${name}`),
    ],
    // Without scale or center, nothing shows which variables are missing.
    [[0, 1, 2].map((index) => `layers/batch_normalization/vars/${index}`), []],
    [["layers/my_layer/vars/0", "optimizer/vars/0", "optimizer/vars/1"], []],
    [["layers/dense/vars/1"], []],
    [["layers/dense/vars/0", "dense/kernel"], []],
    [["vars/0", "dense/kernel"], []],
  ])("of %j are %j", (paths, expected) => {
    expect([...variableNames(paths).values()]).toEqual(expected);
  });
});

describe("the parts of a .weights.h5 file", () => {
  it("have the roles of their layers, and those of other classes none", () => {
    const file = Object.entries({
      "layers/dense/vars/0": [8, 6],
      "layers/dense/vars/1": [6],
      "layers/embedding/vars/0": [20, 8],
      "layers/gru/cell/vars/0": [10, 12],
      "layers/gru/cell/vars/1": [4, 12],
      "layers/own/vars/0": [20, 8],
    }).map(([name, shape]) => ({ name, shape }));
    const parts = tensorParts(file, { layout: "keras" });
    expect(file.map(({ name }) => parts.get(name)?.role)).toEqual([
      ...["kernel", "bias", "embedding", "recurrent", "recurrent", "other"],
    ]);
    expect(parts.get("layers/dense/vars/0")?.beside).toBe("layers/dense/vars/1");
    expect(parts.get("layers/gru/cell/vars/0")?.kind).toBe("gated recurrent unit");
    expect(tensorParts(file).get("layers/dense/vars/0")?.layout).toBe("keras");
  });

  it("have no role without a known class, also in a file of no other tensors", () => {
    const file = [{ name: "layers/own/vars/0", shape: [20, 8] }];
    expect(tensorParts(file).get("layers/own/vars/0")?.role).toBe("other");
  });
});
