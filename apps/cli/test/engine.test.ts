// `fanin compare --engine tfjs`: the same experiment with TensorFlow.js, which is loaded only on demand.

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { CompareResult } from "@fanin/lab";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fanin, type Outcome } from "./run-fanin.ts";
import { stopInMidst } from "./stop-in-midst.ts";
import { writeTinyDataset } from "./tiny-dataset.ts";

let words: readonly string[] = [];
let tfjs: readonly string[] = [];
let folder = "";
let whole: Outcome;
const out = (name: string): string[] => ["--out", join(folder, name)];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-engine-"));
  await writeTinyDataset(join(folder, "tiny"), 2000);
  const network = ["--layers", "16,16,10", "--init", "glorot_normal,he_normal", "--epochs", "5"];
  words = ["compare", "--data", join(folder, "tiny"), ...network, "--json"];
  tfjs = [...words, "--seeds", "1", "--engine", "tfjs"];
  whole = await fanin([...tfjs, "--jobs", "2", ...out("whole")]);
  expect(whole.stderr).toContain("[2/2]");
}, 180_000);
afterAll(() => rm(folder, { recursive: true }));

/** A hook that records every imported module, and hides those that match `hidden`. */
async function hook(name: string, hidden: RegExp): Promise<{ environment: Record<string, string>; log: string }> {
  const log = join(folder, `${name}.log`);
  const [hooks, entry] = [join(folder, `${name}-hooks.mjs`), join(folder, `${name}.mjs`)];
  await writeFile(log, "");
  await writeFile(
    hooks,
    `import { appendFileSync } from "node:fs";
export async function resolve(specifier, context, next) {
  appendFileSync(${JSON.stringify(log)}, specifier + "\\n");
  if (${hidden}.test(specifier)) {
    throw Object.assign(new Error("Cannot find package '" + specifier + "' imported from here"), { code: "ERR_MODULE_NOT_FOUND" });
  }
  return next(specifier, context);
}
`,
  );
  await writeFile(
    entry,
    `import { register } from "node:module";\nregister(${JSON.stringify(pathToFileURL(hooks).href)});\n`,
  );
  return { environment: { NODE_OPTIONS: `--import=${pathToFileURL(entry).href}` }, log };
}

describe("fanin compare --engine tfjs", () => {
  it("agrees with the dense engine up to rounding, in the same format", async () => {
    const dense = await fanin([...words, "--seeds", "1", ...out("dense")]);
    const [own, other] = [dense, whole].map(({ stdout }) => JSON.parse(stdout) as CompareResult);
    expect([own?.config.engine, other?.config.engine]).toEqual(["dense", "tfjs"]);
    expect({ ...other?.config, engine: "dense" }).toEqual(own?.config);
    expect(other?.dataset).toEqual(own?.dataset);
    for (const [i, run] of (own?.runs ?? []).entries()) {
      const twin = other?.runs[i];
      expect(Object.keys(twin ?? {})).toEqual(Object.keys(run));
      expect(twin?.weights.map(({ layer }) => layer)).toEqual(run.weights.map(({ layer }) => layer));
      for (const [e, epoch] of run.epochs.entries()) {
        for (const metric of ["loss", "validationLoss"] as const) {
          expect(Math.abs((twin?.epochs[e]?.[metric] ?? 9) - (epoch[metric] ?? 0))).toBeLessThan(1e-4);
        }
      }
      expect(twin?.sha256).not.toBe(run.sha256);
    }
    expect(await readFile(join(folder, "whole/report.html"), "utf8")).toContain("--engine tfjs");
  }, 180_000);

  it("gives the same bytes after Ctrl-C and --resume, in one thread", async () => {
    expect((await stopInMidst(tfjs, join(folder, "stopped"))).saved).toHaveLength(1);
    const resumed = await fanin(["compare", "--resume", join(folder, "stopped"), "--json"]);
    expect(resumed.stderr).not.toContain("starts over");
    expect(resumed.stdout).toBe(whole.stdout);
  }, 180_000);

  it("gives the same bytes from shards, and does not merge them with those of the other engine", async () => {
    const part = (n: number, more: readonly string[]) => fanin([...more, "--shard", `${n}/2`, ...out(`part-${n}`)]);
    await Promise.all([part(1, tfjs), part(2, tfjs)]);
    const merge = (...parts: string[]) =>
      fanin(["merge", ...parts.map((name) => join(folder, name)), "--json", ...out("merged")]);
    expect((await merge("part-1", "part-2")).stdout).toBe(whole.stdout);
    const foreign = await merge("part-1", "dense");
    expect(foreign.stderr).toContain("different configs, in engine");
    expect(foreign.code).toBe(3);
  }, 180_000);

  it("says what to install if TensorFlow.js is missing, before it writes files", async () => {
    const { environment, log } = await hook("hidden", /^@tensorflow\/tfjs-layers/);
    const { code, stderr } = await fanin([...tfjs, ...out("never")], { environment });
    expect(stderr).toMatch(
      /engine: tfjs needs @tensorflow\/tfjs-layers, which is not installed here: npm install @tens/,
    );
    expect(code).toBe(2);
    expect(await readFile(log, "utf8")).toContain("@tensorflow/tfjs-layers\n");
    expect(await readdir(folder)).not.toContain("never");
    const unknown = await fanin([...words, "--engine", "tfj"]);
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('did you mean "tfjs"?')]);
  });

  it.each(["bullmq", "ioredis"])("says what to install if %s is missing for a queue", async (name) => {
    const { environment } = await hook(`no-${name}`, new RegExp(`^${name}$`));
    const { code, stderr } = await fanin(["worker", "--queue", "redis://127.0.0.1:1/0"], { environment });
    expect(stderr).toBe(
      `fanin: --queue: a queue needs ${name}, which is not installed here: npm install bullmq@6 ioredis@6\n`,
    );
    expect(code).toBe(4);
  });

  it("is the only option that loads TensorFlow.js", async () => {
    const { environment, log } = await hook("watched", /^$/);
    expect((await fanin([...words, "--seeds", "1", ...out("watched")], { environment })).code).toBe(0);
    const imported = await readFile(log, "utf8");
    // Includes the imports of the worker.
    expect(imported).toContain("/run-worker.js\n");
    expect(imported).toMatch(/^@fanin\/lab$/m);
    expect(imported).not.toContain("@tensorflow");
  }, 180_000);
});
