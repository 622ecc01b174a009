// `fanin sweep --queue` and `fanin worker` with a separate Redis: workers killed, Redis and the coordinator restarted.

import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRedis, RedisServer } from "./redis-server.ts";
import { fanin } from "./run-fanin.ts";
import { writeTinyDataset } from "./tiny-dataset.ts";

const bin = fileURLToPath(new URL("../bin/fanin.mjs", import.meta.url));
const wait = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-queue-"));
  await writeTinyDataset(join(folder, "tiny"), 400);
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...words: string[]) => fanin(words, { cwd: folder });

/** Runs the command, and sends SIGINT once `done` resolves. */
const runUntil = (done: Promise<unknown>, ...words: string[]) =>
  fanin(words, { cwd: folder, started: (kill) => void done.finally(() => kill("SIGINT")) });

async function writeSpec(name: string, fields: object): Promise<string> {
  const path = join(folder, `${name}.json`);
  await writeFile(path, JSON.stringify({ data: "tiny", initializers: ["he_normal", "zeros"], epochs: 1, ...fields }));
  return path;
}

async function results(out: string): Promise<Record<string, string>> {
  const names = (await readdir(join(folder, out, "runs"))).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, out, "runs", name), "utf8")));
  return Object.fromEntries(names.map((name, i) => [name, texts[i] ?? ""]));
}

/** Four workers, each restarted when it ends. */
class Crew {
  readonly #url: string;
  readonly #members: ReturnType<typeof spawn>[] = [];
  #isOver = false;
  killed = 0;

  constructor(url: string, size: number) {
    this.#url = url;
    for (let i = 0; i < size; i++) this.#start(i);
  }

  #start(i: number): void {
    const words = [bin, "worker", "--queue", this.#url, "--concurrency", "1", "--quiet"];
    const member = spawn(process.execPath, words, { cwd: folder, stdio: "ignore" });
    this.#members[i] = member;
    member.on("exit", () => {
      if (!this.#isOver) this.#start(i);
    });
  }

  kill(i: number): void {
    this.killed++;
    this.#members[i % this.#members.length]?.kill("SIGKILL");
  }

  async end(): Promise<void> {
    this.#isOver = true;
    const ended = this.#members.map((member) => new Promise((done) => member.once("exit", done)));
    for (const member of this.#members) member.kill("SIGKILL");
    await Promise.all(ended);
  }
}

describe.skipIf(!hasRedis("sweeps on a queue"))("a sweep on a queue", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await RedisServer.start();
  });
  afterAll(() => redis.dispose());

  it("of 200 runs survives the loss of workers, Redis and coordinator, and gives the bytes of a local sweep", async () => {
    const spec = await writeSpec("many", { depths: [2, 4], widths: [16, 32], seeds: 25, epochs: 8, batch: 8 });
    expect((await run("sweep", spec, "--out", "local", "--quiet", "--jobs", "2")).code).toBe(0);
    const crew = new Crew(redis.url, 4);
    // Triggered by results, not by seconds, so that slow machines behave alike.
    const losses = [10, 30, 60, 90, 120, 150, 180];
    const [coordinatorIsLost, redisIsLost] = [45, 100];
    const isPast = (stderr: string, count: number): boolean =>
      [...stderr.matchAll(/^\[(\d+)\/200\]/gm)].some((match) => Number(match[1]) >= count);
    let restart: Promise<void> | undefined;
    const watch = (stderr: string): void => {
      while (isPast(stderr, losses[0] ?? Number.POSITIVE_INFINITY)) crew.kill(losses.shift() ?? 0);
      if (isPast(stderr, redisIsLost)) restart ??= redis.end().then(() => redis.begin());
    };
    try {
      const words = ["sweep", spec, "--out", "queued", "--queue", redis.url];
      const first = await fanin(words, {
        cwd: folder,
        watch: (stderr, kill) => {
          watch(stderr);
          if (isPast(stderr, coordinatorIsLost)) kill("SIGKILL");
        },
      });
      expect(first.code).toBe(null);
      const second = await fanin(words, { cwd: folder, watch });
      expect([second.code, second.stderr.match(/^fanin: (?!redis:).*/gm)]).toEqual([0, null]);
      expect(second.stderr).toContain("the connection is back");
      const counted = [...second.stderr.matchAll(/^\[(\d+)\/200\]/gm)].map((match) => Number(match[1]));
      expect(counted.at(-1)).toBe(200);
      expect(new Set(counted).size).toBe(counted.length);
    } finally {
      await restart;
      await crew.end();
    }
    expect(crew.killed).toBe(7);
    const [queued, expected] = [await results("queued"), await results("local")];
    expect(Object.keys(queued).length).toBe(200);
    expect(queued).toEqual(expected);
    for (const name of ["result.json", "report.html"]) {
      expect(await readFile(join(folder, "queued", name), "utf8")).toBe(
        await readFile(join(folder, "local", name), "utf8"),
      );
    }
  }, 120_000);

