// Every command that writes, killed at any moment and run again, gives the bytes of an uninterrupted run, and no other files.
// Two have tests of their own: queue.test.ts kills workers, and data.test.ts resumes downloads, whose hashes need the real files.
// FANIN_LONG=1 for the full count of kills.

import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readTensorFile, writeTensorFile } from "@fanin/formats/node";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fanin } from "./run-fanin.ts";
import { writeTinyDataset } from "./tiny-dataset.ts";

const KILLS = process.env["FANIN_LONG"] ? 200 : 8;

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-storm-"));
  await writeTinyDataset(join(folder, "tiny"), 200);
  const spec = { data: join(folder, "tiny"), initializers: ["he_normal", "zeros"], widths: [4], seeds: 2, epochs: 2 };
  await writeFile(join(folder, "sweep.json"), JSON.stringify(spec));
  const tensors = Array.from({ length: 6 }, (_, i) => ({
    ...{ name: `w${i}`, shape: [200, 300], initializer: "he_normal", seed: i },
  }));
  await writeFile(join(folder, "weights.json"), JSON.stringify({ tensors }));
  await writeFile(join(folder, "keras.json"), JSON.stringify(kerasModel));
  const data = Float32Array.from({ length: 400_000 }, (_, i) => Math.sin(i));
  await writeTensorFile(join(folder, "in.safetensors"), [{ name: "a", shape: [400, 1000], dtype: "float32", data }]);
  for (const part of ["1", "2"]) {
    const words = ["materialize", join(folder, "weights.json"), "--shard-size", "300kB", "--shard", `${part}/2`];
    expect((await fanin([...words, "--out", join(folder, `part-${part}`)])).code).toBe(0);
  }
});
afterAll(() => rm(folder, { recursive: true }));

/** The JSON of Sequential([Input((600,)), Dense(700)]). */
const kerasModel = {
  class_name: "Sequential",
  config: {
    name: "sequential",
    layers: [
      { class_name: "InputLayer", config: { batch_shape: [null, 600], dtype: "float32", name: "input" } },
      { class_name: "Dense", config: { name: "dense", units: 700, activation: "linear", use_bias: true } },
    ],
  },
};

/** The commands whose output is one file, and the name of that file. */
const outputNames: Readonly<Record<string, string>> = {
  convert: "model.json",
  model: "weights.safetensors",
  sample: "values.npy",
};

interface Deed {
  readonly words: readonly string[];
  /** Prepares the folder. */
  readonly before?: (out: string) => Promise<void>;
  /** Checks an invariant of the folder. */
  readonly always?: (out: string) => Promise<void>;
}

/** Writes an old model, whose values are all 1. */
async function writeOld(out: string): Promise<void> {
  const data = new Float32Array(1000).fill(1);
  await writeTensorFile(join(out, "model.json"), [{ name: "a", shape: [1000], dtype: "float32", data }]);
}

/** Checks that the model is the old or the new one, never a mixture. */
async function expectOneModel(out: string): Promise<void> {
  const tensors = await readTensorFile(join(out, "model.json"));
  const { shape = [], data = [] } = tensors.get("a") ?? {};
  if (shape.length === 1) expect([...data].every((value) => value === 1)).toBe(true);
  else expect(data[5]).toBe(Math.fround(Math.sin(5)));
}

const deeds = (): Readonly<Record<string, Deed>> => ({
  compare: {
    words: [
      "compare",
      "--data",
      join(folder, "tiny"),
      "--layers",
      "16,8,10",
      "--init",
      "zeros,he_normal",
      "--seeds",
      "2",
    ],
  },
  sweep: { words: ["sweep", join(folder, "sweep.json")] },
  materialize: { words: ["materialize", join(folder, "weights.json"), "--shard-size", "300kB"] },
  merge: { words: ["merge", join(folder, "part-1"), join(folder, "part-2")] },
  convert: {
    words: ["convert", join(folder, "in.safetensors"), "model.json", "--force"],
    before: writeOld,
    always: expectOneModel,
  },
  model: { words: ["model", join(folder, "keras.json"), "--seed", "1", "--out", "weights.safetensors", "--force"] },
  sample: { words: ["sample", "he_normal", "500x400", "--out", "values.npy", "--force"] },
  diagnose: { words: ["diagnose", "--layers", "16,8,10", "--force", "--fail-on", "never"] },
});

/** Lists names and hashes of all files. */
async function treeOf(out: string): Promise<Record<string, string>> {
  const entries = await readdir(out, { recursive: true, withFileTypes: true });
  const tree: Record<string, string> = {};
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name);
    tree[path.slice(out.length)] = createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
  }
  return tree;
}

/** Prepares a folder and the command line for a case. */
async function prepare(name: string, place: string): Promise<{ out: string; words: string[]; deed: Deed }> {
  const deed = deeds()[name] as Deed;
  const out = join(folder, place);
  await mkdir(out, { recursive: true });
  await deed.before?.(out);
  const file = outputNames[name];
  if (file === undefined) return { out, words: [...deed.words, "--out", out], deed };
  return { out, words: deed.words.map((word) => (word === file ? join(out, word) : word)), deed };
}

it(`gives the same bytes after ${KILLS} kills`, async () => {
  const names = Object.keys(deeds());
  const wholes = new Map<string, { tree: Record<string, string>; time: number }>();
  for (const name of names) {
    const { out, words } = await prepare(name, "whole");
    const began = performance.now();
    const { code, stderr } = await fanin(words);
    expect([name, code], stderr).toEqual([name, 0]);
    wholes.set(name, { tree: await treeOf(out), time: performance.now() - began });
    // One folder for all, because some files contain the command line with its name.
    await rm(out, { recursive: true });
  }
  let killed = 0;
  for (let i = 0; killed < KILLS; i++) {
    expect(i).toBeLessThan(3 * KILLS + 20);
    const name = names[i % names.length] as string;
    const whole = wholes.get(name) as { tree: Record<string, string>; time: number };
    const { out, words, deed } = await prepare(name, "whole");
    // Files are written in the second half of a run.
    const share = 0.4 + (((Math.imul(2654435761, i + 1) >>> 0) % 1000) / 1000) * 0.6;
    const outcome = await fanin(words, {
      started: (kill) => void setTimeout(() => kill("SIGKILL"), share * whole.time),
    });
    if (outcome.code === null) killed++;
    await deed.always?.(out);
    const { code, stderr } = await fanin(words);
    expect([name, code], stderr).toEqual([name, 0]);
    expect([name, await treeOf(out)]).toEqual([name, whole.tree]);
    await rm(out, { recursive: true });
  }
  expect(killed).toBe(KILLS);
});

it("saves at SIGHUP as at SIGTERM, and resumes bit-identically", async () => {
  const words = ["compare", "--data", join(folder, "tiny"), "--layers", "16,8,10", "--init", "zeros", "--seeds", "1"];
  const long = [...words, "--epochs", "2000", "--save-every", "0.05", "--out", join(folder, "hung")];
  const { code, stderr } = await fanin(long, {
    started: async (kill) => {
      const states = () => readdir(join(folder, "hung", "checkpoints")).catch(() => []);
      await expect.poll(async () => (await states()).length).toBeGreaterThan(0);
      kill("SIGHUP");
    },
  });
  expect([code, stderr]).toEqual([130, expect.stringContaining("Resume with: fanin compare --resume")]);
});
