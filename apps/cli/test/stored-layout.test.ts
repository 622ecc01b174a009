// The layout of kernels in the metadata of a .safetensors file: written by convert and sample, read by all commands.

import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TensorInput } from "@fanin/formats";
import { readTensorFile, writeTensorFile } from "@fanin/formats/node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fanin } from "./run-fanin.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-layout-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("records the layout of kernels in a converted file, and reads it later", async () => {
  const [keras, torch, back] = ["k", "t", "b"].map((name) => join(folder, `${name}.safetensors`)) as [
    string,
    string,
    string,
  ];
  expect((await fanin(["sample", "he_normal", "3x3x8x16", "--out", keras])).code).toBe(0);
  const file = await readTensorFile(keras);
  const [drawn] = file.values();
  await writeTensorFile(keras, [{ ...drawn, name: "conv/kernel" } as TensorInput], { force: true });
  expect((await fanin(["convert", keras, torch, "--layout", "torch"])).code).toBe(0);
  const { stdout } = await fanin(["inspect", torch, "--json"]);
  expect(JSON.parse(stdout)).toMatchObject({ files: [{ layout: "torch", metadata: { layout: "torch" } }] });
  expect(stdout).toContain('"he_normal"');
  expect((await fanin(["diagnose", torch])).code).toBe(0);
  expect((await fanin(["convert", torch, back, "--layout", "keras"])).code).toBe(0);
  expect(await readFile(back)).toEqual(await readFile(keras));
  const sample = join(folder, "linear.safetensors");
  await fanin(["sample", "kaiming_uniform(a=2.23606797749979)", "128x784", "--stream", "torch", "--out", sample]);
  expect((await fanin(["inspect", sample])).stdout).toContain("PyTorch's default");
});

it("records it for a tfjs model, too, whose metadata is lost", async () => {
  const [model, turned] = [join(folder, "model.json"), join(folder, "turned.safetensors")];
  const kernel: TensorInput = { name: "dense/kernel", shape: [2, 3], dtype: "float32", data: new Float32Array(6) };
  await writeTensorFile(model, [kernel], { fields: { format: "layers-model", modelTopology: {} } });
  const { stderr } = await fanin(["convert", model, turned, "--layout", "torch"]);
  expect(stderr).toContain("safetensors cannot store the metadata of IN; omitted: format, modelTopology");
  expect((await readFile(turned)).toString("latin1")).toContain('"__metadata__":{"layout":"torch"}');
});
