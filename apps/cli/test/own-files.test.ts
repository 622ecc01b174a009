// Forged files of fanin's own: each is rejected with its name, the field, and exit code 3.

import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exitCodeOf } from "../src/exit-codes.ts";
import { withChecksum, withoutChecksum } from "../src/experiment/own-file.ts";
import { fromUser } from "../src/user-arguments.ts";
import { fanin, type Outcome } from "./run-fanin.ts";
import { writeTinyDataset } from "./tiny-dataset.ts";

let folder = "";
const at = (...path: string[]): string => join(folder, ...path);
const run = (...words: string[]): Promise<Outcome> => fanin(words, { cwd: folder });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-own-files-"));
  await writeTinyDataset(at("tiny"), 40);
  const sweep = { data: "tiny", initializers: ["he_normal"], widths: [4], seeds: 1, epochs: 1, batch: 16 };
  await writeFile(at("sweep.json"), JSON.stringify(sweep));
  await writeFile(
    at("weights.json"),
    JSON.stringify({ tensors: [{ name: "w", shape: [4, 4], initializer: "he_normal" }] }),
  );
  const compare = ["compare", "--data", "tiny", "--layers", "16,4,10", "--init", "he_normal", "--seeds", "1"];
  const made = [
    await run(...compare, "--epochs", "1", "--out", "comparison"),
    await run("sweep", "sweep.json", "--out", "grid"),
    await run("materialize", "weights.json", "--out", "weights"),
  ];
  expect(made.map(({ code }) => code)).toEqual([0, 0, 0]);
});
afterAll(() => rm(folder, { recursive: true }));

/** Changes JSON at a path such as `config.epochs`; undefined removes the field. */
function changed(text: string, path: string, value: unknown): string {
  const whole = JSON.parse(text) as Record<string, unknown>;
  const keys = path.split(".");
  const last = keys.pop() as string;
  const parent = keys.reduce<Record<string, unknown>>((one, key) => one[key] as Record<string, unknown>, whole);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return JSON.stringify(whole);
}

const changedRun = (text: string, path: string, value: unknown): string => {
  const checked = withoutChecksum(text);
  if ("wrong" in checked) throw new Error(checked.wrong);
  return withChecksum(changed(checked.body, path, value));
};

const asked: Readonly<Record<string, (copy: string) => Promise<Outcome>>> = {
  comparison: (copy) => run("compare", "--resume", copy),
  grid: (copy) => run("merge", copy, "--out", "never"),
  weights: (copy) => run("materialize", "weights.json", "--out", copy),
};

