// `fanin model` from the command line: output and errors.

import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { kerasWeights } from "@fanin/core/keras-model";
import { readTensorFile } from "@fanin/formats/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fanin } from "./run-fanin.ts";

const goldens = fileURLToPath(new URL("../../../packages/core/test/goldens/model-goldens-jax.json", import.meta.url));

const construction = fileURLToPath(
  new URL("../../../packages/core/test/goldens/keras-construction-numpy.json", import.meta.url),
);

let folder = "";
let model = "";
let config: { config: { layers: { class_name: string }[] } };
let golden: { path: string; shape: number[]; sha256: string }[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-model-"));
  const { models } = JSON.parse(await readFile(goldens, "utf8"));
  ({ config, weights: golden } = models.find((entry: { model: string }) => entry.model === "cnn2d"));
  model = join(folder, "cnn2d.json");
  await writeFile(model, JSON.stringify(config));
});
afterAll(() => rm(folder, { recursive: true }));

const named = (path: string) => path.replace(/^cnn2d\//, "");

describe("fanin model", () => {
  it("prints a summary that agrees with Keras", async () => {
    const out = join(folder, "summary.safetensors");
    const words = ["model", model, "--seed", "0", "--stream", "keras/jax", "--out", out, "--json"];
    const { code, stdout, stderr } = await fanin(words);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^note: \d+ layers draw their seeds in order: .*fanin model --script \(W_MODEL_SEEDS\)\nwrote /,
    );
    expect(stderr.endsWith(`wrote ${out}\n`)).toBe(true);
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      model,
      seed: 0,
      stream: "keras/jax",
      order: "code",
      warnings: [{ code: "W_MODEL_SEEDS", message: expect.stringContaining("draw their seeds in order") }],
      parameters: golden.reduce((sum, { shape }) => sum + shape.reduce((size, dimension) => size * dimension, 1), 0),
      out,
      tensors: golden.map(({ path, shape, sha256 }) => ({ name: named(path), shape, dtype: "float32", sha256 })),
    });
  });

  it.each(["safetensors", "npz"])("writes .%s once, and overwrites only with --force", async (extension) => {
    const out = join(folder, `w.${extension}`);
    const words = ["model", model, "--seed", "7", "--out", out];
    const { code, stdout } = await fanin(words);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^weight +shape +dtype +sha256\nconv2d\/kernel +\[3,3,3,8\] +float32 +[0-9a-f]{64}\n/);
    expect(stdout).toContain("seed 7  stream keras/tensorflow");
    const tensors = await readTensorFile(out);
    const weights = kerasWeights(config, { seed: 7 });
    expect([...tensors.keys()].sort()).toEqual(weights.map(({ name }) => name).sort());
    for (const { name, shape, data } of weights) {
      expect(tensors.get(name)?.shape).toEqual(shape);
      const hash = (values: ArrayBufferView) =>
        createHash("sha256")
          .update(values as Uint8Array)
          .digest("hex");
      expect(hash(tensors.get(name)?.data as Float32Array)).toBe(hash(data));
    }
    const bytes = await readFile(out);
    const again = await fanin(words);
    expect(again.code).toBe(4);
    expect(again.stderr).toContain("--force");
    expect((await fanin([...words, "--force", "--quiet"])).stderr).toBe("");
    expect(await readFile(out)).toEqual(bytes);
  });

  it.each([
    ["cut off", () => JSON.stringify(config).slice(0, 900), "E_MODEL_JSON"],
    [
      "with an unknown layer",
      () => JSON.stringify(config).replace('"ReLU"', '"ReLUU"'),
      '"ReLUU" is not supported; did you mean "ReLU"?',
    ],
    [
      "with a shape that does not fit",
      () => JSON.stringify(config).replace("[null,16,16,3]", "[null,16,16,4]"),
      "E_MODEL_SHAPE",
    ],
    ["that is no model", () => "[]", "expected the JSON of a Sequential or Functional"],
    ["that is no text", () => Uint8Array.of(0xff, 0xfe, 0x80), "E_JSON_UTF8"],
  ])("refuses a file %s with exit code 3, and writes nothing", async (_, content, message) => {
    const file = join(folder, "bad.json");
    await writeFile(file, content());
    const before = await readdir(folder);
    const { code, stdout, stderr } = await fanin(["model", file, "--out", join(folder, "never.safetensors")]);
    expect(stderr).toContain(message);
    expect(stderr).toContain(file);
    expect(stdout).toBe("");
    expect(code).toBe(3);
    expect(await readdir(folder)).toEqual(before);
  });

  it.each([
    [["--out", "w.safetensors", "--seed", "1.5"], '--seed: expected an integer, got "1.5"'],
    [["--out", "w.safetensors", "--seed", "zero"], '--seed: expected an integer, got "zero"'],
    [["--out", "w.safetensors", "--stream", "keras/jx"], 'did you mean "keras/jax"?'],
    [["--out", "w.npy"], "--out: expected a name ending in .safetensors or .npz"],
    [["--out", "w.npz", "--order", "jsn"], '--order: expected code, json, got "jsn"; did you mean "json"?'],
    [[], "expected --out FILE.safetensors"],
  ])("refuses %j with exit code 2", async (words, message) => {
    const { code, stdout, stderr } = await fanin(["model", model, ...words]);
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it("exits with 2 without a model", async () => {
    const { code, stderr } = await fanin(["model", "--out", "w.npz"]);
    expect(stderr).toContain("expected <keras.json>");
    expect(code).toBe(2);
  });

  it("prints the script that writes a model's seeds, and warns about unknown seeds without it", async () => {
    const { code, stdout, stderr } = await fanin(["model", "--script"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^"""Writes the JSON of a built Keras 3 model/);
    expect(stdout).toMatch(/^def write\(model, path\):$/m);

    const { cases } = JSON.parse(await readFile(construction, "utf8"));
    const { config: open, seeded } = cases.one_initializer_for_two_layers;
    const run = async (json: unknown, ...words: string[]) => {
      const file = join(folder, "open.json");
      await writeFile(file, JSON.stringify(json));
      return await fanin(["model", file, "--seed", "42", "--out", join(folder, "open.npz"), "--force", ...words]);
    };
    expect((await run(open)).stderr).toMatch(
      /^warning: .*HeNormal as kernel_initializer of Dense "dense".*\(W_MODEL_INITIALIZER\)$/m,
    );
    expect((await run(open, "--quiet")).stderr).toMatch(/^warning: .*\(W_MODEL_INITIALIZER\)\n$/);
    expect((await run(open, "--order", "json", "--quiet")).stderr).toBe("");
    expect((await run(seeded, "--quiet")).stderr).toBe("");
  });

  it("exits with 4 for a missing model", async () => {
    const { code, stderr } = await fanin(["model", join(folder, "none.json"), "--out", "w.npz"]);
    expect(stderr).toContain("none.json");
    expect(code).toBe(4);
  });
});
