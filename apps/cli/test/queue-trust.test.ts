// A queue with a hostile writer: jobs with wrong ids, forged results, invalid data everywhere. The sweep ends with the bytes of a
// local one and reports the faults, and no worker stops.

import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRedis, RedisServer } from "./redis-server.ts";
import { fanin } from "./run-fanin.ts";
import { writeTinyDataset } from "./tiny-dataset.ts";

interface Job {
  readonly version: string;
  readonly dataset: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly run: Readonly<Record<string, unknown>>;
}

interface RunFile {
  readonly id: string;
  readonly result: { readonly epochs: readonly object[]; readonly testAccuracy: number; readonly sha256: string };
}

const base = "fanin:runs:";
let folder = "";
let spec = "";
let local: Record<string, string> = {};
const run = (...words: string[]) => fanin(words, { cwd: folder });

async function runFiles(out: string): Promise<Record<string, string>> {
  const names = (await readdir(join(folder, out, "runs"))).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, out, "runs", name), "utf8")));
  return Object.fromEntries(names.map((name, i) => [name.replace(".json", ""), texts[i] ?? ""]));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-trust-"));
  await writeTinyDataset(join(folder, "tiny"), 400);
  spec = join(folder, "spec.json");
  const fields = { data: "tiny", initializers: ["he_normal", "zeros"], widths: [4], seeds: 12, epochs: 2 };
  await writeFile(spec, JSON.stringify(fields));
  expect((await run("sweep", spec, "--out", "local", "--quiet", "--jobs", "2")).code).toBe(0);
  local = await runFiles("local");
});
afterAll(() => rm(folder, { recursive: true }));

/** Returns the job that a sweep would queue for a run. */
function jobOf(id: string): Job & Record<string, unknown> {
  const { version, dataset, result, schemaVersion, id: _, ...config } = JSON.parse(local[id] ?? "{}");
  const { initializer, seed } = result;
  const solo = { ...config, initializers: [initializer], seeds: [seed], reference: initializer, target: null };
  return {
    version,
    data: join(folder, "tiny"),
    examples: { train: null, test: null },
    dataset,
    config: { ...solo, engine: "dense" },
    run: { initializer, seed },
  };
}

const opts = JSON.stringify({ attempts: 1, jobId: "x" });

/** Puts a job with the text `data` into a list of the queue. */
async function put(client: Redis, id: string, data: string, list = "wait", fields: Record<string, string> = {}) {
  await client.hset(base + id, { name: "run", data, opts, timestamp: "1", delay: "0", priority: "0", ...fields });
  if (list === "wait" || list === "active") await client.rpush(base + list, id);
  else if (list !== "none") await client.zadd(base + list, 1, id);
}

/** Makes a finished job with a result. */
const done = (client: Redis, id: string, change: (result: RunFile["result"]) => unknown): Promise<void> =>
  put(client, id, JSON.stringify(jobOf(id)), "completed", {
    returnvalue: JSON.stringify(change((JSON.parse(local[id] ?? "{}") as RunFile).result)),
    finishedOn: "1",
  });

const changed = (id: string, change: (job: ReturnType<typeof jobOf>) => object): string =>
  JSON.stringify({ ...jobOf(id), ...change(jobOf(id)) });

/** The hostile writes for the run `id`, by name. */
const poisonings: Readonly<Record<string, (client: Redis, id: string) => Promise<unknown>>> = {
  "a job that is null": (client, id) => put(client, id, "null"),
  "a job that is no JSON": (client, id) => put(client, id, "{oops"),
  "a job of another seed": (client, id) =>
    put(
      client,
      id,
      changed(id, () => ({ run: { initializer: "zeros", seed: 999 } })),
    ),
  "a job of fewer epochs": (client, id) =>
    put(
      client,
      id,
      changed(id, ({ config }) => ({ config: { ...config, epochs: 1 } })),
    ),
  "a job on other data": (client, id) =>
    put(
      client,
      id,
      changed(id, () => ({ dataset: "0".repeat(64) })),
    ),
  "a job of an old version": (client, id) =>
    put(
      client,
      id,
      changed(id, () => ({ version: "0.0.1" })),
    ),
  "a job without fields": (client, id) => put(client, id, "{}"),
  "a job whose config is a list": (client, id) =>
    put(
      client,
      id,
      changed(id, () => ({ config: [] })),
    ),
  "a key of another type": async (client, id) => {
    await client.set(base + id, "nonsense");
    await client.rpush(`${base}wait`, id);
  },
  "options that are no JSON": (client, id) => put(client, id, JSON.stringify(jobOf(id)), "wait", { opts: "{oops" }),
  "a job in no list": (client, id) => put(client, id, JSON.stringify(jobOf(id)), "none"),
  "an id in the list without a job": (client, id) => client.rpush(`${base}wait`, id),
  "a failure of another job": (client, id) => put(client, id, "{}", "failed", { failedReason: "forged" }),
  "a result that is null": (client, id) => done(client, id, () => null),
  "a result that is no JSON": (client, id) =>
    put(client, id, JSON.stringify(jobOf(id)), "completed", { returnvalue: "{oops", finishedOn: "1" }),
  "a result of another run": (client, id) => done(client, id, (result) => ({ ...result, seed: 998 })),
  "an accuracy above 1": (client, id) => done(client, id, (result) => ({ ...result, testAccuracy: 1.5 })),
  "an accuracy that is no share": (client, id) => done(client, id, (result) => ({ ...result, testAccuracy: 0.123 })),
  "too few epochs": (client, id) => done(client, id, (result) => ({ ...result, epochs: result.epochs.slice(1) })),
  "a negative loss": (client, id) =>
    done(client, id, (result) => ({ ...result, epochs: result.epochs.map((epoch) => ({ ...epoch, loss: -1 })) })),
  "a step of divergence that contradicts the epochs": (client, id) =>
    done(client, id, (result) => ({ ...result, diverged: 1 })),
  "a result with more fields": (client, id) => done(client, id, (result) => ({ ...result, note: "x".repeat(9) })),
};

