// Weight files of small models from their frameworks, fresh and trained (zoo/make-zoo.py), and damaged ones: `inspect` and
// `diagnose` agree on each, and `convert` converts each to the other layout and back.

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { NamedTensor } from "@fanin/formats";
import { readTensorFile, writeTensorFile } from "@fanin/formats/node";
import type { FindingCode } from "@fanin/lab";
import type { Layout, TensorReport } from "@fanin/lab/weights";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { convertFile } from "../src/commands/convert/convert-file.ts";
import { fileFindings } from "../src/commands/inspect/file-findings.ts";
import { type JudgedFile, judgeFile } from "../src/weights/judge-file.ts";

const zoo = new URL("zoo/", import.meta.url).pathname;
const cases = new URL("cases/", import.meta.url).pathname;
const files = (await readdir(zoo)).filter((name) => /\.(safetensors|npz)$/.test(name)).sort();
const fresh = files.filter((name) => name.includes("-fresh"));

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-zoo-"));
});
afterAll(() => rm(folder, { recursive: true }));

const judged = new Map<string, Promise<JudgedFile>>();

/** Diagnoses a file of the zoo, once. */
function judge(name: string): Promise<JudgedFile> {
  const found = judged.get(name) ?? judgeFile(join(zoo, name), {});
  judged.set(name, found);
  return found;
}

/** Codes of findings above notes. */
const codesOf = ({ diagnosis }: JudgedFile): FindingCode[] => [
  ...new Set(diagnosis.findings.filter(({ severity }) => severity !== "note").map(({ code }) => code)),
];

/**
 * What is right to find in a model that a framework made: torch.nn.TransformerEncoder copies its first layer, weights and
 * all, so that its layers begin alike.
 */
const expected: Readonly<Record<string, FindingCode[]>> = { "torch-encoder-fresh.safetensors": ["W103"] };

describe("models of the frameworks", () => {
  it("include fresh and trained ones of transformers, PyTorch and Keras", () => {
    for (const framework of ["transformers", "torch", "keras"]) {
      const own = files.filter((name) => name.startsWith(framework));
      expect(own.length).toBeGreaterThanOrEqual(20);
      expect(own.filter((name) => name.includes("-trained")).length * 2).toBe(own.length);
    }
  });

  it.each(files)("finds nothing wrong in %s", async (name) => {
    expect(codesOf(await judge(name))).toEqual(expected[name] ?? []);
  });

  it.each(fresh)("classifies the kernels of %s as fresh, and those after training as trained", async (name) => {
    const states = async (file: string): Promise<string[]> =>
      (await judge(file)).tensors.filter(({ layout }) => layout !== null).map(({ state }) => state);
    expect(new Set(await states(name))).toEqual(new Set(["fresh"]));
    const trained = files.find((file) => file.startsWith(name.replace(/-fresh\..*$/, "-trained."))) ?? "";
    // In one model, no bias has left the range of PyTorch's initializer, and no kernel its distribution.
    if (name.startsWith("torch-bag")) return;
    expect(await states(trained)).toContain("trained");
  });

  it.each(files)("does not advise redrawing a trained tensor of %s", async (name) => {
    const { diagnosis, tensors } = await judge(name);
    const states = new Map(tensors.map((tensor) => [tensor.name, tensor.state]));
    for (const { where, fix, severity } of diagnosis.findings) {
      if (severity === "note" || where.every((each) => states.get(each) === "fresh")) continue;
      expect(fix).not.toMatch(/draw|random|initializer/i);
    }
  });
});

