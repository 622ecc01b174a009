// `fanin diagnose`, `recommend` and `explain` from the command line: output, exit codes, errors.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { glorotUniform, heNormal, zeros } from "@fanin/core";
import { writeTensorFile } from "@fanin/formats/node";
import type { NetworkDiagnosis, Recommendation, WeightsDiagnosis } from "@fanin/lab";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fanin } from "./run-fanin.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-diagnose-"));
});
afterAll(() => rm(folder, { recursive: true }));

const broken = ["diagnose", "--layers", "784,64x30,10", "--activation", "relu", "--init", "glorot_uniform"];

describe("fanin diagnose of a network", () => {
  it("draws the signal, and prints faults, causes and fixes", async () => {
    const { code, stdout } = await fanin(broken);
    expect(code).toBe(1);
    expect(stdout).toContain("784-64x30-10 relu, glorot_uniform, seed 0");
    expect(stdout).toMatch(/forward {3}variance by layer +1e1 [⠀-⣿]{24} {2}×0\.50 per layer \(theory 0\.50\)/);
    expect(stdout).toMatch(/gradient .*×0\.50 per layer/);
    expect(stdout).toMatch(/✖ E201 vanishing signal {3}layers \d+–30/);
    expect(stdout).toContain("ReLU keeps half of it");
    expect(stdout).toMatch(/fix .*he_normal.*fanin explain E201/);
    expect(stdout).toContain("Adam may still train");
    expect(stdout).toMatch(/1 error\n$/);
  });

  it("prints the library's diagnosis as JSON, deterministic for a seed", async () => {
    const { stdout } = await fanin([...broken, "--json", "--seed", "3"]);
    const diagnosis = JSON.parse(stdout) as NetworkDiagnosis;
    expect(diagnosis).toMatchObject({ schemaVersion: 1, kind: "network", seed: 3, stream: "keras/tensorflow" });
    expect(diagnosis.signal.signals).toHaveLength(31);
    expect(diagnosis.findings.map(({ code }) => code)).toEqual(["E201"]);
    expect((await fanin([...broken, "--json", "--seed", "3"])).stdout).toBe(stdout);
  });

  it.each([
    [[], 0, "no findings"],
    [["--init", "zeros"], 1, "E301 symmetric units"],
    [["--init", "zeros", "--fail-on", "never"], 0, "E301 symmetric units"],
    [["--init", "random_normal(stddev=1)"], 0, "W101"],
    [["--init", "random_normal(stddev=1)", "--fail-on", "warning"], 1, "W101"],
    [["--data", "procedural", "--init", "he_normal"], 0, "no findings"],
    [["--input-std", "2", "--init", "he_normal"], 0, "no findings"],
    [["--input-std", "20", "--init", "he_normal"], 0, "W102"],
    [["--layers", "784,128x20,10", "--init", "he_normal", "--residual"], 1, "per residual block"],
  ])("%j ends with %i", async (words, expected, text) => {
    const { code, stdout, stderr } = await fanin(["diagnose", ...words]);
    expect(stderr).toBe("");
    expect(stdout).toContain(text);
    expect(code).toBe(expected);
  });

  it("writes an HTML report and JSON, once", async () => {
    const out = join(folder, "new", "diagnosis");
    const { code, stdout } = await fanin([...broken, "--out", out]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/1 error\nreport: .*new\/diagnosis\/report\.html\n$/);
    const html = await readFile(join(out, "report.html"), "utf8");
    expect(html).toContain("vanishing signal");
    expect(html).toContain(`fanin diagnose --layers 784,64x30,10 --activation relu --init glorot_uniform --out ${out}`);
    expect(html).not.toMatch(/<script|https?:/);
    expect(await readFile(join(out, "diagnosis.json"), "utf8")).toBe((await fanin([...broken, "--json"])).stdout);
    const again = await fanin([...broken, "--out", out]);
    expect([again.code, again.stdout]).toEqual([4, ""]);
    expect(again.stderr).toContain("report.html exists already; --force overwrites it");
    const forced = await fanin(["diagnose", "--init", "he_normal", "--out", out, "--force", "--json"]);
    expect([forced.code, forced.stderr]).toEqual([0, expect.stringContaining("report: ")]);
    expect(await readFile(join(out, "diagnosis.json"), "utf8")).toBe(forced.stdout);
    const blocked = await fanin([...broken, "--out", join(out, "report.html")]);
    expect([blocked.code, blocked.stderr]).toEqual([4, expect.stringContaining("--out: cannot write to")]);
    expect((await fanin([...broken, "--force"])).stderr).toContain("--force: expected --out as well");
  });

  it("prints ASCII with --ascii", async () => {
    const { stdout } = await fanin([...broken, "--ascii"]);
    expect(stdout).toMatch(/^[\x20-\x7e\n]+$/);
  });

  it.each([
    [["--layers", "784,0,10"], "layers: expected an integer from 1"],
    [["--data", ""], "--data: expected procedural, the name of a data set, or a folder, got nothing"],
    [["--activation", "rleu"], 'did you mean "relu"?'],
    [["--init", "he_norml"], 'did you mean "he_normal"?'],
    [["--layout", "torch"], "--layout: not allowed with a network"],
    [["--input-std", "-1"], "input: expected finite numbers and a deviation of 0 or more"],
    [["--input-std", "2", "--data", "procedural"], "--input-std: not allowed with --data"],
    [["--fail-on", "sometimes"], '--fail-on: expected error, warning, never, got "sometimes"'],
    [["--norm", "group"], "norm: expected one of"],
    [["--stream", "keras"], "stream: expected one of"],
    [["--sed", "1"], "unknown option --sed"],
    [["a.npy", "b.npy"], "unexpected argument b.npy"],
  ])("refuses %j with exit code 2", async (words, message) => {
    const { code, stdout, stderr } = await fanin(["diagnose", ...words]);
    expect(stderr).toContain(message);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });
});

