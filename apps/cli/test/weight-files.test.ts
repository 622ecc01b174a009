// `fanin inspect` and `fanin convert` from the command line: output, errors, and memory.

import { mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { glorotUniform, heNormal, orthogonal, zeros } from "@fanin/core";
import { linear, manualSeed } from "@fanin/core/torch";
import { safetensorsHeader, type TensorInput } from "@fanin/formats";
import { readTensorFile, writeTensorFile } from "@fanin/formats/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fanin } from "./run-fanin.ts";

const tensor = (name: string, shape: number[], value: (i: number) => number): TensorInput => ({
  name,
  shape,
  dtype: "float32",
  data: Float32Array.from({ length: shape.reduce((size, dimension) => size * dimension, 1) }, (_, i) => value(i)),
});
const wave = (i: number): number => Math.sin(i * i);

let folder = "";
let model = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-weights-"));
  model = join(folder, "model.safetensors");
  await writeTensorFile(
    model,
    [
      tensor("layers.0.weight", [8, 6], wave),
      tensor("layers.1.weight", [16, 8], (i) => (i % 8 === 0 ? 0 : wave(i))),
      tensor("layers.2.weight", [16, 8], (i) => (i % 8 === 0 ? 0 : wave(i))),
      tensor("layers.2.bias", [16], () => 0),
      tensor("layers.3.bias", [16], () => 0),
      tensor("conv.weight", [4, 3, 2, 5], wave),
      { name: "half", shape: [3], dtype: "bfloat16", data: Uint16Array.of(0x3f80, 0xbf80, 0x4000) },
    ],
    { metadata: { format: "pt" } },
  );
});
afterAll(() => rm(folder, { recursive: true }));

