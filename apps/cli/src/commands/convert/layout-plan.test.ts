// Tests the conversion of each kind of tensor between Keras and PyTorch.

import { type Layout, type TensorName, tensorParts } from "@fanin/lab/weights";
import { describe, expect, it } from "vitest";
import { planTensor, type TensorPlan } from "./layout-plan.ts";

/** Returns the plan for the first tensor of a file. */
function planOf(to: Layout, file: readonly TensorName[], metadata: Readonly<Record<string, string>> = {}): TensorPlan {
  const parts = tensorParts(file, { metadata: new Map(Object.entries(metadata)) });
  const [{ name, shape } = { name: "", shape: [] }] = file;
  const part = parts.get(name);
  if (!part) throw new Error(`no part of ${name}`);
  return planTensor(name, shape, part, to);
}

const named = (names: Readonly<Record<string, readonly number[]>>): TensorName[] =>
  Object.entries(names).map(([name, shape]) => ({ name, shape }));

describe("planTensor to torch", () => {
  it.each([
    ["dense/kernel", [784, 128], [128, 784], "transposed [784,128] -> [128,784]"],
    ["conv1d/kernel", [3, 4, 8], [8, 4, 3], "1-d convolution permuted"],
    ["conv2d/kernel", [3, 5, 4, 8], [8, 4, 3, 5], "2-d convolution permuted [3,5,4,8] -> [8,4,3,5]"],
    ["conv3d/kernel", [2, 3, 5, 4, 8], [8, 4, 2, 3, 5], "3-d convolution permuted"],
    ["dw/depthwise_kernel", [3, 5, 4, 2], [8, 1, 3, 5], "depthwise [3,5,4,2] -> [8,1,3,5]"],
    ["lstm/recurrent_kernel", [8, 32], [32, 8], "order of gates"],
    ["dense/bias", [128], [128], "unchanged: the same in both layouts"],
    ["embedding/embeddings", [100, 8], [100, 8], "unchanged: an embedding"],
    ["gru/gru_cell/kernel", [4, 12], [4, 12], "unchanged: GRU"],
    ["mha/query/kernel", [64, 8, 8], [64, 8, 8], "unchanged: attention"],
    ["einsum_dense/kernel", [4, 5, 6], [4, 5, 6], "unchanged: EinsumDense"],
    ["x", [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], "unchanged: no layer has a kernel of rank 6"],
    ["scalar", [], [], "unchanged: the same in both layouts"],
  ])("makes of %s %j %j", (name, shape, target, said) => {
    const plan = planOf("torch", [{ name, shape }]);
    expect(plan.shape).toEqual(target);
    expect(plan.said).toContain(said);
    expect(plan.groups === undefined).toBe(plan.said.startsWith("unchanged: "));
  });
});

describe("planTensor to keras", () => {
  it.each([
    ["fc.weight", [128, 784], [784, 128], "transposed"],
    ["conv.weight", [8, 4, 3, 5], [3, 5, 4, 8], "2-d convolution permuted"],
    ["rnn.weight_ih_l0", [32, 8], [8, 32], "order of gates"],
    ["wte.weight", [100, 8], [100, 8], "unchanged: an embedding"],
    ["attn.in_proj_weight", [24, 8], [24, 8], "unchanged: attention"],
    ["fc.bias", [128], [128], "unchanged: the same in both layouts"],
  ])("makes of %s %j %j", (name, shape, target, said) => {
    const plan = planOf("keras", [{ name, shape }]);
    expect(plan.shape).toEqual(target);
    expect(plan.said).toContain(said);
  });

  it("keeps a file that has the layout already", () => {
    const part = tensorParts([{ name: "fc.weight", shape: [2, 3] }]).get("fc.weight");
    expect(part && planTensor("fc.weight", [2, 3], part, "torch", "torch")).toEqual({
      shape: [2, 3],
      said: "unchanged: the file is in torch layout already",
      isLeft: false,
    });
  });
});

const MHA = { "mha/query/kernel": [16, 2, 8], "mha/key/kernel": [16, 2, 8], "mha/value/kernel": [16, 2, 8] };

