// Threads that die during a run: retried once with the same result; an error that names the run the second time.

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

/** Trains two runs, the first in a thread that dies the given number of times; `first` is its initializer. */
async function train(worker: URL, deaths: number, first = "he_normal"): Promise<Trained> {
  const words = [script, join(folder, String(count++)), worker.href, String(deaths), first];
  const child = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  for await (const part of child.stdout.setEncoding("utf8")) text += part;
  return JSON.parse(text) as Trained;
}

describe("a thread that dies during a run", () => {
  it("is retried once from the saved state, with the same result", async () => {
    const [whole, survived] = await Promise.all([train(healthy, 0), train(dying, 1)]);
    expect(whole).toMatchObject({ warnings: [], error: null });
    expect(Object.keys(whole.results).sort()).toEqual(["he_normal", "zeros"]);
    expect(survived.warnings).toEqual([
      "the thread of he_normal seed 0 died (worker exited with code: 9); the run is retried once",
    ]);
    expect(survived.error).toBeNull();
    expect(survived.results).toEqual(whole.results);
  });

  it("is an error the second time, which names the run; its state is kept", async () => {
    const { warnings, error, isSaved } = await train(dying, 2);
    expect(warnings).toHaveLength(1);
    expect(error).toMatch(
      /^ThreadDeathError: the thread of he_normal seed 0 died \(worker exited with code: 9\) for the second time; its saved state is kept$/,
    );
    expect(isSaved).toBe(true);
  });

  it("is distinguished from an error of the run", async () => {
    const { warnings, error } = await train(healthy, 0, "no_such_initializer");
    expect(warnings).toEqual([]);
    expect(error).toContain("no_such_initializer");
    expect(error).not.toContain("died");
  });

  it("is an error if the thread cannot start", async () => {
    const { results, error } = await train(missing, 0);
    expect(results).toEqual({});
    expect(error).toMatch(/^ThreadDeathError: .*no-such-worker\.mjs/);
  });
});
