// `fanin convert` between Keras and PyTorch, layer by layer. Keras and PyTorch give equal outputs with the tensors of
// goldens/layers/layers.json (judge-layers.py beside it); here the command makes the same bits of the same files.

import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { NamedTensor, TensorInput } from "@fanin/formats";
import { readTensorFile, writeTensorFile } from "@fanin/formats/node";
import type { Layout } from "@fanin/lab/weights";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConvertOptions, convertFile } from "../src/commands/convert/convert-file.ts";
import { fanin } from "./run-fanin.ts";

type Hashes = Readonly<Record<string, { readonly shape: readonly number[]; readonly sha256: string }>>;

const layers = fileURLToPath(new URL("goldens/layers", import.meta.url));
const golden = JSON.parse(readFileSync(join(layers, "layers.json"), "utf8")) as {
  readonly largestDifference: Readonly<Record<string, number>>;
  readonly torchOfKeras: Hashes;
  readonly kerasOfTorch: Hashes;
};
const models = fileURLToPath(new URL("../../../packages/formats/test/goldens/keras", import.meta.url));
const kerasModels = readdirSync(models).filter((name) => name.endsWith(".keras"));
const architecture = join(layers, "architecture.json");
const [ofKeras, ofTorch] = ["keras", "torch"].map((name) => join(layers, `${name}-layers.safetensors`)) as [
  string,
  string,
];

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-layers-"));
});
afterAll(() => rm(folder, { recursive: true }));

const path = (name: string): string => join(folder, name);

function hashesOf(tensors: ReadonlyMap<string, NamedTensor>): Hashes {
  const entries = [...tensors].map(([name, { shape, data }]) => {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return [name, { shape: [...shape], sha256: createHash("sha256").update(bytes).digest("hex") }] as const;
  });
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const convert = async (input: string, output: string, to: Layout, options: Partial<ConvertOptions> = {}) => {
  const all = { to, from: undefined, dtype: undefined, force: true, renames: true, strict: true, ...options };
  const result = await convertFile(input, path(output), all);
  return { ...result, tensors: result.isWritten ? await readTensorFile(path(output)) : new Map<string, NamedTensor>() };
};

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
    const { tensors } = await convert(input, "mapped.safetensors", to, {
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