describe("fanin inspect", () => {
  it("shows an aligned line per tensor, copies and totals", async () => {
    const { code, stdout, stderr } = await fanin(["inspect", model]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split("\n");
    const [header = ""] = lines;
    expect(header).toMatch(/^tensor +shape +dtype +σ·√fan_in +hist +family +notes$/);
    expect(lines).toHaveLength(9);
    const column = header.indexOf("dtype");
    expect(lines.slice(1, -1).map((line) => line.slice(column).split(" ")[0])).toEqual([
      ...new Array<string>(6).fill("float32"),
      "bfloat16",
    ]);
    expect(stdout).toMatch(
      /layers\.2\.weight .* 16 zeros \(13 %\) {2}identical to layers\.1\.weight {2}! DUPLICATE \(W103\)\n/,
    );
    expect(stdout).toMatch(/layers\.3\.bias +\[16\] +float32 +- +all zeros +zeros\n/);
    // The wave gives every tensor the same "random numbers", too large for the fan-in of the convolution.
    expect(stdout).toMatch(/conv\.weight .*! W101 wrong variance for its fan {2}! W104 random numbers used twice\n/);
    expect(lines.at(-1)).toBe("7 tensors, 459 params, 1.79 KiB · 3 warnings · exit 0 (see --fail-on)");
    expect((await fanin(["inspect", model, "--fail-on", "warn"])).code).toBe(1);
  });

  it("identifies the initializer of each tensor, for a large one from a sample of its values", async () => {
    const keras = join(folder, "families.safetensors");
    await writeTensorFile(keras, [
      { name: "dense/kernel", ...heNormal({ seed: 1 })<"float32">([784, 128]) },
      { name: "dense/bias", ...zeros()<"float32">([128]) },
      { name: "square/kernel", ...orthogonal({ seed: 2 })<"float32">([64, 64]) },
      // Over 2^23 values.
      { name: "large/kernel", ...glorotUniform({ seed: 3 })<"float32">([2049, 4097]) },
      { name: "steps", shape: [], dtype: "int64", data: BigInt64Array.of(3n) },
    ]);
    const families = async (file: string) => {
      const { stdout } = await fanin(["inspect", file, "--json"]);
      const { files } = JSON.parse(stdout) as {
        files: { tensors: { name: string; family: { name: string } | null }[] }[];
      };
      return files[0]?.tensors.map(({ name, family }) => [name, family?.name ?? null]);
    };
    expect(await families(keras)).toEqual([
      ["dense/kernel", "he_normal"],
      ["dense/bias", "zeros"],
      ["square/kernel", "orthogonal"],
      ["large/kernel", "glorot_uniform"],
      ["steps", null],
    ]);
    expect((await fanin(["inspect", keras])).stdout).toMatch(
      /dense\/kernel .* truncated N\(0, 2\/fan_in\) = He normal \(Keras, JAX\)\n/,
    );
    const torch = join(folder, "linear.npz");
    manualSeed(0);
    const layer = Object.entries(linear(784, 128)).map(([name, tensor]) => ({ name: `fc.${name}`, ...tensor }));
    await writeTensorFile(torch, layer);
    // Identified with the fans of the adjacent kernel.
    expect(await families(torch)).toEqual([
      ["fc.weight", "pytorch_default"],
      ["fc.bias", "pytorch_default"],
    ]);
    expect((await fanin(["inspect", torch])).stdout).toContain("U(±1/√fan_in) = PyTorch's default");
  });

  it("counts fans in the layout of the names, or in the given one", async () => {
    const fans = async (...words: string[]) => {
      const { files } = JSON.parse((await fanin(["inspect", model, "--json", ...words])).stdout) as {
        files: { layout: string; tensors: { fanIn: number | null; std: number; sigmaRootFanIn: number | null }[] }[];
      };
      const [first] = files[0]?.tensors ?? [];
      expect(first?.sigmaRootFanIn).toBeCloseTo((first?.std ?? 0) * Math.sqrt(first?.fanIn ?? 0), 12);
      return [files[0]?.layout, ...(files[0]?.tensors.map(({ fanIn }) => fanIn) ?? [])];
    };
    expect(await fans()).toEqual(["torch", 6, 8, 8, null, null, 30, null]);
    expect(await fans("--layout", "keras")).toEqual(["keras", 8, 16, 16, null, null, 24, null]);
  });

  it("highlights NaN and Inf, fails, and escapes names", async () => {
    const bad = join(folder, "bad.safetensors");
    const name = "a\u001b[31mb";
    await writeTensorFile(bad, [tensor(name, [4, 2], (i) => [Number.NaN, Number.POSITIVE_INFINITY, 1, 2][i] ?? 3)]);
    const { code, stdout } = await fanin(["inspect", bad]);
    expect(code).toBe(1);
    expect(stdout).toContain("a\\u001b[31mb");
    expect(stdout).not.toContain("\u001b");
    expect(stdout).toContain("NaN! 1  +Inf! 1");
    expect(stdout).toContain("2 errors · exit 1");
    const json = await fanin(["inspect", bad, "--json", "--fail-on", "never"]);
    expect(json.code).toBe(0);
    expect((JSON.parse(json.stdout) as { findings: unknown[] }).findings).toMatchObject([
      { code: "E101", severity: "error", tensor: name },
      { code: "E102", severity: "error", tensor: name },
    ]);
  });

  it("finds copies across files and formats", async () => {
    const other = join(folder, "other.npz");
    await writeTensorFile(other, [tensor("w", [8, 6], wave)], { compress: true });
    const { stdout } = await fanin(["inspect", model, other]);
    expect(stdout).toContain(`identical to layers.0.weight in ${model}  ! DUPLICATE`);
    expect(stdout).toContain(`${other}  npz, keras layout\n`);
  });

  it("exits with 3 for a malformed file, 4 for a missing one, 2 for a wrong level", async () => {
    const malformed = join(folder, "malformed.npy");
    await writeFile(malformed, "\x93NUMPY");
    expect((await fanin(["inspect", malformed])).code).toBe(3);
    const missing = await fanin(["inspect", join(folder, "none.npz")]);
    expect([missing.code, missing.stderr]).toEqual([
      4,
      `fanin: ${join(folder, "none.npz")}: no such file or directory (ENOENT)\n`,
    ]);
    expect((await fanin(["inspect", model, "--fail-on", "warnign"])).stderr).toContain('did you mean "warning"?');
    expect((await fanin(["inspect"])).stderr).toContain("expected <FILE...>");
  });

  // 2 GiB take 10 s of CPU and 121 MB; 512 MiB take 115 MB: chunks are freed after use.
  it("inspects a file of 512 MiB in under 300 MB of memory", { timeout: 300_000 }, async () => {
    const large = join(folder, "large.safetensors");
    const { header } = safetensorsHeader([{ name: "w", shape: [2 ** 12, 2 ** 15], dtype: "float32" }]);
    const handle = await open(large, "wx");
    await handle.write(header);
    // Two passes, because not all values are equal. The rest of the file is a hole.
    await handle.write(Buffer.from(Float32Array.of(1, -2).buffer));
    await handle.truncate(header.length + 2 ** 29);
    await handle.close();
    const probe = `process.on("exit",()=>process.stderr.write("kilobytes "+process.resourceUsage().maxRSS))`;
    const { code, stdout, stderr } = await fanin(["inspect", large], {
      environment: { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(probe)}` },
    });
    // All but two of its units are zeros.
    expect(code).toBe(1);
    expect(stdout).toContain("E301 symmetric units");
    expect(stdout).toContain("1 tensor, 134,217,728 params, 512 MiB");
    const [, kilobytes] = /kilobytes (\d+)/.exec(stderr) ?? [];
    expect(Number(kilobytes)).toBeLessThan(300_000);
    await rm(large);
  });
});

describe("fanin convert", () => {
  it("converts kernels to the other layout and back, and reports each tensor", async () => {
    const [keras, back] = [join(folder, "keras.npz"), join(folder, "back.safetensors")];
    const { code, stdout, stderr } = await fanin(["convert", model, keras, "--layout", "keras", "--dtype", "float32"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tensor +shape +dtype +torch -> keras\n/);
    expect(stdout).toMatch(/layers\.0\.weight +\[6,8\] +float32 +transposed \[8,6\] -> \[6,8\]\n/);
    expect(stdout).toMatch(/conv\.weight +\[2,5,3,4\] +float32 +2-d convolution permuted \[4,3,2,5\] -> \[2,5,3,4\]\n/);
    expect(stdout).toMatch(/layers\.2\.bias +\[16\] +float32 +unchanged: the same in both layouts\n/);
    expect(stdout).toMatch(/half +\[3\] +bfloat16 -> float32 +unchanged/);
    expect(stderr).toContain("npz cannot store the metadata of IN; omitted: format\n");
    expect(stderr).toContain(`wrote ${keras}\n`);

    const [original, turned] = [await readTensorFile(model), await readTensorFile(keras)];
    const [w, t] = [original.get("conv.weight")?.data ?? [], turned.get("conv.weight")?.data ?? []];
    for (let o = 0; o < 4; o++) {
      for (let i = 0; i < 3; i++) {
        for (let y = 0; y < 2; y++) {
          for (let x = 0; x < 5; x++) expect(t[((y * 5 + x) * 3 + i) * 4 + o]).toBe(w[((o * 3 + i) * 2 + y) * 5 + x]);
        }
      }
    }
    expect([...(turned.get("half")?.data ?? [])]).toEqual([1, -1, 2]);

    expect((await fanin(["convert", keras, back, "--layout", "torch", "--from", "keras"])).code).toBe(0);
    const returned = await readTensorFile(back);
    for (const [name, { shape, data }] of original) {
      if (name !== "half") expect(returned.get(name)).toMatchObject({ shape, data });
    }
  });

  it("names the argument of a file that cannot be written", async () => {
    const nowhere = join(folder, "nowhere");
    const reason = `expected an existing folder, got "${nowhere}"\n`;
    for (const [words, asker] of [
      [["sample", "zeros", "3", "--out"], "--out"],
      [["convert", model], "OUT"],
    ] as const) {
      const { code, stderr } = await fanin([...words, join(nowhere, "w.safetensors")]);
      expect([code, stderr]).toEqual([4, `fanin: ${asker}: ${reason}`]);
    }
    const { code, stderr } = await fanin(["convert", model, "w.txt"]);
    expect([code, stderr.slice(0, 32)]).toEqual([2, "fanin: OUT: expected a name that"]);
  });

  it.each(["npz", "safetensors", "json"])("keeps every value in conversion to .%s", async (extension) => {
    const out = join(await mkdtemp(join(folder, "out-")), `weights.${extension}`);
    const { code, stdout } = await fanin(["convert", model, out, "--dtype", "float32", "--json"]);
    expect(code).toBe(0);
    const result = JSON.parse(stdout) as { tensors: { isTransposed: boolean }[] };
    expect(result.tensors.some(({ isTransposed }) => isTransposed)).toBe(false);
    const [before, after] = [await readTensorFile(model), await readTensorFile(out)];
    for (const [name, { shape, dtype, data }] of before) {
      if (dtype === "float32") expect(after.get(name)).toEqual({ name, shape, dtype, data });
    }
    expect([...after.keys()]).toEqual([...before.keys()]);
  });

  it("keeps the metadata of safetensors and the fields of a tfjs model within their format", async () => {
    const copy = join(folder, "copy.safetensors");
    await fanin(["convert", model, copy]);
    expect((await readFile(copy)).toString("latin1")).toContain('"__metadata__":{"format":"pt"}');
    const [first, second] = [await mkdtemp(join(folder, "tfjs-")), await mkdtemp(join(folder, "tfjs-"))];
    const fields = { format: "layers-model", modelTopology: { class_name: "Sequential" } };
    await writeTensorFile(join(first, "model.json"), [tensor("dense/kernel", [2, 3], wave)], { fields });
    const { code } = await fanin(["convert", join(first, "model.json"), join(second, "model.json")]);
    expect(code).toBe(0);
    expect(JSON.parse(await readFile(join(second, "model.json"), "utf8"))).toMatchObject(fields);
  });

  it("keeps a file that has the layout already", async () => {
    const out = join(folder, "same.safetensors");
    const { stdout } = await fanin(["convert", model, out, "--layout", "torch"]);
    expect(stdout).toContain("unchanged: the file is in torch layout already");
    expect(await readTensorFile(out)).toEqual(await readTensorFile(model));
  });

  it("overwrites only with --force, never its input, and leaves no files when it fails", async () => {
    const place = await mkdtemp(join(folder, "force-"));
    const out = join(place, "w.safetensors");
    expect((await fanin(["convert", model, out])).code).toBe(0);
    const again = await fanin(["convert", model, out]);
    expect([again.code, again.stderr.includes("--force overwrites it")]).toEqual([4, true]);
    expect((await fanin(["convert", model, out, "--force"])).code).toBe(0);
    const onto = await fanin(["convert", out, out, "--force"]);
    expect([onto.code, onto.stderr.includes("expected a file other than IN")]).toEqual([2, true]);
    const half = await fanin(["convert", model, join(place, "w.npz")]);
    expect([half.code, half.stderr.includes("got bfloat16; use --dtype float32")]).toEqual([2, true]);
    expect(await readdir(place)).toEqual(["w.safetensors"]);
  });

  it.each([
    [["w.txt"], "expected a name that ends in .npy"],
    [["w.npz", "--layout", "kers"], 'did you mean "keras"?'],
    [["w.npz", "--from", "keras"], "--from: expected --layout as well"],
    [["w.npz", "--dtype", "float16"], "--dtype: expected float32"],
  ])("refuses %j with exit code 2", async (words, message) => {
    const { code, stderr } = await fanin(["convert", model, ...words], { cwd: folder });
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