describe("a forged file", () => {
  it.each<[kind: string, file: string, path: string, value: unknown, message: string]>([
    ["comparison", "plan.json", "version", 3, "version: expected text, got 3"],
    ["comparison", "plan.json", "dataset", [], "dataset: expected an object"],
    ["comparison", "plan.json", "dataset.sha256", "x", "dataset.sha256: expected a SHA-256 in hex"],
    ["comparison", "plan.json", "config", null, "config: expected an object, got null"],
    ["comparison", "plan.json", "config.epochs", -1, "config: epochs: expected an integer"],
    ["comparison", "plan.json", "config.layers", "16", "config: layers: "],
    ["comparison", "plan.json", "config.sed", 1, "config.sed: expected no such field, got 1"],
    ["comparison", "plan.json", "config.batch", undefined, "config.batch: expected 64, got nothing"],
    ["comparison", "plan.json", "shard", { index: 3, count: 2 }, "shard.index: expected an integer from 1 to 2, got 3"],
    ["comparison", "runs/", "testAccuracy", 2, "testAccuracy: expected a number from 0 to 1, got 2"],
    ["comparison", "runs/", "epochs", [], "epochs: expected 1 entries, got 0"],
    ["comparison", "runs/", "seed", 9, "seed: expected 0, got 9"],
    ["comparison", "runs/", "weights", [], "weights: expected 2 entries, got 0"],
    ["comparison", "runs/", "sha256", "", "sha256: expected a SHA-256 in hex"],
    ["grid", "sweep.json", "spec", 1, "spec: expected an object, got 1"],
    ["grid", "sweep.json", "spec.depths", [0], "spec: depths"],
    ["grid", "sweep.json", "spec.epochs", undefined, "spec.epochs: expected 5, got nothing"],
    ["grid", "sweep.json", "dataset.features", 0, "dataset.features: expected an integer of 1 or more, got 0"],
    ["grid", "runs/", "batch", 8, "batch: expected 16, got 8"],
    ["grid", "runs/", "id", "0".repeat(64), "id: expected "],
    ["grid", "runs/", "result.diverged", "no", "result.diverged: expected an integer of 1 or more"],
    ["weights", "manifest.json", "plan", "x", "plan: expected a SHA-256 in hex"],
    ["weights", "manifest.json", "shards.0.file", "../x", "shards[0].file: expected a name such as model-"],
    ["weights", "manifest.json", "shards.0.tensors", 2, "shards[0].tensors: expected 1, got 2"],
    ["weights", "manifest.json", "tensors.0.shape", [-1], "tensors[0].shape[0]: expected an integer of 0 or more"],
  ])("of a %s: %s with a wrong %s is refused", async (kind, file, path, value, message) => {
    await rm(at("copy"), { recursive: true, force: true });
    await cp(at(kind), at("copy"), { recursive: true });
    const [name = ""] = file === "runs/" ? await readdir(at("copy", "runs")) : [];
    const forged = at("copy", file, name);
    const text = await readFile(forged, "utf8");
    await writeFile(forged, file === "runs/" ? changedRun(text, path, value) : changed(text, path, value));
    const { code, stderr } = await (asked[kind] as (copy: string) => Promise<Outcome>)("copy");
    expect(stderr).toContain(message);
    expect(stderr).toContain(join("copy", file, name).replace(/\/$/, ""));
    expect(stderr).not.toContain("bug in fanin");
    expect(code).toBe(3);
  });

  it.each([
    ["comparison", "plan.json"],
    ["grid", "sweep.json"],
    ["weights", "manifest.json"],
  ])("of a truncated %s is refused", async (kind, file) => {
    await rm(at("copy"), { recursive: true, force: true });
    await cp(at(kind), at("copy"), { recursive: true });
    await writeFile(at("copy", file), (await readFile(at("copy", file), "utf8")).slice(0, 40));
    const { code, stderr } = await (asked[kind] as (copy: string) => Promise<Outcome>)("copy");
    expect([code, stderr]).toEqual([3, expect.stringContaining(join("copy", file))]);
  });

  it.each([
    ["comparison", "testLoss"],
    ["grid", '"epochs"'],
  ])("of a %s whose run has a changed digit is refused by its checksum", async (kind, mark) => {
    await rm(at("copy"), { recursive: true, force: true });
    await cp(at(kind), at("copy"), { recursive: true });
    const [name = ""] = await readdir(at("copy", "runs"));
    const text = await readFile(at("copy", "runs", name), "utf8");
    const place = text.indexOf(mark);
    const digit = text.slice(place).search(/\d/) + place;
    const other = `${text.slice(0, digit)}${(Number(text[digit]) + 1) % 10}${text.slice(digit + 1)}`;
    await writeFile(at("copy", "runs", name), other);
    const { code, stderr } = await (asked[kind] as (copy: string) => Promise<Outcome>)("copy");
    expect([code, stderr]).toEqual([3, expect.stringContaining("is damaged: checksum: expected ")]);
    expect(stderr).toContain(name);
  });
});

describe("a TypeError or RangeError", () => {
  const codeOf = (action: () => unknown): number => {
    try {
      action();
      return 0;
    } catch (error) {
      return exitCodeOf(error);
    }
  };
  const throwing = (error: Error) => () => {
    throw error;
  };

  it.each<[string, () => unknown]>([
    ["RangeError", throwing(new RangeError("epochs: expected an integer of 1 or more, got 0"))],
    ["TypeError", throwing(new TypeError("name: expected a string, got 3"))],
  ])("is a usage error about the user's arguments, and a bug elsewhere: %s", (_, action) => {
    expect([codeOf(() => fromUser(action)), codeOf(action)]).toEqual([2, 5]);
  });

  it.each<[string, () => unknown]>([
    ["a property of undefined", () => (undefined as unknown as { a: { b: number } }).a.b],
    ["what is no function", () => (3 as unknown as () => void)()],
    ["what is not iterable", () => [...(3 as unknown as number[])]],
    ["an array without end", () => new Array(-1)],
    ["a typed array without end", () => new Float32Array(-1)],
    [
      "a recursion without end",
      () =>
        (function deep(): number {
          return 1 + deep();
        })(),
    ],
    ["null as an object", () => Object.keys(null as unknown as object)],
  ])("of the engine is always a bug: %s", (_, action) => {
    expect(codeOf(() => fromUser(action))).toBe(5);
  });
});
