// Checks every command: help with an example, exit codes, --json against a published schema, completion.
// A new command needs a schema in schemas/ and a row in `calls`.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeTensorFile } from "@fanin/formats/node";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commonOptions } from "../src/command.ts";
import { commands } from "../src/commands/index.ts";
import { hasRedis, RedisServer } from "./redis-server.ts";
import { fanin, type Outcome } from "./run-fanin.ts";
import { writeTinyDataset } from "./tiny-dataset.ts";

/** Command lines whose --json output is checked against the schema; `{}` is a folder with weights.npz. */
const calls: Readonly<Record<string, readonly (readonly string[])[]>> = {
  compare: [
    ["--layers", "784,4,10", "--epochs", "1", "--init", "zeros", "--seeds", "2", "--shard", "1/2", "--out", "{}/part"],
    ["--layers", "784,4,10", "--init", "zeros,he_normal", "--epochs", "1", "--seeds", "2", "--out", "{}/runs"],
  ],
  completion: [["bash"], ["zsh"], ["fish"]],
  convert: [
    ["{}/weights.npz", "{}/copy.safetensors"],
    ["{}/weights.npz", "{}/turned.safetensors", "--layout", "torch"],
    ["{}/small.keras", "{}/small.weights.h5"],
  ],
  data: [
    ["info", "fashion-mnist"],
    ["verify", "fashion-mnist"],
  ],
  diagnose: [["--layers", "784,16x3,10", "--init", "he_normal"], ["{}/weights.npz"]],
  diff: [
    ["{}/weights.npz", "{}/weights.npz"],
    ["{}/weights.npz", "{}/bad.npy"],
    ["{}/small.keras", "{}/small.weights.h5"],
  ],
  explain: [["E201"], ["all"], [], ["saturation"]],
  inspect: [["{}/small.keras"], ["{}/weights.npz"], ["{}/weights.npz", "{}/bad.npy", "--layout", "torch"]],
  list: [[]],
  materialize: [
    ["{}/weights-spec.json", "--out", "{}/weights"],
    ["{}/weights-spec.json", "--out", "{}/weights"],
    ["{}/weights-spec.json", "--out", "{}/weights-2", "--shard", "2/2", "--shard-size", "1kB"],
    ["{}/model.json", "--out", "{}/keras-weights", "--seed", "-9223372036854775808"],
  ],
  // Written by the preceding call of compare.
  merge: [["{}/runs", "--out", "{}/whole"]],
  model: [["{}/model.json", "--seed", "1", "--out", "{}/model.safetensors"]],
  papers: [["T2", "T5"]],
  recommend: [[], ["--activation", "tanh", "--layers", "784,300x60,10"]],
  sample: [
    ["he_normal", "784x128", "--seed", "42"],
    ["zeros", "0x3"],
    ["constant(value=2)", "scalar"],
    ["normal", "3", "--seed", "-9223372036854775808"],
    ["random_normal", "3", "--config", '{"seed":{"class_name":"SeedGenerator","config":{"seed":3}}}'],
    ["kaiming_normal_", "4x3", "--stream", "torch", "--out", "{}/w.safetensors"],
    ["truncated_normal", "3", "--stream", "jax", "--dtype", "bfloat16"],
    ["random_uniform", "3", "--dtype", "float64"],
  ],
  sweep: [
    ["{}/sweep.yaml", "--shard", "1/2", "--out", "{}/sweep-part"],
    ["{}/sweep.yaml", "--out", "{}/sweep"],
  ],
  worker: hasRedis("the output of fanin worker --json") ? [["--queue", "{redis}", "--idle", "0"]] : [],
};

/** Command lines that exit with 1, for the commands with findings. */
const findings: Readonly<Record<string, readonly string[]>> = {
  convert: ["{}/weights.npz", "{}/strict.safetensors", "--layout", "torch", "--strict"],
  data: ["verify", "fashion-mnist"],
  diagnose: ["{}/bad.npy"],
  diff: ["{}/weights.npz", "{}/bad.npy"],
  inspect: ["{}/bad.npy"],
};

const schemas = new URL("../schemas/", import.meta.url);
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });

let folder = "";
let redis: RedisServer | undefined;
beforeAll(async () => {
  if (calls["worker"]?.length) redis = await RedisServer.start();
  folder = await mkdtemp(join(tmpdir(), "fanin-commands-"));
  const dense = { class_name: "Dense", config: { name: "dense", units: 3 } };
  const input = { class_name: "InputLayer", config: { name: "input", batch_shape: [null, 4] } };
  const model = { class_name: "Sequential", config: { name: "small", layers: [input, dense] } };
  await writeFile(join(folder, "model.json"), JSON.stringify(model));
  await writeTinyDataset(join(folder, "tiny"), 20);
  await writeFile(join(folder, "sweep.yaml"), "data: tiny\ninitializers: [zeros, he_normal]\nseeds: 2\nepochs: 1\n");
  const tensors = ["a", "b"].map((name) => ({ name, shape: [9, 20], initializer: "he_normal" }));
  await writeFile(join(folder, "weights-spec.json"), JSON.stringify({ seed: 7, tensors }));
  await writeTensorFile(join(folder, "weights.npz"), [
    { name: "dense/kernel", shape: [2, 3], dtype: "float32", data: Float32Array.of(1, 2, 3, 4, 5, 6) },
    { name: "copy/kernel", shape: [2, 3], dtype: "float32", data: Float32Array.of(1, 2, 3, 4, 5, 6) },
    { name: "steps", shape: [], dtype: "int64", data: BigInt64Array.of(7n) },
    { name: "none", shape: [0, 3], dtype: "float16", data: new Uint16Array(0) },
    { name: "wave", shape: [2], dtype: "complex64", data: Float32Array.of(1, 2, 3, 4) },
  ]);
  const small = [
    { name: "small/dense/kernel", shape: [4, 3], dtype: "float32", data: new Float32Array(12).fill(1) },
    { name: "small/dense/bias", shape: [3], dtype: "float32", data: new Float32Array(3) },
  ] as const;
  await writeTensorFile(join(folder, "small.keras"), small, { architecture: JSON.stringify(model) });
  await writeTensorFile(join(folder, "bad.npy"), [
    { name: "bad", shape: [2], dtype: "float64", data: Float64Array.of(Number.NaN, 1) },
  ]);
});
afterAll(async () => {
  await redis?.dispose();
  await rm(folder, { recursive: true });
});

const run = (words: readonly string[]) =>
  fanin(
    words.map((word) => word.replace("{}", folder).replace("{redis}", redis?.url ?? "")),
    { cwd: folder, environment: { FANIN_CACHE: join(folder, "cache") } },
  );

/** Caches the output of command lines without side effects. */
const printed = new Map<string, Promise<Outcome>>();
function print(...words: readonly string[]): Promise<Outcome> {
  const line = words.join(" ");
  const found = printed.get(line) ?? run(words);
  printed.set(line, found);
  return found;
}

it("has a schema and a call for every command, and no others", () => {
  const names = Object.keys(commands).sort();
  expect(names).toEqual(Object.keys(commands));
  expect(Object.keys(calls).sort()).toEqual(names);
  // The other schemas describe inputs.
  const outputs = readdirSync(schemas).filter((name) => !name.endsWith("-spec.json"));
  expect(outputs.sort()).toEqual(names.map((name) => `${name}.json`));
});

describe.each(Object.keys(commands))("fanin %s", (name) => {
  it("has a summary, an example and a help text for every option", async () => {
    const { stdout } = await print("--help");
    expect(stdout).toMatch(new RegExp(`^ {2}${name} +\\S`, "m"));
    const command = await commands[name]?.load();
    const help = await print(name, "--help");
    expect(help.code).toBe(0);
    expect(help.stderr).toBe("");
    expect((await run([name, "-h"])).stdout).toBe(help.stdout);
    expect(help.stdout).toContain(`Usage: fanin ${name} `);
    expect(help.stdout).toMatch(/Examples:\n {2}\S/);
    expect(command?.examples.some((example) => new RegExp(`fanin ${name}( |$)`).test(example))).toBe(true);
    for (const option of Object.keys({ ...command?.options, ...commonOptions })) {
      expect(help.stdout).toMatch(new RegExp(`^ {2}--${option} .*\\S`, "m"));
    }
  });

  it("documents its exit codes", async () => {
    const { stdout } = await print(name, "--help");
    const [, line = ""] = /\nExit codes: (.*)\.\n$/.exec(stdout) ?? [];
    for (const meaning of ["0 fine", "2 usage", "3 malformed file", "4 I/O", "5 internal", "130 interrupted"]) {
      expect(line).toContain(meaning);
    }
    const own = findings[name];
    expect(line.includes(", 1 ")).toBe(own !== undefined);
    if (own) expect((await run([name, ...own])).code).toBe(1);
    expect((await run([name, "--no-such-option"])).code).toBe(2);
  });

  it("prints one JSON object of its schema", async () => {
    const schema = JSON.parse(readFileSync(new URL(`${name}.json`, schemas), "utf8")) as { required: string[] };
    const validate = ajv.compile(schema);
    for (const words of calls[name] ?? []) {
      const { stdout, code } = await run([name, ...words, "--json", "--quiet"]);
      expect([0, 1]).toContain(code);
      expect(stdout.endsWith("\n")).toBe(true);
      const result: unknown = JSON.parse(stdout);
      validate(result);
      expect(validate.errors ?? []).toEqual([]);
      // The schema is not empty: it rejects the object without one of its fields.
      expect(validate({ ...(result as object), [schema.required.at(-1) ?? ""]: undefined })).toBe(false);
    }
  });

  it("suggests similar names", async () => {
    expect((await run([name.slice(0, -1)])).stderr).toContain(`did you mean "${name}"?`);
    expect((await run([name, "--jsno"])).stderr).toContain('did you mean "--json"?');
  });
});