describe("fanin diagnose of a file", () => {
  const write = async (name: string, damage: (values: Float32Array) => void = () => undefined): Promise<string> => {
    const file = join(folder, name);
    const first = heNormal({ seed: 0 })([32, 16]);
    damage(first.data);
    await writeTensorFile(file, [
      { name: "dense/kernel", ...first },
      { name: "dense/bias", ...zeros()<"float32">([16]) },
      { name: "dense_1/kernel", ...glorotUniform({ seed: 1 })<"float32">([16, 4]) },
    ]);
    return file;
  };

  it("identifies the initializer of each tensor", async () => {
    const { code, stdout } = await fanin(["diagnose", await write("healthy.safetensors")]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/dense\/kernel +\[32,16\] +1\.\d+ .*truncated N\(0, 2\/fan_in\) = He normal/);
    expect(stdout).toMatch(/dense\/bias .*zeros/);
    expect(stdout).toMatch(/3 tensors, 592 values, keras layout · no findings\n$/);
  });

  it("finds NaN and exits with 1, in every format", async () => {
    for (const extension of ["npz", "safetensors", "json"]) {
      const file = await write(`nan.${extension}`, (values) => values.fill(Number.NaN, 3, 5));
      const { code, stdout } = await fanin(["diagnose", file, "--json"]);
      expect(code).toBe(1);
      const { findings, tensors } = JSON.parse(stdout) as WeightsDiagnosis;
      expect(findings.find((finding) => finding.code === "E101")).toMatchObject({
        where: ["dense/kernel"],
        numbers: { nans: 2 },
      });
      expect(tensors).toHaveLength(3);
    }
  });

  it("exits with 3 for a malformed file, 4 for a missing one", async () => {
    const file = join(folder, "bad.safetensors");
    await writeFile(file, "not weights");
    expect((await fanin(["diagnose", file])).code).toBe(3);
    expect((await fanin(["diagnose", join(folder, "none.npy")])).code).toBe(4);
  });

  it("escapes control characters in the names of tensors", async () => {
    const file = join(folder, "hostile.safetensors");
    await writeTensorFile(file, [
      { name: "\u001b[2Jkernel", shape: [2, 2], dtype: "float32", data: new Float32Array(4).fill(1) },
    ]);
    const { stdout } = await fanin(["diagnose", file]);
    expect(stdout).not.toContain("\u001b");
    expect(stdout).toContain("\\u001b[2Jkernel");
  });

  it("refuses options that describe a network", async () => {
    const { code, stderr } = await fanin(["diagnose", "w.npy", "--init", "zeros"]);
    expect(stderr).toContain("--init: not allowed with a weight file");
    expect(code).toBe(2);
  });
});

