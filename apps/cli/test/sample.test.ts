// `fanin sample` from the command line: output and errors.

import { createHash } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { get } from "@fanin/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fanin } from "./run-fanin.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-sample-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("fanin sample", () => {
  it("prints the documented JSON, with the values of the library", async () => {
    const { code, stdout } = await fanin(["sample", "he_normal", "784x128", "--seed", "42", "--json"]);
    expect(code).toBe(0);
    const sample = JSON.parse(stdout) as Record<string, unknown>;
    const { data } = get({ class_name: "HeNormal", config: { seed: 42 } })([784, 128]);
    expect(sample).toMatchObject({
      initializer: "HeNormal",
      config: { seed: 42, input_axes: null, output_axes: null },
      shape: [784, 128],
      dtype: "float32",
      seed: 42,
      stream: "keras/tensorflow",
      sha256: createHash("sha256").update(data).digest("hex"),
      head: [...data.subarray(0, 8)],
    });
    for (const key of ["mean", "std", "min", "max", "distribution"]) expect(sample).toHaveProperty(key);
    expect(sample["std"]).toBeCloseTo(Math.sqrt(2 / 784), 3);
  });

  it("prints a description of the tensor", async () => {
    const { code, stdout } = await fanin(["sample", "he_normal", "784x128", "--seed", "42"]);
    expect(code).toBe(0);
    expect(stdout).toContain("he_normal  [784,128] float32 n=100352 (392 KiB)");
    expect(stdout).toMatch(/sha256 [0-9a-f]{64} {2}seed 42 {2}stream keras\/tensorflow/);
    expect(stdout).toContain("σ 0.05051");
  });

  it("accepts arguments of Keras in the name or as --config", async () => {
    const hashes = await Promise.all(
      [
        ["sample", "random_normal(stddev=1)", "5", "--json"],
        ["sample", "random_normal", "5", "--config", '{"stddev":1}', "--json"],
        ["sample", "random_normal", "5", "--config", '{"stddev":1,"seed":0}', "--json"],
      ].map(async (words) => (JSON.parse((await fanin(words)).stdout) as { sha256: string }).sha256),
    );
    expect(new Set(hashes).size).toBe(1);
  });

  it.each(["npy", "npz", "safetensors"])("writes .%s once, and overwrites only with --force", async (extension) => {
    const file = join(folder, `w.${extension}`);
    const words = ["sample", "glorot_uniform", "6x4", "--out", file];
    expect((await fanin(words)).code).toBe(0);
    const bytes = await readFile(file);
    const { data } = get({ class_name: "GlorotUniform", config: { seed: 0 } })([6, 4]);
    expect(bytes.includes(Buffer.from(data.buffer))).toBe(true);
    const again = await fanin(words);
    expect(again.code).toBe(4);
    expect(again.stderr).toContain("--force");
    expect((await fanin([...words, "--force"])).code).toBe(0);
    expect(await readFile(file)).toEqual(bytes);
  });

  it("handles scalars and empty shapes", async () => {
    expect(JSON.parse((await fanin(["sample", "ones", "scalar", "--json"])).stdout)).toMatchObject({
      shape: [],
      head: [1],
    });
    const empty = await fanin(["sample", "he_normal", "0x3"]);
    expect(empty.code).toBe(0);
    expect(empty.stdout).toContain("no values");
  });

  it.each([
    [["sample", "he_norml", "3"], 'did you mean "he_normal"?'],
    [["sample", "he_normal", "3x"], 'got "3x"'],
    [["sample", "he_normal", "-1x4"], 'got "-1x4"'],
    [["sample", "he_normal", "1e9x1e9"], "at most 2^53 elements"],
    [["sample", "he_normal", "3", "--out", "x.txt"], "--out: expected a name that ends in .npy"],
    [
      ["sample", "he_normal", "100000x100000"],
      "expected at most 2147483647; fanin materialize writes tensors of any size",
    ],
    [
      ["sample", "he_normal", "99999999999999999999x3"],
      "shape: expected dimensions of 0 or more, below 2^53, got [100000000000000000000, 3]",
    ],
    [["sample", "he_normal", "3", "--seed", "1.5"], '--seed: expected an integer, got "1.5"'],
    [["sample", "he_normal", "3", "--seed", "-1.5"], '--seed: expected an integer, got "-1.5"'],
    [["sample", "he_normal", "3", "--seed", "99999999999999999999"], "from -2^63 to 2^63 - 1"],
    [["sample", "he_normal", "3", "--sed", "1"], 'unknown option --sed; did you mean "--seed"?'],
    [["sample", "he_normal", "3", "--seed"], "--seed: expected N, got nothing"],
    [["sample", "he_normal", "3", "--json=yes"], "--json: expected no value, got yes"],
    [["sample", "he_normal", "3", "--config", "{"], "--config: expected JSON"],
    [["sample", "he_normal", "3", "--config", '{"sed":1}'], 'did you mean "seed"?'],
    [["sample", "he_normal", "3", "--stream", "keras/tensor"], "stream: expected one of"],
    [["sample", "he_normal", "3", "--stream", "jxa"], 'did you mean "jax"?'],
    [["sample", "he_normal", "3", "--dtype", "floot16"], 'did you mean "float16"?'],
    [["sample", "sparse_normal", "3x3", "--dtype", "float16"], "dtype: expected one of float32 for SparseNormal"],
    [
      ["sample", "he_normal", "3", "--config", '{"seed":1}', "--seed", "2"],
      "--seed: not allowed with a seed in the config",
    ],
    [["sample", "kaiming_unifrom", "3x4", "--stream", "torch"], 'did you mean "kaiming_uniform"?'],
    [["sample", "xavier_normal(gian=2)", "3x4", "--stream", "torch"], 'did you mean "gain"?'],
    [["sample", "uniform(seed=2)", "3x4", "--stream", "torch"], "seed is not an argument; use --seed"],
    [["sample", "uniform(a=1,b=0)", "3", "--stream", "torch"], "a: expected at most b = 0"],
    [["sample", "constant", "3", "--stream", "torch"], "constant: expected val"],
    [["sample", "eye", "3", "--stream", "torch"], "Only tensors with 2 dimensions are supported"],
    [
      ["sample", "normal", "3", "--stream", "torch", "--dtype", "float16"],
      "dtype: expected float32 for the stream torch",
    ],
    [["sample", "he_norml", "3x4", "--stream", "jax"], 'did you mean "he_normal"?'],
    [["sample", "he_normal(in_axs=1)", "3x4", "--stream", "jax"], 'did you mean "in_axis"?'],
    [["sample", "variance_scaling", "3x4", "--stream", "jax"], "variance_scaling: expected scale"],
    [["sample", "he_normal", "3", "--stream", "jax"], "Can't compute input and output sizes"],
    [["sample", "normal", "3", "--stream", "jax", "--dtype", "float64"], "dtype: expected one of"],
    [["sample", "he_normal"], "expected <shape>"],
    [["sample", "he_normal", "3", "4"], "unexpected argument 4"],
    [["sample", "random_normal(1, 2, 3, 4)", "3"], "takes at most 3 (mean, stddev, seed)"],
    [["sample", "he_normal", "3", "--out", "w.txt"], ".npy, .safetensors, .pt"],
    [["smaple"], 'unknown command smaple; did you mean "sample"?'],
  ])("refuses %j with exit code 2", async (words, message) => {
    const { code, stdout, stderr } = await fanin(words);
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it("exits with 4 for a file that cannot be written, and leaves no files", async () => {
    const blocked = join(folder, "file");
    await writeFile(blocked, "");
    const before = await readdir(folder);
    const { code, stderr } = await fanin(["sample", "ones", "3", "--out", join(blocked, "w.npy")]);
    expect(code).toBe(4);
    expect(stderr).toContain("w.npy");
    expect(await readdir(folder)).toEqual(before);
  });
});

describe("fanin", () => {
  it("prints its help and its version", async () => {
    expect((await fanin(["--help"])).stdout).toMatch(
      /compare +train .*\n[\s\S]* {2}sample +show, hash or write the values /,
    );
    expect((await fanin(["-h"])).stdout).toBe((await fanin(["--help"])).stdout);
    expect((await fanin(["help", "sample"])).stdout).toBe((await fanin(["sample", "-h"])).stdout);
    const { version } = JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8"));
    expect((await fanin(["--version"])).stdout).toBe(`${version}\n`);
    expect((await fanin([])).code).toBe(2);
  });

  it.each(["compare", "merge", "sample"])("shows an example and every option in the help of %s", async (command) => {
    const { code, stdout } = await fanin([command, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: fanin ${command}`);
    expect(stdout).toMatch(/Examples:\n {2}fanin /);
    for (const option of ["--seed", "--json", "--quiet", "--no-color", "--out"]) expect(stdout).toContain(option);
  });
});
