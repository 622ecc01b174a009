// `fanin convert` between Keras and PyTorch, layer by layer. Keras and PyTorch give equal outputs with the tensors of
// goldens/layers/layers.json (judge-layers.py beside it); here the command makes the same bits of the same files.

import { readdirSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { NamedTensor, TensorInput } from "@fanin/formats";
import { readTensorFile, writeTensorFile } from "@fanin/formats/node";
import type { Layout } from "@fanin/lab/weights";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ConvertOptions } from "../src/commands/convert/convert-file.ts";
import { architecture, convertTo, golden, hashesOf, ofKeras, ofTorch } from "./layer-goldens.ts";
import { fanin } from "./run-fanin.ts";

const zoo = fileURLToPath(new URL("zoo", import.meta.url));
const models = fileURLToPath(new URL("../../../packages/formats/test/goldens/keras", import.meta.url));
const kerasModels = readdirSync(models).filter((name) => name.endsWith(".keras"));

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-layers-"));
});
afterAll(() => rm(folder, { recursive: true }));

const path = (name: string): string => join(folder, name);

const convert = (input: string, output: string, to: Layout, options: Partial<ConvertOptions> = {}) =>
  convertTo(input, path(output), to, options);

const floats = (name: string, shape: readonly number[]): TensorInput => ({
  ...{ name, shape, dtype: "float32" },
  data: Float32Array.from({ length: shape.reduce((size, axis) => size * axis, 1) }, (_, i) => Math.sin(1 + i * i)),
});

