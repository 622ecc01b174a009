// Threads that die in the middle of a run: tried once more, to the same result; the second time an error that names the run.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

interface Trained {
  readonly results: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  readonly error: string | null;
  readonly isSaved: boolean;
}

const healthy = new URL("../dist/run/run-worker.js", import.meta.url);
const dying = new URL("dying-worker.mjs", import.meta.url);
const missing = new URL("no-such-worker.mjs", import.meta.url);
const script = new URL("train-in-threads.mjs", import.meta.url).pathname;

let folder = "";
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-threads-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Trains two runs, the first in a thread that dies so often; `first` is its initializer. */
async function train(worker: URL, deaths: number, first = "he_normal"): Promise<Trained> {
  const words = [script, join(folder, String(count++)), worker.href, String(deaths), first];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  for await (const part of child.stdout.setEncoding("utf8")) text += part;
  return JSON.parse(text) as Trained;
}

describe("a thread that dies in the middle of a run", () => {
  it("has the run tried once more, from the state it had saved, to the same result", async () => {
    const [whole, survived] = await Promise.all([train(healthy, 0), train(dying, 1)]);
    expect(whole).toMatchObject({ warnings: [], error: null });
    expect(Object.keys(whole.results).sort()).toEqual(["he_normal", "zeros"]);
    expect(survived.warnings).toEqual([
      "the thread of he_normal seed 0 died (worker exited with code: 9); the run is tried once more",
    ]);
    expect(survived.error).toBeNull();
    expect(survived.results).toEqual(whole.results);
  });

  it("is an error the second time, which names the run and keeps its state", async () => {
    const { warnings, error, isSaved } = await train(dying, 2);
    expect(warnings).toHaveLength(1);
    expect(error).toMatch(
      /^ThreadDeathError: the thread of he_normal seed 0 died \(worker exited with code: 9\), the second time; the state it had saved is kept$/,
    );
    expect(isSaved).toBe(true);
  });

  it("is not what an error of the run is taken for", async () => {
    const { warnings, error } = await train(healthy, 0, "no_such_initializer");
    expect(warnings).toEqual([]);
    expect(error).toContain("no_such_initializer");
    expect(error).not.toContain("died");
  });

  it("is an error too where it cannot even start", async () => {
    const { results, error } = await train(missing, 0);
    expect(results).toEqual({});
    expect(error).toMatch(/^ThreadDeathError: .*no-such-worker\.mjs/);
  });
});
