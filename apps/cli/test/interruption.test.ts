// `fanin compare` killed, interrupted, resumed, sharded and merged: the bytes stay the same.

import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CompareResult } from "@fanin/lab";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fanin, type Outcome } from "./run-fanin.ts";
import { stopInMidst } from "./stop-in-midst.ts";
import { writeTinyDataset } from "./tiny-dataset.ts";

let folder = "";
let whole: Outcome;
let words: readonly string[] = [];
const WORK = ["--layers", "16,32,10", "--init", "glorot_normal,he_normal", "--seeds", "2", "--epochs", "40"];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-interruption-"));
  // A data set that needs no generation, and runs long enough to be interrupted.
  await writeTinyDataset(join(folder, "tiny"), 4000);
  words = ["compare", "--data", join(folder, "tiny"), ...WORK];
  whole = await fanin([...words, "--json", "--out", join(folder, "whole")]);
  expect(whole.code).toBe(0);
});
afterAll(() => rm(folder, { recursive: true }));

const files = (...path: string[]): Promise<string[]> => readdir(join(folder, ...path)).catch(() => []);
const read = (...path: string[]): Promise<string> => readFile(join(folder, ...path), "utf8");
const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

/** Lists names and times of the saved states. */
async function savedStates(out: string): Promise<string> {
  const names = await files(out, "checkpoints");
  const times = names.map((name) => stat(join(folder, out, "checkpoints", name)).catch(() => undefined));
  return (await Promise.all(times)).map((found, i) => `${names[i]} ${found?.mtimeMs}`).join();
}

/** Sends `signals` to a comparison in `out`, `delay` ms after its first saved state. */
function signalled(
  out: string,
  command: readonly string[],
  delay: number,
  ...signals: NodeJS.Signals[]
): Promise<Outcome> {
  let isOver = false;
  return fanin(command, {
    started: async (kill) => {
      const before = await savedStates(out);
      while (!isOver && (await savedStates(out)) === before) await wait(5);
      await wait(delay);
      for (const signal of signals) {
        kill(signal);
        await wait(3);
      }
    },
  }).finally(() => {
    isOver = true;
  });
}

/** Reproducible pseudo-random delays, in ms. */
function delays(count: number, salt: number): number[] {
  return Array.from({ length: count }, (_, i) => (Math.imul(2654435761, 97 * salt + i + 1) >>> 0) % 120);
}

const ROUNDS = process.env["FANIN_LONG"] ? 20 : 2;

describe("an interrupted comparison", () => {
  it.each([
    ["1", "SIGKILL"],
    ["3", "SIGKILL"],
    ["1", "SIGINT"],
    ["2", "SIGTERM"],
  ] as const)("repeatedly, with --jobs %s by %s, gives the same bytes", async (jobs, signal) => {
    const out = `${signal}-${jobs}`;
    let stopped = 0;
    let command = [...words, "--json", "--jobs", jobs, "--save-every", "0.01", "--out", join(folder, out)];
    for (const delay of delays(ROUNDS, Number(jobs))) {
      const { code } = await signalled(out, command, delay, signal);
      if (code === 0) break;
      expect(code).toBe(signal === "SIGKILL" ? null : 130);
      stopped++;
      // No final file is ever incomplete.
      for (const name of await files(out, "runs")) {
        if (name.endsWith(".json")) JSON.parse(await read(out, "runs", name));
      }
      command = ["compare", "--resume", join(folder, out), "--json", "--jobs", jobs, "--save-every", "0.01"];
    }
    expect(stopped).toBeGreaterThan(0);
    const resumed = await fanin(["compare", "--resume", join(folder, out), "--json"]);
    expect(resumed.stderr).not.toContain("starts over");
    expect(resumed.stdout).toBe(whole.stdout);
    for (const name of ["result.json", "report.html"]) expect(await read(out, name)).toBe(await read("whole", name));
    expect(await files(out, "checkpoints")).toEqual([]);
    expect((await files(out)).sort()).toEqual(["checkpoints", "plan.json", "report.html", "result.json", "runs"]);
    expect((await files(out, "runs")).sort()).toEqual((await files("whole", "runs")).sort());
  });

  it("saves its state at the signal, resumes from it, and restarts if it is damaged", async () => {
    const { saved } = await stopInMidst(words, join(folder, "saved"));
    await cp(join(folder, "saved"), join(folder, "forged"), { recursive: true });
    await cp(join(folder, "saved"), join(folder, "damaged"), { recursive: true });

    // A state with a changed loss and a valid checksum is accepted, which shows that the run resumes from it.
    const path = join(folder, "forged", "checkpoints", saved[0] ?? "");
    const forged = await readFile(path);
    expect(forged.readUInt32LE(52)).toBeGreaterThan(0);
    forged.writeDoubleLE(1e6, 56);
    createHash("sha256")
      .update(forged.subarray(0, -32))
      .digest()
      .copy(forged, forged.length - 32);
    await writeFile(path, forged);
    const believed = await fanin(["compare", "--resume", join(folder, "forged"), "--json"]);
    const epochs = (JSON.parse(believed.stdout) as CompareResult).runs.flatMap((run) => run.epochs);
    expect(epochs.filter(({ loss }) => loss > 100)).toHaveLength(1);

    for (const name of saved) {
      const bytes = await readFile(join(folder, "damaged", "checkpoints", name));
      bytes[1000] = (bytes[1000] ?? 0) ^ 1;
      await writeFile(join(folder, "damaged", "checkpoints", name), bytes);
    }
    const over = await fanin(["compare", "--resume", join(folder, "damaged"), "--json"]);
    expect(
      over.stderr.match(
        /is unusable \(checkpoint: expected bytes that match their SHA-256, got damaged bytes\); .* starts over/g,
      ),
    ).toHaveLength(saved.length);
    const resumed = await fanin(["compare", "--resume", join(folder, "saved"), "--json"]);
    expect(resumed.stderr).not.toContain("starts over");
    expect([over.stdout, resumed.stdout]).toEqual([whole.stdout, whole.stdout]);
  });

  it("stops at once at a second signal, without losing results", async () => {
    const command = [...words, "--json", "--save-every", "0.01", "--out", join(folder, "twice")];
    const stopped = await signalled("twice", command, 50, "SIGINT", "SIGINT");
    expect(stopped.code).toBe(130);
    expect((await fanin(["compare", "--resume", join(folder, "twice"), "--json"])).stdout).toBe(whole.stdout);
  });

  it("holds a lock, which is taken over after its end", async () => {
    const long = [
      "compare",
      "--data",
      join(folder, "tiny"),
      "--layers",
      "16,8,10",
      "--epochs",
      "100000",
      "--seeds",
      "1",
      "--out",
      join(folder, "held"),
    ];
    let other: Outcome | undefined;
    const holder = await fanin([...long, "--save-every", "0.05"], {
      started: async (kill) => {
        while ((await files("held", "checkpoints")).length === 0) await wait(10);
        other = await fanin(["compare", "--resume", join(folder, "held")]);
        kill("SIGKILL");
      },
    });
    expect(holder.code).toBeNull();
    expect(other?.stderr).toMatch(/held\/lock: process \d+ on .* uses this folder/);
    expect(other?.code).toBe(4);
    expect(await files("held")).toContain("lock");
    await writeFile(join(folder, "held/checkpoints/half.bin.1-1.tmp"), "begun by the one that was killed");
    const heir = await fanin(["compare", "--resume", join(folder, "held"), "--save-every", "0.05"], {
      started: async (kill) => {
        const dead = await read("held", "lock");
        while ((await read("held", "lock").catch(() => dead)) === dead) await wait(10);
        while ((await files("held", "checkpoints")).includes("half.bin.1-1.tmp")) await wait(10);
        const before = await savedStates("held");
        while ((await savedStates("held")) === before) await wait(10);
        kill("SIGINT");
      },
    });
    expect(heir.code).toBe(130);
    expect(await files("held")).not.toContain("lock");
  });
});