describe("fanin completion", () => {
  it.each(["bash", "zsh", "fish"])("has every command and option for %s", async (shell) => {
    const { stdout } = await print("completion", shell);
    for (const [name, { load }] of Object.entries(commands)) {
      expect(stdout).toContain(name);
      const { options } = await load();
      for (const option of Object.keys({ ...options, ...commonOptions })) {
        expect(stdout).toContain(shell === "fish" ? ` -l ${option} ` : `--${option}`);
      }
    }
  });

  it.each([
    ["s", "sample sweep"],
    ["sample he_", "he_normal he_uniform"],
    ["sample he_normal --str", "--stream"],
    ["sample --stream keras/j", "keras/jax"],
    ["data --json fetch fash", "fashion-mnist"],
    ["data v", "verify"],
    ["inspect --fail-on n", "never"],
    ["diff a b --fail-on v", "values"],
    ["convert a b --layout ", "keras torch"],
    ["recommend --activation s", "selu sigmoid silu sin softplus softsign"],
    ["compare --init he_normal,gl", "he_normal,glorot_normal he_normal,glorot_uniform"],
    ["compare --init gl", "glorot_normal glorot_uniform"],
    ["compare --optimizer ad", "adam"],
    ["compare --activation relu,s", ""],
    ["explain E20", "E201 E202 E203 E204 E205 E206"],
    ["explain E201 E10", "E101 E102 E103 E104 E105"],
    ["papers T1 T3", "T3"],
    ["inspect a b w", ""],
  ])("completes fanin %s in bash", async (line, words) => {
    const { stdout } = await print("completion", "bash");
    const script = `${stdout}
COMP_WORDS=(fanin ${line.endsWith(" ") ? `${line}''` : line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _fanin; echo "\${COMPREPLY[*]}"`;
    const bash = spawnSync("bash", ["--norc", "-u", "-c", script], {
      stdio: ["ignore", "pipe", "pipe"],
      encoding: "utf8",
    });
    expect(bash.stderr).toBe("");
    expect(bash.stdout.trim()).toBe(words);
  });
});

describe("what is loaded", () => {
  /** Lists the modules that a command line loads, as reported by Node. */
  function modulesOf(words: readonly string[]): string[] {
    const bin = new URL("../bin/fanin.mjs", import.meta.url);
    const { stderr } = spawnSync(process.execPath, [bin.pathname, ...words], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, NODE_DEBUG: "esm" },
    });
    return [...new Set(stderr.match(/file:\/\/[^\s'"]+\.m?js/g))];
  }

  // A start may take 150 ms, of which Node takes a third. The test counts modules, because times depend on the machine's load.
  it("for the help is eight files of this package, and no library", () => {
    const modules = modulesOf(["--help"]);
    expect(modules.length).toBeGreaterThan(2);
    expect(modules.length).toBeLessThanOrEqual(8);
    for (const module of modules) expect(module).toMatch(/\/apps\/cli\/(dist|bin)\//);
  });

  it.each([
    [["sample", "zeros", "3"]],
    [["inspect", "weights.npz"]],
    [["diagnose", "--layers", "8,4,2"]],
    [["compare", "--help"]],
    [["list"]],
  ])("for %j does not include TensorFlow.js", (words) => {
    const modules = modulesOf(words);
    expect(modules.some((module) => module.includes("/packages/core/"))).toBe(true);
    expect(modules.filter((module) => /@tensorflow|\/core\/dist\/(bundle\/)?tfjs/.test(module))).toEqual([]);
  });
});