  it("leaves nothing in Redis, and queues each run once", async () => {
    const spec = await writeSpec("few", { widths: [4], seeds: 2 });
    const sweeping = Promise.all(
      ["one", "two"].map((out) => run("sweep", spec, "--out", out, "--queue", redis.url, "--quiet")),
    );
    const worker = await runUntil(sweeping, "worker", "--queue", redis.url, "--json", "--quiet");
    const sweeps = await sweeping;
    expect(sweeps.map(({ code }) => code)).toEqual([0, 0]);
    expect(await results("one")).toEqual(await results("two"));
    expect((JSON.parse(worker.stdout) as { finished: number }).finished).toBeLessThanOrEqual(8);
    const client = new Redis(redis.url);
    const queue = new Queue("runs", { connection: client, prefix: "fanin" });
    expect(await queue.getJobCounts("waiting", "active", "failed", "delayed")).toEqual({
      waiting: 0,
      active: 0,
      failed: 0,
      delayed: 0,
    });
    client.disconnect();
  });

  it("has jobs of another version rejected by a worker, which reports them and continues", async () => {
    const client = new Redis(redis.url, { maxRetriesPerRequest: null });
    const queue = new Queue("runs", { connection: client, prefix: "fanin" });
    await queue.add("run", { version: "9.9.9", run: { initializer: "zeros", seed: 0 } }, { jobId: "f".repeat(64) });
    const spec = await writeSpec("mixed", { widths: [4], seeds: 1 });
    const sweeping = run("sweep", spec, "--out", "mixed", "--queue", redis.url, "--quiet");
    const worker = await runUntil(sweeping, "worker", "--queue", redis.url, "--concurrency", "1");
    expect([(await sweeping).code, worker.code]).toEqual([0, 0]);
    expect(worker.stderr).toMatch(
      /job f{64} and others like it are left for a worker of that version: it is of fanin 9\.9\.9, and this is \d/,
    );
    expect(worker.stdout).toBe("2 runs finished\n");
    expect(await queue.getJobState("f".repeat(64))).toBe("delayed");
    await queue.obliterate({ force: true });
    client.disconnect();
  });

  it("fails with the reason if no worker has the data", async () => {
    const spec = await writeSpec("lost", { data: "gone", initializers: ["zeros"], widths: [4], seeds: 1 });
    await writeTinyDataset(join(folder, "gone"), 40);
    const coordinator = fanin(["sweep", spec, "--out", "lost", "--queue", redis.url, "--quiet"], { cwd: folder });
    const client = new Redis(redis.url);
    const queue = new Queue("runs", { connection: client, prefix: "fanin" });
    while ((await queue.getWaitingCount()) === 0) await wait(50);
    client.disconnect();
    await rm(join(folder, "gone"), { recursive: true });
    const worker = runUntil(coordinator, "worker", "--queue", redis.url, "--quiet");
    const { code, stderr } = await coordinator;
    expect(code).toBe(4);
    expect(stderr).toMatch(/1 of 1 runs failed, [0-9a-f]{64} first: .*ENOENT.*gone.*Run again to retry/);
    expect((await worker).code).toBe(0);
    expect(await readdir(join(folder, "lost", "runs"))).toEqual([]);
  });

  it("reports a wrong password, and accepts the right one from the URL without showing it", async () => {
    const locked = await RedisServer.start("--requirepass", "s3cret");
    try {
      const url = (password: string): string => `redis://:${password}@127.0.0.1:${locked.port}`;
      const spec = await writeSpec("locked", { widths: [4], seeds: 1 });
      const wrong = await Promise.all([
        run("worker", "--queue", url("wr0ng")),
        run("sweep", spec, "--out", "locked", "--queue", url("wr0ng")),
        run("worker", "--queue", locked.url),
      ]);
      expect(wrong.map(({ code }) => code)).toEqual([4, 4, 4]);
      for (const { stderr } of wrong) expect(stderr).toContain("it refuses the user or password of the URL");
      for (const { stderr } of wrong) expect(stderr).not.toContain("wr0ng");
      const sweeping = run("sweep", spec, "--out", "locked", "--queue", url("s3cret"));
      const worker = await runUntil(sweeping, "worker", "--queue", url("s3cret"), "--json");
      const sweep = await sweeping;
      expect([worker.code, sweep.code]).toEqual([0, 0]);
      expect(worker.stdout + worker.stderr + sweep.stdout + sweep.stderr).not.toContain("s3cret");
      expect(await readFile(join(folder, "locked", "report.html"), "utf8")).not.toContain("s3cret");
    } finally {
      await locked.dispose();
    }
  });
});

describe("an unreachable queue", () => {
  it("is reported with its address and exit code 4", async () => {
    const spec = await writeSpec("nowhere", { widths: [4], seeds: 1 });
    for (const words of [["worker"], ["sweep", spec, "--out", "nowhere"]]) {
      const { code, stderr } = await run(...words, "--queue", "redis://user:hidden@127.0.0.1:1");
      expect([code, stderr]).toEqual([4, "fanin: --queue: redis://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1\n"]);
    }
    expect(await readdir(join(folder, "nowhere", "runs"))).toEqual([]);
  });

  it("is reported if another server answers", async () => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.end("HTTP/1.1 400 Bad Request\r\n\r\n");
    });
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const address = server.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const { code, stderr } = await run("worker", "--queue", `redis://127.0.0.1:${port}`);
    server.close();
    expect(code).toBe(4);
    expect(stderr).toContain(`redis://127.0.0.1:${port}: what answers there is not Redis`);
  });
});