describe("layers of Keras and PyTorch", () => {
  it("gave equal outputs in both frameworks", () => {
    expect(Object.keys(golden.largestDifference)).toHaveLength(5);
    for (const difference of Object.values(golden.largestDifference)) expect(difference).toBeLessThanOrEqual(1e-5);
  });

  it.each([
    ["keras", ofKeras, "torch", golden.torchOfKeras],
    ["torch", ofTorch, "keras", golden.kerasOfTorch],
  ] as const)("of %s become the tensors that both frameworks judged", async (_, input, to, expected) => {
    const { tensors, planned } = await convert(input, `${to}.safetensors`, to, { architecture });
    expect(hashesOf(tensors)).toEqual(expected);
    expect(planned.filter(({ plan }) => plan.isLeft)).toEqual([]);
  });

  it("of Keras return bit for bit", async () => {
    await convert(ofKeras, "there.safetensors", "torch", { architecture });
    const { tensors } = await convert(path("there.safetensors"), "back.safetensors", "keras", { architecture });
    expect(hashesOf(tensors)).toEqual(hashesOf(await readTensorFile(ofKeras)));
  });

  it("stay where nothing shows what they are: without an architecture", async () => {
    const { planned } = await convert(ofKeras, "no.safetensors", "torch", { strict: false });
    const left = planned.filter(({ plan }) => plan.isLeft).map(({ name }) => name);
    expect(left.sort()).toEqual([
      "depth_one/kernel",
      "gru_free/gru_cell/kernel",
      "gru_free/gru_cell/recurrent_kernel",
      "one_filter/kernel",
    ]);
    const back = await convert(ofTorch, "no.safetensors", "keras", { strict: false });
    const heads = back.planned.filter(({ plan }) => plan.said.includes("unknown number of heads"));
    expect(heads.map(({ name }) => name.split(".")[0])).toEqual([
      ...new Array<string>(2).fill("free_heads"),
      ...new Array<string>(4).fill("heads"),
      ...new Array<string>(6).fill("wide_heads"),
    ]);
    // What stays keeps its name.
    expect(back.tensors.has("heads.in_proj_weight")).toBe(true);
  });

  it("list what is left, and exit with 1 and no file with --strict", async () => {
    const words = ["convert", ofTorch, path("strict.safetensors"), "--layout", "keras", "--rename", "--strict"];
    const { code, stdout, stderr } = await fanin(words);
    expect(code).toBe(1);
    expect(stdout).toContain("attention of an unknown number of heads; pass --architecture or --map: ");
    expect(stderr).toMatch(/^fanin: --strict: \d+ tensors of uncertain layout; name them with --map/);
    await expect(readTensorFile(path("strict.safetensors"))).rejects.toThrow("ENOENT");
    const json = JSON.parse((await fanin([...words, "--json"])).stdout);
    expect([json.isWritten, json.left.length > 0]).toEqual([false, true]);
    expect((await fanin([...words, "--architecture", architecture])).code).toBe(0);
  });

  it.each<[string, string, number[][]]>([
    ["GRU with reset_after=False", "gru/gru_cell", [[3, 9], [3, 9], [9]]],
    ["recurrent layer of other sizes", "cell", [[3, 10], [3, 10], [10]]],
  ])("stay: a %s", async (reason, owner, shapes) => {
    const names = ["kernel", "recurrent_kernel", "bias"].map((name) => `${owner}/${name}`);
    await writeTensorFile(
      path("x.npz"),
      names.map((name, i) => floats(name, shapes[i] as number[])),
      { force: true },
    );
    const { planned, isWritten } = await convert(path("x.npz"), "y.npz", "torch");
    expect(isWritten).toBe(false);
    for (const { plan } of planned) expect(plan.said).toContain(reason);
  });

  it.each<[string, Record<string, number[]>]>([
    ["whose queries, keys and values have different heads", { "q/kernel": [8, 4, 2], "k/kernel": [8, 2, 2] }],
    ["of 6 features: expected heads * dim = 8", { "q/kernel": [6, 4, 2], "k/kernel": [6, 4, 2] }],
  ])("stay: attention %s", async (reason, kernels) => {
    const [query = [], key = []] = Object.values(kernels);
    const all = [
      floats("a/query/kernel", query),
      floats("a/key/kernel", key),
      floats("a/value/kernel", key),
      floats("a/attention_output/kernel", [4, 2, query[0] as number]),
    ];
    await writeTensorFile(path("x.npz"), all, { force: true });
    const { planned } = await convert(path("x.npz"), "y.npz", "torch");
    expect(planned.map(({ plan }) => plan.said.includes(reason))).toEqual([true, true, true, true]);
  });

  it("keep names unless asked, with the gates of a GRU reordered", async () => {
    const { tensors } = await convert(ofKeras, "kept.safetensors", "torch", {
      architecture,
      renames: false,
      strict: false,
    });
    expect([...tensors.keys()].sort()).toEqual([...(await readTensorFile(ofKeras)).keys()].sort());
    const hashes = hashesOf(tensors);
    for (const [name, cell] of [
      ["weight_ih_l0", "kernel"],
      ["weight_hh_l0", "recurrent_kernel"],
    ]) {
      expect(hashes[`gru/gru_cell/${cell}`]).toEqual(golden.torchOfKeras[`gru.${name}`]);
    }
    const bias = tensors.get("gru/gru_cell/bias") as NamedTensor;
    const rows = [0, 1].map(
      (row) => ({ ...bias, shape: [9], data: bias.data.slice(9 * row, 9 * row + 9) }) as NamedTensor,
    );
    expect(hashesOf(new Map(rows.map((row, i) => [`gru.bias_${["ih", "hh"][i]}_l0`, row])))).toEqual(
      Object.fromEntries(["gru.bias_hh_l0", "gru.bias_ih_l0"].map((name) => [name, golden.torchOfKeras[name]])),
    );
    // The metadata of the file gives the layout, so it returns without an option.
    const { tensors: back } = await convert(path("kept.safetensors"), "kept-back.safetensors", "keras", {
      ...{ architecture, renames: false, strict: false },
    });
    expect(hashesOf(back)).toEqual(hashesOf(await readTensorFile(ofKeras)));
  });

  it("convert half precision, and float32 with --dtype", async () => {
    const keras = await readTensorFile(ofKeras);
    const half = [...keras]
      .filter(([name]) => name.startsWith("lstm/"))
      .map(([name, { shape, data }]) => ({
        ...{ name, shape, dtype: "bfloat16" as const },
        data: Uint16Array.from(
          data as Float32Array,
          (value) => (new Uint32Array(Float32Array.of(value).buffer)[0] as number) >>> 16,
        ),
      }));
    await writeTensorFile(path("half.safetensors"), half, { force: true });
    await convert(path("half.safetensors"), "torch-half.safetensors", "torch");
    const { tensors } = await convert(path("torch-half.safetensors"), "half-back.safetensors", "keras");
    expect(hashesOf(tensors)).toEqual(hashesOf(await readTensorFile(path("half.safetensors"))));
    const single = await convert(path("half.safetensors"), "single.safetensors", "torch", { dtype: "float32" });
    expect([...single.tensors.values()].map(({ dtype }) => dtype)).toEqual(new Array(4).fill("float32"));
  });

  it("are found in the paths of a .weights.h5 file, which has no names", async () => {
    const keras = await readTensorFile(ofKeras);
    const paths: Readonly<Record<string, string>> = {
      "dense/kernel": "layers/dense/vars/0",
      "dense/bias": "layers/dense/vars/1",
      "tokens/embeddings": "layers/embedding/vars/0",
      "gru/gru_cell/kernel": "layers/gru/cell/vars/0",
      "gru/gru_cell/recurrent_kernel": "layers/gru/cell/vars/1",
      "gru/gru_cell/bias": "layers/gru/cell/vars/2",
      "heads/query/kernel": "layers/multi_head_attention/query_dense/vars/0",
      "heads/query/bias": "layers/multi_head_attention/query_dense/vars/1",
      "heads/key/kernel": "layers/multi_head_attention/key_dense/vars/0",
      "heads/key/bias": "layers/multi_head_attention/key_dense/vars/1",
      "heads/value/kernel": "layers/multi_head_attention/value_dense/vars/0",
      "heads/value/bias": "layers/multi_head_attention/value_dense/vars/1",
      "heads/attention_output/kernel": "layers/multi_head_attention/output_dense/vars/0",
      "heads/attention_output/bias": "layers/multi_head_attention/output_dense/vars/1",
      "two_ways/forward_lstm_1/lstm_cell/kernel": "layers/bidirectional/forward_layer/cell/vars/0",
      "two_ways/forward_lstm_1/lstm_cell/recurrent_kernel": "layers/bidirectional/forward_layer/cell/vars/1",
      "two_ways/forward_lstm_1/lstm_cell/bias": "layers/bidirectional/forward_layer/cell/vars/2",
      "two_ways/backward_lstm_1/lstm_cell/kernel": "layers/bidirectional/backward_layer/cell/vars/0",
      "two_ways/backward_lstm_1/lstm_cell/recurrent_kernel": "layers/bidirectional/backward_layer/cell/vars/1",
      "two_ways/backward_lstm_1/lstm_cell/bias": "layers/bidirectional/backward_layer/cell/vars/2",
    };
    const saved = Object.entries(paths).map(([name, path]) => ({ ...(keras.get(name) as NamedTensor), name: path }));
    await writeTensorFile(path("saved.safetensors"), saved, { force: true });
    const { tensors } = await convert(path("saved.safetensors"), "torch.safetensors", "torch");
    const renamed = (name: string): string =>
      name
        .replace("tokens.", "embedding.")
        .replace("heads.", "multi_head_attention.")
        .replace("two_ways.", "bidirectional.");
    const expected = Object.entries(golden.torchOfKeras)
      .filter(([name]) => /^(dense|tokens|gru|heads|two_ways)\./.test(name))
      .map(([name, hash]) => [renamed(name), hash]);
    expect(hashesOf(tensors)).toEqual(Object.fromEntries(expected));
    const kept = await convert(path("saved.safetensors"), "kept.safetensors", "torch", {
      renames: false,
      strict: false,
    });
    expect([...kept.tensors.keys()].sort()).toEqual(Object.values(paths).sort());
    expect(kept.tensors.get("layers/gru/cell/vars/0")?.shape).toEqual([9, 4]);
  });

  it.each(kerasModels)("of a whole model return to the same tensors: %s", async (name) => {
    const input = join(models, name);
    const { planned, tensors } = await convert(input, "whole.safetensors", "torch", { strict: false });
    const before = await readTensorFile(input);
    expect(planned).toHaveLength(before.size);
    for (const tensor of tensors.keys())
      if (/^[\w.]+$/.test(tensor)) expect(tensor).not.toMatch(/\.(kernel|gamma|moving_mean)$/);
    await convert(path("whole.safetensors"), "whole.keras", "keras", { architecture: input, strict: false });
    expect(hashesOf(await readTensorFile(path("whole.keras")))).toEqual(hashesOf(before));
  });

  it.each([
    ...["convolutions", "dense", "gru", "gru-before", "lstm", "simple-rnn"].map((name) => `keras-${name}`),
    ...["attention", "cnn", "conv1d", "deep", "encoder", "gru", "mlp", "mobile", "transposed"].map(
      (name) => `torch-${name}`,
    ),
    ...["bart", "bert", "convnext", "gpt2", "llama", "t5", "vit"].map((name) => `transformers-${name}`),
  ])("return under their names without an architecture: %s", async (name) => {
    const input = join(zoo, `${name}-fresh.safetensors`);
    const [there, back]: [Layout, Layout] = name.startsWith("keras") ? ["torch", "keras"] : ["keras", "torch"];
    await convert(input, "renamed.safetensors", there, { strict: false });
    const { tensors } = await convert(path("renamed.safetensors"), "again.safetensors", back, { strict: false });
    const before = [...(await readTensorFile(input))].filter(([own]) => !own.endsWith("num_batches_tracked"));
    expect(hashesOf(tensors)).toEqual(hashesOf(new Map(before)));
  });

  it("of depthwise kernels of Keras return with their filters per input", async () => {
    const input = join(zoo, "keras-depthwise-fresh.safetensors");
    await convert(input, "depthwise.safetensors", "torch");
    const { tensors } = await convert(path("depthwise.safetensors"), "depthwise-back.safetensors", "keras");
    const before = await readTensorFile(input);
    for (const name of ["depthwise_conv2d/kernel", "depthwise_conv2d_1/kernel"]) {
      expect([name, tensors.get(name)?.shape]).toEqual([name, before.get(name)?.shape]);
    }
  });

  it("are certain by the topology of a TensorFlow.js model", async () => {
    const dense = { class_name: "Embedding", config: { name: "kernel_like", input_dim: 5, output_dim: 4 } };
    const model = { class_name: "Sequential", config: { name: "m", layers: [dense] } };
    const fields = { format: "layers-model", modelTopology: { model_config: model } };
    await writeTensorFile(path("model.json"), [floats("kernel_like/kernel", [5, 4])], { fields, force: true });
    const { planned } = await convert(path("model.json"), "tfjs.npz", "torch", { renames: false });
    // Its name alone would make it a kernel.
    expect(planned[0]?.plan).toMatchObject({ shape: [4, 5] });
    await writeTensorFile(path("model.json"), [floats("kernel_like/weight", [5, 4])], { fields, force: true });
    const table = await convert(path("model.json"), "tfjs.npz", "torch", { renames: false });
    expect(table.planned[0]?.plan.said).toContain("an embedding");
  });

  it("of a Sequential model are named without its own name, in PyTorch and by fanin model", async () => {
    const input = join(models, "dense.keras");
    const names = [...(await readTensorFile(input)).keys()];
    const model = names[0]?.split("/")[0] as string;
    const { tensors } = await convert(input, "short.safetensors", "torch");
    for (const name of tensors.keys()) expect(name).not.toContain(model);
    await convert(path("short.safetensors"), "short.keras", "keras", { architecture: input });
    const drawn = [...(await readTensorFile(input)).values()].map((tensor) => ({
      ...tensor,
      name: tensor.name.slice(model.length + 1),
    }));
    await writeTensorFile(path("drawn.safetensors"), drawn, { force: true });
    await convert(path("drawn.safetensors"), "drawn.weights.h5", "keras", { architecture: input });
    expect((await fanin(["diff", input, path("short.keras")])).code).toBe(0);
    await convert(path("drawn.weights.h5"), "drawn.keras", "keras", { architecture: input });
    expect((await fanin(["diff", input, path("drawn.keras")])).code).toBe(0);
  });

  it("need the model's config for a .keras file", async () => {
    const words = ["convert", ofTorch, path("no.keras")];
    const { code, stderr } = await fanin(words);
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining("; pass --architecture FILE, a .keras file of the model"),
    ]);
    const other = await fanin([...words, "--architecture", join(models, "dense.keras")]);
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining("fanin: OUT: tensor")]);
    expect((await fanin([...words, "--layout", "torch"])).stderr).toContain("--layout: expected keras for ");
  });

  it("refuse two tensors of one name", async () => {
    await writeTensorFile(path("x.npz"), [floats("a/gamma", [2]), floats("a/kernel", [2, 2])], { force: true });
    await expect(convert(path("x.npz"), "y.npz", "torch")).rejects.toThrow(
      "OUT: expected different names, got a.weight for a/gamma and a/kernel; name them with --map",
    );
  });
});