describe("layouts and roles", () => {
  const reportOf = async (name: string, tensor: string): Promise<TensorReport> => {
    const { diagnosis } = await judge(name);
    const found = diagnosis.tensors.find((each) => each.name === tensor);
    if (!found) throw new Error(`${name} has no ${tensor}`);
    return found;
  };

  it.each<[string, string, Partial<TensorReport>]>([
    ["transformers-gpt2-fresh", "transformer.h.0.attn.c_attn.weight", { layout: "keras", fanIn: 16, fanOut: 48 }],
    ["transformers-gpt2-fresh", "transformer.h.0.attn.c_proj.weight", { layout: "keras" }],
    ["transformers-gpt2-fresh", "transformer.wte.weight", { role: "embedding" }],
    ["transformers-vit-fresh", "vit.embeddings.patch_embeddings.projection.weight", { role: "kernel", fanIn: 48 }],
    ["transformers-vit-fresh", "vit.embeddings.position_embeddings", { role: "embedding" }],
    ["transformers-vit-fresh", "vit.embeddings.cls_token", { role: "other", layout: null }],
    [
      "transformers-t5-fresh",
      "encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight",
      { role: "embedding" },
    ],
    ["transformers-llama-fresh", "lm_head.weight", { role: "kernel", layout: "torch", fanIn: 16 }],
    ["transformers-bart-fresh", "model.shared.weight", { role: "embedding" }],
    ["torch-bag-fresh", "users.weight", { role: "embedding" }],
    ["torch-sequence-fresh", "0.weight", { role: "embedding" }],
    ["torch-lstmcell-fresh", "rnn.weight_ih", { role: "recurrent", layout: "torch", fanIn: 12 }],
    ["torch-mobile-fresh", "1.weight", { role: "depthwise", layout: "torch" }],
    ["torch-mobile-fresh", "3.weight", { role: "kernel", layout: "torch" }],
    ["torch-attention-sizes-fresh", "attention.k_proj_weight", { role: "kernel", layout: "torch", fanIn: 12 }],
    ["torch-weight-norm-fresh", "0.parametrizations.weight.original1", { role: "kernel", fanIn: 20 }],
    ["torch-weight-norm-fresh", "0.parametrizations.weight.original0", { role: "other" }],
    ["keras-depthwise-fresh", "depthwise_conv2d/kernel", { role: "depthwise", layout: "keras" }],
    ["keras-depthwise-fresh", "depthwise_conv2d_1/kernel", { role: "depthwise", layout: "keras" }],
    ["keras-gru-fresh", "gru/gru_cell/kernel", { role: "recurrent", layout: "keras", fanIn: 12 }],
    ["keras-attention-fresh", "multi_head_attention/query/kernel", { role: "kernel", layout: "keras" }],
  ])("%s: %s", async (name, tensor, part) => {
    expect(await reportOf(`${name}.safetensors`, tensor)).toMatchObject(part);
  });

  it.each([
    ["torch-gru-fresh", "rnn.weight_ih_l0", "pytorch_recurrent"],
    ["torch-gru-fresh", "rnn.bias_hh_l0_reverse", "pytorch_recurrent"],
    ["torch-grucell-fresh", "rnn.weight_ih", "pytorch_recurrent"],
    ["torch-lstm-projected-fresh", "rnn.weight_ih_l0", "pytorch_recurrent"],
    ["torch-lstm-projected-fresh", "rnn.weight_hh_l0", "pytorch_recurrent"],
    ["torch-attention-fresh", "attention.in_proj_weight", "glorot_uniform"],
    ["torch-transposed-fresh", "2.weight", "pytorch_default"],
    ["torch-mobile-fresh", "1.bias", "pytorch_default"],
    [
      "transformers-resnet-fresh",
      "resnet.encoder.stages.1.layers.0.layer.1.convolution.weight",
      "he_fan_out_normal_untruncated",
    ],
    ["keras-lstm-fresh", "lstm/lstm_cell/bias", "unit_forget_bias"],
    ["keras-gru-fresh", "gru/gru_cell/recurrent_kernel", "orthogonal"],
  ])("%s: %s is %s", async (name, tensor, distribution) => {
    const { family } = await reportOf(`${name}.safetensors`, tensor);
    expect([family?.name, ...(family?.alternatives ?? [])]).toContain(distribution);
  });
});

