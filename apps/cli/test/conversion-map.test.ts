// `fanin convert --map`: the transforms make the tensors that Keras and PyTorch judged (goldens/layers/judge-layers.py), and a map
// that does not fit is refused by file and field.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { convertTo, golden, hashesOf, ofKeras, ofTorch } from "./layer-goldens.ts";
import { fanin } from "./run-fanin.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-layers-"));
});
afterAll(() => rm(folder, { recursive: true }));

const path = (name: string): string => join(folder, name);

describe("--map", () => {
  /** A map for every branch of the model whose tensors are not converted by name alone. */
  const toTorch = {
    "gru/gru_cell/kernel": { to: "gru.weight_ih_l0", transform: "gru" },
    "gru/gru_cell/recurrent_kernel": { to: "gru.weight_hh_l0", transform: "gru" },
    "gru/gru_cell/bias": { to: ["gru.bias_ih_l0", "gru.bias_hh_l0"], transform: "gru" },
    "lstm/lstm_cell/kernel": { to: "lstm.weight_ih_l0", transform: "lstm" },
    "lstm/lstm_cell/recurrent_kernel": { to: "lstm.weight_hh_l0", transform: "lstm" },
    "lstm/lstm_cell/bias": { to: ["lstm.bias_ih_l0", "lstm.bias_hh_l0"], transform: "lstm" },
    "heads/query/kernel": { to: "heads.in_proj_weight", transform: "in_proj" },
    "heads/key/kernel": { to: "heads.in_proj_weight", transform: "in_proj" },
    "heads/value/kernel": { to: "heads.in_proj_weight", transform: "in_proj" },
    "heads/query/bias": { to: "heads.in_proj_bias", transform: "in_proj" },
    "heads/key/bias": { to: "heads.in_proj_bias", transform: "in_proj" },
    "heads/value/bias": { to: "heads.in_proj_bias", transform: "in_proj" },
    "heads/attention_output/kernel": { to: "heads.out_proj.weight", transform: "out_proj" },
    "heads/attention_output/bias": { to: "heads.out_proj.bias" },
    "depth/kernel": { to: "depth.weight", transform: "depthwise" },
    "one_filter/kernel": { to: "one_filter.weight", transform: "conv" },
    "conv3d/kernel": { to: "conv3d.weight", transform: "conv" },
    "dense/kernel": { to: "dense.weight", transform: "transpose" },
    "rnn/simple_rnn_cell/kernel": { to: "rnn.weight_ih_l0", transform: "rnn" },
  };
  const toKeras = {
    "gru.weight_ih_l0": { to: "gru/gru_cell/kernel", transform: "gru" },
    "gru.weight_hh_l0": { to: "gru/gru_cell/recurrent_kernel", transform: "gru" },
    "gru.bias_ih_l0": { to: "gru/gru_cell/bias", transform: "gru" },
    "gru.bias_hh_l0": { to: "gru/gru_cell/bias", transform: "gru" },
    "lstm.weight_ih_l0": { to: "lstm/lstm_cell/kernel", transform: "lstm" },
    "lstm.bias_ih_l0": { to: "lstm/lstm_cell/bias", transform: "lstm" },
    "lstm.bias_hh_l0": { to: "lstm/lstm_cell/bias", transform: "lstm" },
    "heads.in_proj_weight": {
      ...{ to: ["query", "key", "value"].map((name) => `heads/${name}/kernel`), transform: "in_proj", heads: 2 },
    },
    "heads.in_proj_bias": {
      ...{ to: ["query", "key", "value"].map((name) => `heads/${name}/bias`), transform: "in_proj", heads: 2 },
    },
    "heads.out_proj.weight": { to: "heads/attention_output/kernel", transform: "out_proj", heads: 2 },
    "depth.weight": { to: "depth/kernel", transform: "depthwise", multiplier: 2 },
    "conv2d.weight": { to: "conv2d/kernel", transform: "conv" },
    "wide_heads.k_proj_weight": { to: "wide_heads/key/kernel", transform: "in_proj", heads: 2 },
  };

  it.each([
    [ofKeras, "torch", toTorch, golden.torchOfKeras],
    [ofTorch, "keras", toKeras, golden.kerasOfTorch],
  ] as const)("gives the tensors that the frameworks judged: %s", async (input, to, map, expected) => {
    await writeFile(path("map.json"), JSON.stringify(map));
    const { tensors } = await convertTo(input, path("mapped.safetensors"), to, {
      ...{ map: path("map.json"), renames: false, strict: false },
    });
    const hashes = hashesOf(tensors);
    const names = new Set(Object.values(map).flatMap((entry) => entry.to));
    for (const name of names) expect([name, hashes[name]]).toEqual([name, expected[name]]);
  });

  it.each<[string, unknown, string]>([
    ["a list", [], "file: expected an object, got []"],
    ["a name alone", { "dense.weight": "x" }, "dense.weight: expected an object"],
    ["no name", { "dense.weight": {} }, "dense.weight.to: expected a name, got nothing"],
    ["an unknown field", { "dense.weight": { to: "x", head: 2 } }, "dense.weight.head: expected no such field"],
    [
      "an unknown transform",
      { "dense.weight": { to: "x", transform: "turn" } },
      "dense.weight.transform: expected one of keep, transpose",
    ],
    [
      "no heads",
      { "heads.in_proj_weight": { to: ["q", "k", "v"], transform: "in_proj", heads: 0 } },
      "heads.in_proj_weight.heads: expected an integer from 1",
    ],
    [
      "heads that are missing",
      { "heads.in_proj_weight": { to: ["q", "k", "v"], transform: "in_proj" } },
      "in_proj expects heads",
    ],
    [
      "heads that do not divide",
      { "heads.in_proj_weight": { to: ["q", "k", "v"], transform: "in_proj", heads: 4 } },
      "in_proj expects a matrix or bias of 3 * 4 * dim rows, for 1 or 3 names, got [18,6]",
    ],
    [
      "another name",
      { "dense.wieght": { to: "x" } },
      "dense.wieght: expected the name of a tensor of IN, got one that it lacks",
    ],
    [
      "a vector to transpose",
      { "dense.bias": { to: "x", transform: "transpose" } },
      "dense.bias.transform: transpose expects 2 axes, got [5]",
    ],
    [
      "other gates",
      { "dense.weight": { to: "x", transform: "gru" } },
      "gru expects a matrix or bias of 3 gates, got [5,4]",
    ],
    ["two names for one", { "dense.weight": { to: ["x", "y"] } }, "dense.weight.to: expected one name for keep, got 2"],
    [
      "equal names",
      { "gru.bias_ih_l0": { to: ["x", "x"], transform: "gru" } },
      "gru.bias_ih_l0.to: expected different names",
    ],
    [
      "one name for two kernels",
      { "dense.weight": { to: "x" }, "no_bias.weight": { to: "x" } },
      "x: expected a name of its own; only biases and projections are joined",
    ],
    [
      "a filter multiplier that does not divide",
      { "depth.weight": { to: "x", transform: "depthwise", multiplier: 4 } },
      "depthwise expects [n * 4, 1, ...], got [6,1,3,3]",
    ],
  ])("refuses %s, by file and field", async (_, map, message) => {
    await writeFile(path("map.json"), JSON.stringify(map));
    const { code, stderr } = await fanin([
      "convert",
      ofTorch,
      path("no.npz"),
      "--layout",
      "keras",
      "--map",
      path("map.json"),
    ]);
    expect(stderr).toContain(`${path("map.json")}: `);
    expect(stderr).toContain(message);
    expect(code).toBe(3);
  });

  it("refuses text that is not JSON, a missing file, and no layout", async () => {
    await writeFile(path("map.json"), "{");
    const words = ["convert", ofTorch, path("no.npz"), "--map", path("map.json")];
    expect((await fanin([...words, "--layout", "keras"])).code).toBe(3);
    expect((await fanin(words)).stderr).toContain("--map: expected --layout as well, got none");
    expect(
      (await fanin(["convert", ofTorch, path("no.npz"), "--layout", "keras", "--map", path("none.json")])).code,
    ).toBe(4);
  });
});