describe("fanin merge", () => {
  const shards = ["1/3", "2/3", "3/3"];
  const part = (shard: string): string => join(folder, `part-${shard[0]}`);

  beforeAll(async () => {
    // The first two by option, the third by SLURM's variables.
    const environment = { SLURM_ARRAY_TASK_ID: "7", SLURM_ARRAY_TASK_MIN: "5", SLURM_ARRAY_TASK_COUNT: "3" };
    const outcomes = await Promise.all(
      shards.map((shard, i) =>
        fanin([...words, "--shard", i < 2 ? shard : "auto", "--out", part(shard)], { environment }),
      ),
    );
    for (const [i, { code, stdout }] of outcomes.entries()) {
      expect(code).toBe(0);
      expect(stdout).toContain(`shard ${shards[i]}: ${i === 0 ? "2 runs" : "1 run"} in`);
    }
    expect(await files("part-3", "runs")).toEqual(["0002-he_normal-seed-0.json"]);
  });

  it("gives the bytes of one machine, in any order and with repeated parts", async () => {
    const out = join(folder, "merged");
    const merged = await fanin(["merge", part("3"), part("1"), part("2"), part("1"), "--json", "--out", out]);
    expect([merged.code, merged.stdout]).toEqual([0, whole.stdout]);
    for (const name of ["plan.json", "result.json", "report.html"]) {
      expect(await read("merged", name)).toBe(await read("whole", name));
    }
  });

  it("reports missing, contradicting and foreign parts", async () => {
    const out = join(folder, "never");
    const missing = await fanin(["merge", part("1"), part("3"), "--out", out]);
    expect(missing.stderr).toContain("1 of 4 runs are missing: glorot_normal seed 1");
    await cp(part("1"), join(folder, "liar"), { recursive: true });
    const [name = ""] = await files("liar", "runs");
    const text = await read("liar", "runs", name);
    await writeFile(join(folder, "liar", "runs", name), text.replace(/"testAccuracy":[\d.]+/, '"testAccuracy":0.5'));
    const contradicting = await fanin(["merge", part("1"), part("2"), part("3"), join(folder, "liar"), "--out", out]);
    expect(contradicting.stderr).toContain("contradict each other on glorot_normal seed 0");
    await writeFile(join(folder, "liar", "runs", name), text.slice(0, 99));
    const damaged = await fanin(["merge", part("2"), part("3"), join(folder, "liar"), "--out", out]);
    expect(damaged.stderr).toContain("is damaged");
    const other = join(folder, "other");
    const changed = words.map((word, i) => (words[i - 1] === "--epochs" ? "1" : word));
    await fanin([...changed, "--batch", "32", "--out", other]);
    const foreign = await fanin(["merge", part("1"), other, "--out", out]);
    expect(foreign.stderr).toMatch(/are not parts of one comparison: different configs, in .*batch/);
    expect([missing, contradicting, damaged, foreign].map(({ code }) => code)).toEqual([3, 3, 3, 3]);
    expect(await files("never")).toEqual([]);
    const nowhere = await fanin(["merge", join(folder, "nowhere"), "--out", out]);
    expect([nowhere.code, nowhere.stderr]).toEqual([4, expect.stringContaining("merge: no comparison in")]);
    for (const wrong of [["merge", part("1")], ["merge", "--out", out], ["merge"]]) {
      expect((await fanin(wrong)).code).toBe(2);
    }
  });
});