describe("fanin recommend", () => {
  it("gives initializer, gain, depth, reason and code", async () => {
    const { code, stdout } = await fanin(["recommend", "--activation", "relu", "--depth", "30", "--width", "256"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^he_normal\n {2}gain +1\.4142/);
    expect(stdout).toContain("about 204 hidden layers");
    for (const library of ["keras", "torch", "jax", "tfjs", "fanin"]) expect(stdout).toContain(`\n${library}:\n`);
  });

  it("prints one library's code, JSON, and He's arithmetic", async () => {
    const { stdout } = await fanin(["recommend", "--layers", "784,64x30,10", "--activation", "tanh", "--for", "torch"]);
    expect(stdout).toContain("torch.nn.init.orthogonal_");
    expect(stdout).not.toContain("keras");
    const json = await fanin(["recommend", "--json", "--activation", "gelu"]);
    expect((JSON.parse(json.stdout) as Recommendation).initializer).toBe("variance_scaling(scale=2.352)");
    expect((await fanin(["recommend", "--net", "vgg-b", "--weights-std", "0.01"])).stdout).toContain("1/17023");
    const tanh = await fanin(["recommend", "--activation", "tanh", "--residual", "--for", "torch"]);
    expect(tanh.stdout).toMatch(/^glorot_uniform, zeros for the last kernel of each branch\n/);
    expect(tanh.stdout).toContain("xavier_uniform_(layer.weight)");
    expect(tanh.stdout).not.toContain("relu");
    expect(tanh.stdout).toContain("over 99 % that signal");
  });

  it.each([
    [["--weights-std", "0.1"], "--weights-std: expected --net as well, got none"],
    [["--activation", "rleu"], 'did you mean "relu"?'],
    [["--depth", "0"], "depth: expected an integer from 1"],
    [["--layers", "784,10"], "--layers: expected at least one hidden layer"],
    [["--layers", "784,8,10", "--depth", "3"], "--layers: not allowed with --depth"],
    [["--for", "caffe"], "--for: expected one of keras"],
  ])("refuses %j with exit code 2", async (words, message) => {
    const { code, stderr } = await fanin(["recommend", ...words]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});

describe("fanin explain", () => {
  it("explains one code, or all of them", async () => {
    const { code, stdout } = await fanin(["explain", "e301"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^E301 symmetric units \(error\)\n {2}why .*\n {2}recognise .*\n {2}fix .*\n {2}paper .*Rumelhart/,
    );
    const all = JSON.parse((await fanin(["explain", "all", "--json"])).stdout) as { codes: { code: string }[] };
    expect(all.codes.map((row) => row.code)).toContain("W103");
  });

  it("answers a question found by its words, with commands", async () => {
    const { code, stdout } = await fanin(["explain", "xavier", "or", "He"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^xavier-or-he: Xavier .*\n {2}answer .*\n {2}try {5}fanin compare --init glorot_uniform,he_normal\n/,
    );
    const { stdout: contents } = await fanin(["explain"]);
    for (const line of [/^symmetry +Why not start/m, /^choice +Which/m, /^E205 +saturated units$/m]) {
      expect(contents).toMatch(line);
    }
  });

  it("refuses unknown codes and topics", async () => {
    const { code, stderr } = await fanin(["explain", "E2O1"]);
    expect(stderr).toContain("topic: expected one of symmetry, saturation");
    expect(stderr).toContain('got "E2O1"; did you mean "E201"?');
    expect(code).toBe(2);
  });
});