type Fault = readonly [name: string, codes: readonly FindingCode[], damage: (tensor: NamedTensor) => Float32Array];

const floats = ({ data }: NamedTensor): Float32Array => Float32Array.from(data as Float32Array);
/** The damage of each fault to every kernel of a file, and the acceptable codes. */
const faults: readonly Fault[] = [
  ["zeros", ["E301", "W105"], (tensor) => floats(tensor).fill(0)],
  ["one constant", ["E301", "W106"], (tensor) => floats(tensor).fill(0.3)],
  ["exploded", ["W101", "E202"], (tensor) => floats(tensor).map((value) => value * 1e6)],
  ["a NaN", ["E101"], (tensor) => floats(tensor).fill(Number.NaN, 1, 2)],
  ["an infinity", ["E102"], (tensor) => floats(tensor).fill(Number.POSITIVE_INFINITY, 1, 2)],
  ["tiny", ["W101", "E201"], (tensor) => floats(tensor).map((value) => value * 1e-9)],
  ["one value far out", ["W107"], (tensor) => floats(tensor).fill(500, 1, 2)],
];

/** Damages all kernels of a file of the zoo, or those with enough values to identify their distribution. */
async function damage(name: string, fault: Fault): Promise<string> {
  const { tensors } = await judge(name);
  const fewest = fault[0] === "one value far out" ? 64 : 2;
  const kernels = new Set(
    tensors.filter(({ layout, count }) => layout !== null && count >= fewest).map((tensor) => tensor.name),
  );
  const damaged = [...(await readTensorFile(join(zoo, name))).values()].map((tensor) =>
    kernels.has(tensor.name) ? { ...tensor, data: fault[2](tensor) as Float32Array<ArrayBuffer> } : tensor,
  );
  const path = join(folder, `${fault[0].replaceAll(" ", "-")}-${basename(name)}`);
  await writeTensorFile(path, damaged as NamedTensor[], { force: true, metadata: { format: "pt" } });
  return path;
}

const counts = new Map<string, { error: number; warning: number; clean: number }>();
function count(row: string, { diagnosis: { findings } }: JudgedFile): void {
  const cell = counts.get(row) ?? { error: 0, warning: 0, clean: 0 };
  counts.set(row, cell);
  const worst = (["error", "warning"] as const).find((level) => findings.some(({ severity }) => severity === level));
  cell[worst ?? "clean"]++;
}

describe.each(faults)("models with %s", (...fault) => {
  const [name, codes] = fault;

  it.each(fresh)("are found: %s", async (file) => {
    const result = await judgeFile(await damage(file, fault), {});
    count(name, result);
    expect(codesOf(result).some((code) => codes.includes(code))).toBe(true);
    // For NaN, Inf, zeros, constants or an impossible scale, `inspect` must exit with 1.
    if (["zeros", "one constant", "exploded", "a NaN", "an infinity"].includes(name)) {
      expect(fileFindings([result]).some(({ severity }) => severity === "error")).toBe(true);
    }
  });
});

it("prints the confusion table", async () => {
  for (const name of files) count(name in expected ? "layers copied by PyTorch" : "healthy", await judge(name));
  const row = (label: string, { error, warning, clean }: { error: number; warning: number; clean: number }): string =>
    label.padEnd(26) + [error, warning, clean].map((value) => String(value).padStart(8)).join("");
  const lines = [...counts].map(([label, cell]) => row(label, cell));
  console.log(["", `${"".padEnd(26)}   error warning   clean`, ...lines].join("\n"));
  expect(counts.get("healthy")).toMatchObject({ error: 0, warning: 0 });
  for (const [name] of faults) expect(counts.get(name)?.clean).toBe(0);
});