describe("planTensor converts only certain kernels", () => {
  it.each<[string, Layout, Record<string, number[]>, number[], string, boolean]>([
    [
      "GPT-2's Conv1D",
      "keras",
      { "h.0.mlp.c_fc.weight": [8, 32], "h.0.mlp.c_fc.bias": [32] },
      [8, 32],
      "already",
      false,
    ],
    [
      "GPT-2's Conv1D",
      "torch",
      { "h.0.mlp.c_fc.weight": [8, 32], "h.0.mlp.c_fc.bias": [32] },
      [8, 32],
      "Conv1D",
      false,
    ],
    [
      "a square one beside it",
      "keras",
      { "h.0.attn.c_proj.weight": [8, 8], "h.0.attn.c_proj.bias": [8], "h.0.attn.c_attn.weight": [8, 24] },
      [8, 8],
      "already",
      false,
    ],
    ["a Linear of that name", "keras", { "h.0.attn.c_attn.weight": [24, 8] }, [8, 24], "transposed", false],
    [
      "Keras 3's depthwise kernel by its bias",
      "torch",
      { "a/kernel": [3, 3, 4, 2], "a/bias": [8] },
      [8, 1, 3, 3],
      "depthwise",
      false,
    ],
    ["the same by its name", "torch", { "depthwise_conv2d/kernel": [3, 3, 8, 1] }, [8, 1, 3, 3], "depthwise", false],
    ["neither", "torch", { "a/kernel": [3, 3, 8, 1] }, [3, 3, 8, 1], "neither name nor bias", true],
    ["two readings of a bias", "torch", { "a/kernel": [3, 3, 8, 1], "a/bias": [8] }, [3, 3, 8, 1], "neither", true],
    ["one filter", "torch", { "a/kernel": [3, 3, 8, 1], "a/bias": [1] }, [1, 8, 3, 3], "permuted", false],
    ["a transposed kernel", "torch", { "up/kernel": [3, 3, 12, 8], "up/bias": [12] }, [8, 12, 3, 3], "permuted", false],
    ["a grouped kernel", "keras", { "c.weight": [16, 4, 3, 3], "c.bias": [16] }, [3, 3, 4, 16], "permuted", false],
    ["torch's depthwise kernel", "keras", { "d.weight": [8, 1, 3, 3], "d.bias": [8] }, [3, 3, 1, 8], "permuted", false],
    [
      "a table of positions",
      "keras",
      { "vit.position_embeddings": [1, 5, 16], "vit.fc.weight": [4, 16] },
      [1, 5, 16],
      "unchanged",
      false,
    ],
    [
      "a class token",
      "keras",
      { "vit.cls_token": [1, 1, 16], "vit.fc.weight": [4, 16] },
      [1, 1, 16],
      "not a kernel",
      true,
    ],
    ["a plain parameter", "keras", { scores: [5, 16], "fc.weight": [4, 16] }, [5, 16], "not a kernel", true],
    [
      "a table that nothing names",
      "keras",
      { "0.weight": [40, 16], "1.weight": [5, 16], "1.bias": [5] },
      [40, 16],
      "embedding",
      false,
    ],
    ["a kernel of token mixing", "keras", { "b.token_mixing.fc1.weight": [16, 8] }, [8, 16], "transposed", false],
    [
      "a patch projection",
      "keras",
      { "patch_embeddings.projection.weight": [16, 3, 2, 2] },
      [2, 2, 3, 16],
      "permuted",
      false,
    ],
    ["a GRU", "keras", { "rnn.weight_ih_l0": [48, 12], "rnn.weight_hh_l0": [48, 16] }, [48, 12], "GRU", true],
    ["a GRU's cell", "keras", { "rnn.weight_ih": [48, 12], "rnn.weight_hh": [48, 16] }, [48, 12], "GRU", true],
    [
      "Keras's GRU of any name",
      "torch",
      { "e/kernel": [12, 48], "e/recurrent_kernel": [16, 48] },
      [12, 48],
      "GRU",
      true,
    ],
    [
      "an LSTM's cell",
      "keras",
      { "rnn.weight_ih": [64, 12], "rnn.weight_hh": [64, 16] },
      [12, 64],
      "order of gates",
      false,
    ],
    ["Keras's attention", "torch", MHA, [16, 2, 8], "attention", true],
    ["Haiku's kernel by its bias", "torch", { "linear/w": [8, 4], "linear/b": [4] }, [4, 8], "transposed", false],
    ["an array without a name", "torch", { arr_0: [8, 4] }, [8, 4], "unknown input axis", true],
    ["a bias that fits neither", "torch", { "d/kernel": [64, 32], "d/bias": [7] }, [32, 64], "transposed", false],
  ])("%s, to %s", (_, to, file, target, said, isLeft) => {
    const plan = planOf(to, named(file));
    expect(plan.shape).toEqual(target);
    expect(plan.said).toContain(said);
    expect(plan.isLeft).toBe(isLeft);
    expect(plan.groups === undefined).toBe(plan.said.startsWith("unchanged: "));
  });

  it("restores the filters per channel of a depthwise kernel from the metadata", () => {
    const file = named({ "dw/depthwise_kernel": [8, 1, 3, 5], "dw/bias": [8] });
    const turned = { layout: "torch" };
    expect(planOf("keras", file, { ...turned, depthwise: '{"dw/depthwise_kernel":2}' }).shape).toEqual([3, 5, 4, 2]);
    expect(planOf("keras", file, turned)).toMatchObject({ shape: [8, 1, 3, 5], isLeft: true });
    expect(planOf("keras", file, { ...turned, depthwise: "not JSON" })).toMatchObject({ isLeft: true });
  });
});
