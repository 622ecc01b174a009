// Runs every example of the help texts as written; `endings` lists those that do not exit with 0.
// Long examples are interrupted once they work; a server on 127.0.0.1 replaces the mirrors.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeTensorFile } from "@fanin/formats/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../src/commands/index.ts";
import { type Mirror, startMirror, wellBehaved } from "./mirror-server.ts";
import { fanin } from "./run-fanin.ts";

const root = new URL("../../../", import.meta.url);
const bin = fileURLToPath(new URL("../bin/fanin.mjs", import.meta.url));
const examples: Record<string, readonly string[]> = {};
for (const [name, { load }] of Object.entries(commands)) examples[name] = (await load()).examples;

/** The end of an example: an exit code, or Ctrl-C once stderr matches. */
interface Ending {
  readonly code?: number;
  readonly stop?: RegExp;
}

/** The end of a comparison that trains. */
const training: Ending = { stop: /^\d+ runs( of shard \d+\/\d+)? into /m };

/** The examples that do not exit with 0. */
const endings: Readonly<Record<string, Ending>> = {
  "fanin diagnose --layers 784,64x30,10 --activation relu --init glorot_uniform": { code: 1 },
  "fanin diagnose --layers 784,300x60,10 --activation tanh --init 'random_normal(stddev=1)' --json": { code: 1 },
  "fanin diff before.npz after.npz": { code: 1 },
  "fanin diff before.npz model.safetensors --json": { code: 1 },
  "fanin diff keras.safetensors model.json --fail-on values": { code: 1 },
  "fanin compare": training,
  "fanin compare --layers 784,64x30,10 --init glorot_uniform,he_normal --optimizer sgd --lr 0.03": training,
  "fanin compare --seeds 40 --shard 2/8 --out part-2      # then: fanin merge part-* --out whole": training,
  "fanin compare --seeds 20 --shard 1/2 --out part-1": training,
  "fanin compare --seeds 20 --shard 2/2 --out part-2": training,
  "fanin papers": { stop: /^T1 /m },
  // These host names do not exist.
  "fanin worker --queue redis://queue:6379": { code: 4 },
  "fanin worker --queue rediss://queue:6380 --redis-password-file /run/secrets/redis --concurrency 8 --idle 60": {
    code: 4,
  },
};

/** The variables of a scheduler, for the examples that read them. */
const scheduled = { SLURM_ARRAY_TASK_ID: "1", SLURM_ARRAY_TASK_COUNT: "2" };

let base = "";
let mirror: Mirror;
let environment: NodeJS.ProcessEnv = {};

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "fanin-examples-"));
  // A small file under the names of the published ones.
  const content = Buffer.from("a data set");
  mirror = await startMirror(content, wellBehaved);
  const file = { bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") };
  const table = new URL("apps/cli/dist/datasets/published-datasets.js", root).href;
  const preload = `import { publishedDatasets } from ${JSON.stringify(table)};
const dataset = publishedDatasets["fashion-mnist"];
const files = dataset.files.map(({ name }) => ({ name, ...${JSON.stringify(file)} }));
Object.assign(dataset, { files, mirrors: [${JSON.stringify(mirror.url)}] });`;
  environment = {
    ...process.env,
    HOME: base,
    FANIN_CACHE: join(base, "cache"),
    NODE_OPTIONS: `${process.env["NODE_OPTIONS"] ?? ""} --import data:text/javascript,${encodeURIComponent(preload)}`,
  };
  await mkdir(join(base, ".zfunc"));
  await mkdir(join(base, ".config/fish/completions"), { recursive: true });
});
afterAll(async () => {
  await mirror.close();
  await rm(base, { recursive: true });
});

/** Makes a folder with every file that an example of this place reads. */
async function prepare(place: string): Promise<string> {
  const folder = await mkdtemp(join(base, `${place}-`));
  if (place === "compare") await interrupted(join(folder, "runs/1f0c9a2b3c4d"));
  if (place === "compare") await writeImages(folder);
  if (place === "model") {
    const dense = { class_name: "Dense", config: { name: "dense", units: 3 } };
    const input = { class_name: "InputLayer", config: { name: "input", batch_shape: [null, 4] } };
    const model = { class_name: "Sequential", config: { name: "small", layers: [input, dense] } };
    await writeFile(join(folder, "model.json"), JSON.stringify(model));
  }
  if (place === "sweep") {
    await writeImages(folder);
    await writeFile(join(folder, "depths.yaml"), SWEEP);
  }
  if (place === "materialize") await writeSpecs(folder);
  if (place === "convert" || place === "diff" || place === "inspect" || place === "diagnose")
    await writeWeights(folder);
  return folder;
}

const SWEEP = "data: DIR\ninitializers: [zeros, he_normal]\ndepths: [1, 2]\nwidths: [4]\nseeds: 2\nepochs: 1\n";

/** Writes one input file of each kind for `fanin materialize`. */
async function writeSpecs(folder: string): Promise<void> {
  const tensors = [{ name: "w", shape: [3, 4], initializer: "he_normal" }];
  const dense = { class_name: "Dense", config: { name: "dense", units: 3 } };
  const input = { class_name: "InputLayer", config: { name: "input", batch_shape: [null, 4] } };
  const specs = {
    "spec.json": { seed: 1, tensors },
    "config.json": {
      model_type: "llama",
      hidden_size: 8,
      intermediate_size: 16,
      num_hidden_layers: 2,
      num_attention_heads: 2,
      vocab_size: 10,
      initializer_range: 0.02,
    },
    "model.json": { class_name: "Sequential", config: { name: "small", layers: [input, dense] } },
  };
  for (const [name, spec] of Object.entries(specs)) await writeFile(join(folder, name), JSON.stringify(spec));
}

