// Models in several files: folders on disk, and the files that a person drops on a page.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MalformedFileError, openModel as openInput, writeNpy, writeSafetensors } from "../src/index.ts";
import { openModel } from "../src/node/index.ts";

const tensor = (name: string, value: number) =>
  ({ name, shape: [1], dtype: "float32", data: Float32Array.of(value) }) as const;
const npy = writeNpy({ shape: [1], dtype: "float32", data: Float32Array.of(5) });
const config = JSON.stringify({ model_type: "gpt2", architectures: ["GPT2LMHeadModel"] });
const index = (map: Readonly<Record<string, string>>): string => JSON.stringify({ metadata: {}, weight_map: map });
const a = writeSafetensors([tensor("a", 1)], { format: "pt" });
const b = writeSafetensors([tensor("b", 2)], { format: "pt" });

interface FolderCase {
  readonly what: string;
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** The names of the tensors, or the code of the error. */
  readonly found: readonly string[] | string;
}

const cases: readonly FolderCase[] = [
  { what: "one file", files: { "model.safetensors": a, "config.json": config }, found: ["a"] },
  {
    what: "an index",
    files: {
      "m.safetensors.index.json": index({ a: "1.safetensors", b: "2.safetensors" }),
      "1.safetensors": a,
      "2.safetensors": b,
    },
    found: ["a", "b"],
  },
  { what: "shards without an index", files: { "1.safetensors": a, "2.safetensors": b }, found: ["a", "b"] },
  {
    what: "a .safetensors file beside others",
    files: { "model.safetensors": a, "x.npy": npy, "y.bin": "?" },
    found: ["a"],
  },
  { what: "two files with one tensor", files: { "1.safetensors": a, "2.safetensors": a }, found: "E_MODEL_DUPLICATE" },
  {
    what: "an index whose shard is missing",
    files: { "m.safetensors.index.json": index({ a: "1.safetensors", b: "2.safetensors" }), "1.safetensors": a },
    found: "E_INDEX_SHARD",
  },
  {
    what: "an index with a shard of another format",
    files: { "m.safetensors.index.json": index({ a: "1.npy" }), "1.npy": npy },
    found: "E_INDEX_SHARD",
  },
  { what: "two models", files: { "a.npz": "?", "b.npz": "?" }, found: "E_MODEL_FOLDER" },
  { what: "two formats", files: { "a.keras": "?", "b.onnx": "?" }, found: "E_MODEL_FOLDER" },
  { what: "no weights", files: { "config.json": config }, found: "E_MODEL_FOLDER" },
  { what: "nothing", files: {}, found: "E_MODEL_FOLDER" },
];

let root = "";
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "fanin-open-model-"));
});
afterAll(() => rm(root, { recursive: true }));

async function codeOf(opening: Promise<unknown>): Promise<string> {
  const error = await opening.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MalformedFileError);
  return (error as MalformedFileError).code;
}

describe("a folder", () => {
  it.each(cases)("with $what", async ({ what, files, found }) => {
    const folder = join(root, what);
    await mkdir(folder);
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    if (typeof found === "string") return expect(await codeOf(openModel(folder))).toBe(found);
    const model = await openModel(folder);
    expect([...model.tensors.keys()]).toEqual(found);
    expect([model.layout, model.architecture]).toEqual(["torch", "config.json" in files ? config : undefined]);
    for (const one of model.tensors.values()) expect((await one.read()).data.length).toBe(1);
    return model.close();
  });
});

describe("files that are dropped together", () => {
  const named = (name: string, content: string | Uint8Array) => new File([content as BlobPart], name);
  const both = index({ a: "1.safetensors", b: "2.safetensors" });

  it("are the shards of their index", async () => {
    const files = [named("2.safetensors", b), named("m.index.json", both), named("1.safetensors", a)];
    expect([...(await openInput(files)).tensors.keys()]).toEqual(["a", "b"]);
  });

  it("are one model without an index", async () => {
    const model = await openInput([named("1.safetensors", a), named("2.safetensors", b), named("config.json", config)]);
    expect(model.architecture).toBe(config);
    expect([...model.tensors.keys()]).toEqual(["a", "b"]);
    expect(await codeOf(openInput([named("1.safetensors", a), named("2.safetensors", a)]))).toBe("E_MODEL_DUPLICATE");
  });

  it("name the shard that is missing", async () => {
    const opening = openInput([named("m.index.json", both), named("1.safetensors", a)]);
    await expect(opening).rejects.toThrow(/"2\.safetensors" among the files, got none or several of this name/);
  });

  it("are at least one with weights", async () => {
    await expect(openInput([])).rejects.toThrow(RangeError);
    const texts = [named("config.json", config), named("tokenizer.json", "{}")];
    await expect(openInput(texts)).rejects.toThrow(/with weights, got "config\.json", "tokenizer\.json"/);
  });

  it("may lie beside other files of a folder", async () => {
    const others = [named("package.json", "{}"), named("config.json", "garbage"), named("README.md", "#")];
    const model = await openInput([...others, named("1.safetensors", a)]);
    expect([[...model.tensors.keys()], model.architecture]).toEqual([["a"], undefined]);
  });

  it("are found by their paths, or by names that only one has", async () => {
    const paths = index({ a: "x/s.safetensors", b: "y/s.safetensors" });
    const files = [named("y/s.safetensors", b), named("x/s.safetensors", a), named("m.index.json", paths)];
    expect([...(await openInput(files)).tensors.keys()]).toEqual(["a", "b"]);
    const elsewhere = [named("z/s.safetensors", b), named("w/s.safetensors", a), named("m.index.json", paths)];
    await expect(openInput(elsewhere)).rejects.toThrow(/among the files, got none or several of this name/);
  });
});