describe("convert, there and back", () => {
  const same = (a: ReadonlyMap<string, NamedTensor>, b: ReadonlyMap<string, NamedTensor>): void => {
    expect([...a.keys()].sort()).toEqual([...b.keys()].sort());
    for (const [name, { shape, data }] of a)
      expect([name, b.get(name)?.shape, b.get(name)?.data]).toEqual([name, shape, data]);
  };

  it.each(fresh)("restores %s, and converts only certain kernels", async (name) => {
    const [there, back]: [Layout, Layout] = name.startsWith("keras") ? ["torch", "keras"] : ["keras", "torch"];
    const input = join(zoo, name);
    const [turned, returned] = ["turned", "returned"].map((kind) => join(folder, `${kind}-${name}`)) as [
      string,
      string,
    ];
    const options = { from: undefined, dtype: undefined, force: true } as const;
    const first = await convertFile(input, turned, { ...options, to: there });
    await convertFile(turned, returned, { ...options, to: back });
    same(await readTensorFile(input), await readTensorFile(returned));
    const kindOf = new Map(first.planned.map(({ name, part }) => [name, part.kind]));
    for (const { plan, part } of first.planned) {
      const isGruBias = part.beside !== null && kindOf.get(part.beside) === "gated recurrent unit";
      const isOther = part.layout === there || (part.layout === null && !isGruBias);
      const stays = isOther || part.evidence === "family" || plan.isLeft;
      expect(plan.groups !== undefined || plan.made !== undefined).toBe(!stays);
    }
    // Converted tensors keep their verdict.
    expect(codesOf(await judgeFile(turned, {}))).toEqual(expected[name] ?? []);
  });
});

describe("regressions of single files", () => {
  it.each<[string, FindingCode[]]>([
    ["gpt2-conv1d", []],
    ["torch-gru", []],
    ["token-and-patch-names", ["E301", "E301"]],
    ["trunc-normal-bf16-outliers", ["W107"]],
  ])("%s has %j", async (name, codes) => {
    const { diagnosis } = await judgeFile(join(cases, `${name}.safetensors`), {});
    expect(diagnosis.findings.map(({ code }) => code)).toEqual(codes);
  });

  it.each<[string, Layout, string, number[]]>([
    ["gpt2-conv1d", "keras", "h.0.mlp.c_fc.weight", [8, 32]],
    ["gpt2-conv1d", "keras", "h.0.mlp.c_proj.weight", [32, 8]],
    ["keras3-depthwise", "torch", "depthwise_conv2d/kernel", [8, 1, 3, 3]],
    ["torch-gru", "keras", "rnn.weight_ih_l0", [40, 90]],
    ["torch-gru", "keras", "fc.weight", [30, 4]],
  ])("%s to %s: %s has %j", async (name, to, tensor, shape) => {
    const out = join(folder, `${name}-${to}.safetensors`);
    await convertFile(join(cases, `${name}.safetensors`), out, { to, from: undefined, dtype: undefined, force: true });
    expect((await readTensorFile(out)).get(tensor)?.shape).toEqual(shape);
  });

  it("reports the number and the distance of outliers", async () => {
    const { diagnosis } = await judgeFile(join(cases, "trunc-normal-bf16-outliers.safetensors"), {});
    expect(diagnosis.findings[0]).toMatchObject({ numbers: { count: 24, farthest: -2 } });
    expect(diagnosis.findings[0]?.numbers["deviations"]).toBeGreaterThan(90);
  });

  it("converts a depthwise kernel so that each output has its own filter", async () => {
    const out = join(folder, "depthwise.safetensors");
    const input = join(cases, "keras3-depthwise.safetensors");
    await convertFile(input, out, { to: "torch", from: undefined, dtype: undefined, force: true });
    const [before, after] = [await readTensorFile(input), await readTensorFile(out)];
    const [k, t] = [before, after].map((file) => file.get("depthwise_conv2d/kernel")?.data) as [
      Float32Array,
      Float32Array,
    ];
    for (let output = 0; output < 8; output++) {
      for (let tap = 0; tap < 9; tap++) expect(t[output * 9 + tap]).toBe(k[tap * 8 + output]);
    }
  });
});