async function writeWeights(folder: string): Promise<void> {
  const weights = (scale: number) =>
    [{ name: "dense/kernel", shape: [2, 2], dtype: "float32", data: Float32Array.of(0.1, -0.7, 0.5, scale) }] as const;
  const files = ["model.safetensors", "before.npz", "after.npz", "keras.safetensors"];
  for (const [i, name] of files.entries()) await writeTensorFile(join(folder, name), weights(i / 9));
  await writeTensorFile(join(folder, "model.json"), weights(1));
  await writeTensorFile(join(folder, "bfloat16.safetensors"), [
    { name: "w", shape: [2], dtype: "bfloat16", data: Uint16Array.of(0x3f80, 0) },
  ]);
}

/** Writes a data set of a few images to the folders that the examples name. */
async function writeImages(folder: string): Promise<void> {
  const idx = (header: readonly number[], values: Uint8Array): Buffer => {
    const bytes = Buffer.alloc(4 * header.length);
    for (const [i, word] of header.entries()) bytes.writeUInt32BE(word, 4 * i);
    return Buffer.concat([bytes, values]);
  };
  const [count, pixels] = [100, 784];
  const images = Uint8Array.from({ length: count * pixels }, (_, i) => (i * 7919) % 256);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
  const place = join(folder, "fashion-mnist");
  await mkdir(place);
  for (const part of ["train", "t10k"]) {
    await writeFile(join(place, `${part}-images-idx3-ubyte`), idx([2051, count, 28, 28], images));
    await writeFile(join(place, `${part}-labels-idx1-ubyte`), idx([2049, count], labels));
  }
  await symlink("fashion-mnist", join(folder, "DIR"));
}

const small = ["--layers", "784,4,10", "--init", "zeros,he_normal", "--epochs", "1", "--seeds", "2", "--quiet"];

/** Makes a comparison that was stopped before the end of its first run. */
async function interrupted(folder: string): Promise<void> {
  const { code } = await fanin(["compare", ...small, "--jobs", "1", "--out", folder]);
  expect(code).toBe(0);
  await rm(join(folder, "runs"), { recursive: true });
  await rm(join(folder, "result.json"));
}

/** Computes both parts of a comparison, which earlier examples only started, and those of a sweep and of weights. */
async function wholeParts(folder: string): Promise<void> {
  await writeImages(folder);
  await writeSpecs(folder);
  const spec = join(folder, "depths.yaml");
  await writeFile(spec, SWEEP.replace("DIR", join(folder, "DIR")));
  for (const part of [1, 2]) {
    const shard = ["--shard", `${part}/2`, "--out"];
    const out = join(folder, `part-${part}`);
    await rm(out, { recursive: true });
    expect((await fanin(["compare", ...small, ...shard, out])).code).toBe(0);
    expect((await fanin(["sweep", spec, "--quiet", ...shard, join(folder, `sweep-shard-${part}`)])).code).toBe(0);
    const weights = [
      "materialize",
      join(folder, "spec.json"),
      "--shard-size",
      "1kB",
      ...shard,
      join(folder, `weights-${part}`),
    ];
    expect((await fanin(weights)).code).toBe(0);
  }
}

interface Run {
  readonly code: number | null;
  readonly stderr: string;
}

/** Runs a line in bash, where `fanin` is the built command. */
function run(line: string, cwd: string, stop: RegExp | undefined): Promise<Run> {
  return new Promise((resolve, reject) => {
    const script = `fanin() { "${process.execPath}" "${bin}" "$@"; }; ${line}`;
    // A separate process group, which receives signals as a whole, as with Ctrl-C in a terminal.
    const child = spawn("bash", ["-c", script], {
      cwd,
      env: line.includes("--shard auto") ? { ...environment, ...scheduled } : environment,
      detached: true,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    let isStopped = false;
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      if (isStopped || stop === undefined || !stop.test(stderr)) return;
      isStopped = true;
      process.kill(-(child.pid as number), "SIGINT");
    });
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: signal === "SIGINT" ? 130 : code, stderr }));
  });
}

describe.each(Object.entries(examples))("the examples of %s", (place, lines) => {
  it("are there", () => {
    expect(lines.length).toBeGreaterThan(0);
  });

  it("run as written", { timeout: 300_000 }, async () => {
    const folder = await prepare(place);
    for (const line of lines) {
      if (line.startsWith("fanin merge part-1 ")) await wholeParts(folder);
      const { code = 0, stop } = endings[line] ?? {};
      const ended = await run(line, folder, stop);
      expect([line, ended.code, ended.stderr]).toEqual([line, stop ? 130 : code, expect.any(String)]);
      if (stop === training.stop) expect(ended.stderr).toContain("Resume with: fanin compare --resume ");
      if (code === 0 && stop === undefined) expect(ended.stderr).not.toMatch(/^fanin: /m);
    }
  });
});

it("lists no ending of a nonexistent example", () => {
  const all = new Set(Object.values(examples).flat());
  expect(Object.keys(endings).filter((line) => !all.has(line))).toEqual([]);
});