/** Unsolicited data: other jobs, and events about everything. */
async function putNonsense(client: Redis): Promise<void> {
  await put(client, "\u001b[31mred\u001b[0m", "[]");
  await put(client, randomBytes(32).toString("hex"), JSON.stringify({ version: "x".repeat(1000) }));
  const [id = ""] = Object.keys(local);
  for (const data of ["null", "{oops", "[]", '{"epoch":null}', '{"epoch":1,"step":1,"steps":0,"loss":"x"}']) {
    await client.xadd(`${base}events`, "*", "event", "progress", "jobId", id, "data", data);
  }
  for (const event of ["completed", "failed", "", "waiting"]) {
    await client.xadd(`${base}events`, "*", "event", event, "jobId", id, "returnvalue", "null");
  }
  await client.xadd(`${base}events`, "*", "nothing", "at all");
}

const hashOf = (texts: Record<string, string>): string =>
  createHash("sha256").update(JSON.stringify(texts)).digest("hex");

describe.skipIf(!hasRedis("poisoned queues"))("a queue with a hostile writer", () => {
  let redis: RedisServer;
  let client: Redis;
  beforeAll(async () => {
    redis = await RedisServer.start();
    client = new Redis(redis.url);
  });
  afterAll(async () => {
    client.disconnect();
    await redis.dispose();
  });

  it(`gives the same bytes after ${Object.keys(poisonings).length} poisonings, and reports them`, async () => {
    const ids = Object.keys(local);
    expect(ids.length).toBeGreaterThanOrEqual(Object.keys(poisonings).length);
    const poisoned = new Map<string, string>();
    for (const [i, [name, poison]] of Object.entries(poisonings).entries()) {
      const id = ids[i] ?? "";
      await poison(client, id);
      poisoned.set(name, id);
    }
    await putNonsense(client);
    const nonsense = setInterval(() => void putNonsense(client).catch(() => undefined), 200);
    const sweeping = run("sweep", spec, "--out", "queued", "--queue", redis.url);
    const worker = fanin(["worker", "--queue", redis.url, "--concurrency", "2"], {
      cwd: folder,
      started: (kill) => void sweeping.finally(() => kill("SIGTERM")),
    });
    const sweep = await sweeping;
    clearInterval(nonsense);
    expect(sweep.code, sweep.stderr).toBe(0);
    expect(sweep.stderr).not.toContain("bug");
    expect(hashOf(await runFiles("queued"))).toBe(hashOf(local));
    const { code, stderr } = await worker;
    expect(code, stderr).toBe(0);
    expect(stderr).not.toContain("bug");
    // A new sweep silently clears earlier failures and queues missing jobs.
    const silent = ["an id in the list without a job", "a failure of another job"];
    const said = sweep.stderr + stderr;
    const unnamed = [...poisoned].filter(([name, id]) => !silent.includes(name) && !said.includes(id));
    expect(unnamed).toEqual([]);
    expect(said).toContain("\\u001b[31mred");
    expect(said).not.toContain("\u001b[31m");
    for (const name of ["result.json", "report.html"]) {
      expect(await readFile(join(folder, "queued", name), "utf8")).toBe(
        await readFile(join(folder, "local", name), "utf8"),
      );
    }
  });

  it("detects and replaces forged results with --verify-fraction 1", async () => {
    await client.flushall();
    const ids = Object.keys(local).slice(0, 3);
    for (const id of ids)
      await done(client, id, (result) => ({ ...result, testAccuracy: result.testAccuracy > 0.5 ? 0.5 : 0.75 }));
    const words = ["sweep", spec, "--queue", redis.url, "--quiet"];
    const sweeping = run(...words, "--out", "verified", "--verify-fraction", "1");
    const worker = fanin(["worker", "--queue", redis.url, "--quiet"], {
      cwd: folder,
      started: (kill) => void sweeping.finally(() => kill("SIGTERM")),
    });
    const { code, stderr } = await sweeping;
    expect(code).toBe(0);
    for (const id of ids)
      expect(stderr).toContain(`${id}: the result from the queue is not what this machine computes`);
    expect(hashOf(await runFiles("verified"))).toBe(hashOf(local));
    expect((await worker).code).toBe(0);
  });
});
