// Fetches data sets from good and bad mirrors on 127.0.0.1, and runs `fanin data` from the command line.
// One file: all tests share the mirror servers.

import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { homedir, hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { fetchDataset, lookAtDataset } from "../src/commands/data/fetch-dataset.ts";
import { cachedDataset, cacheFolder } from "../src/datasets/dataset-cache.ts";
import { loadDataset } from "../src/datasets/load-dataset.ts";
import { type PublishedDataset, publishedDatasets } from "../src/datasets/published-datasets.ts";
import {
  answering,
  type Behaviour,
  dripping,
  hangingAfter,
  hangingUp,
  lying,
  type Mirror,
  startMirror,
  truncatedAfter,
  wellBehaved,
  withoutRanges,
} from "./mirror-server.ts";
import { fanin } from "./run-fanin.ts";

const content = Buffer.from(Uint8Array.from({ length: 100_000 }, (_, i) => (i * i) >> 3));
const dataset: PublishedDataset = {
  name: "squares",
  description: "",
  licence: "",
  homepage: "",
  files: [{ name: "a.gz", bytes: content.length, sha256: createHash("sha256").update(content).digest("hex") }],
  mirrors: [],
};

let base = "";
let folder = "";
const open: Mirror[] = [];
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), "fanin-data-"));
});
afterEach(async () => {
  for (const mirror of open.splice(0)) await mirror.close();
});
afterAll(() => rm(base, { recursive: true }));

async function mirrorsOf(...behaviours: Behaviour[]): Promise<Mirror[]> {
  folder = join(await mkdtemp(join(base, "cache-")), "squares");
  for (const behave of behaviours) open.push(await startMirror(content, behave));
  return open;
}

/** Waits until a file has a given size. */
async function hasCome(path: string, bytes = 1): Promise<void> {
  const size = async (): Promise<number> => (await stat(path).catch(() => undefined))?.size ?? 0;
  await expect.poll(size).toBeGreaterThanOrEqual(bytes);
}

function fetchFrom(
  mirrors: readonly Mirror[],
  { timeout = 20_000, maxTime = 100_000, signal = new AbortController().signal } = {},
) {
  return fetchDataset(
    dataset,
    folder,
    mirrors.map(({ url }) => url),
    { timeout, maxTime, signal },
  );
}

/** Expects the correct file, and no other files. */
async function expectFetched(): Promise<void> {
  expect(await readdir(folder)).toEqual(["a.gz"]);
  expect((await readFile(join(folder, "a.gz"))).equals(content)).toBe(true);
  expect(await lookAtDataset(dataset, folder, true)).toMatchObject([{ state: "ok" }]);
}

describe("fetchDataset", () => {
  it("fetches missing files, and requests nothing if they exist", async () => {
    const mirrors = await mirrorsOf(wellBehaved);
    expect(await fetchFrom(mirrors)).toMatchObject([{ state: "ok", mirror: mirrors[0]?.url }]);
    await expectFetched();
    expect(await fetchFrom(mirrors)).not.toHaveProperty([0, "mirror"]);
    expect(mirrors[0]?.ranges).toEqual(["none"]);
  });

  it("resumes by range after a truncated answer, on the same mirror", async () => {
    const mirrors = await mirrorsOf(truncatedAfter(40_000, (bytes) => hasCome(join(folder, "a.gz.part"), bytes)));
    await fetchFrom(mirrors);
    await expectFetched();
    expect(mirrors[0]?.ranges).toEqual(["none", "bytes=40000-", "bytes=80000-"]);
  });

  it("resumes an earlier attempt by range", async () => {
    const mirrors = await mirrorsOf(wellBehaved);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "a.gz.part"), content.subarray(0, 12_345));
    await fetchFrom(mirrors);
    await expectFetched();
    expect(mirrors[0]?.ranges).toEqual(["bytes=12345-"]);
  });

  it("restarts if a mirror does not support ranges", async () => {
    const mirrors = await mirrorsOf(withoutRanges);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "a.gz.part"), Buffer.alloc(500));
    await fetchFrom(mirrors);
    await expectFetched();
  });

  it.each([
    ["has other bytes", Buffer.alloc(500, 9)],
    ["is too long", Buffer.alloc(200_000)],
    ["is long enough, and wrong", Buffer.alloc(100_000)],
  ])("restarts if the partial file %s", async (_, left) => {
    const mirrors = await mirrorsOf(wellBehaved);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "a.gz.part"), left);
    await fetchFrom(mirrors);
    await expectFetched();
  });

  it.each([
    ["has no such file", answering(404)],
    ["is out of order", answering(503)],
    ["sends other content", lying],
    ["sends nothing", hangingAfter(0)],
    ["sends some and then nothing", hangingAfter(3000)],
    ["redirects to another host", answering(302, { location: "http://localhost:1/a.gz" })],
    ["redirects for ever", answering(302, { location: "/a.gz" })],
    ["sends too much", ((response, bytes) => response.end(Buffer.concat([bytes, bytes]))) satisfies Behaviour],
    ["sends too little, and says it is all", ((response) => response.end(Buffer.alloc(10))) satisfies Behaviour],
    [
      "sends another range than asked for",
      ((response, bytes) =>
        response
          .writeHead(206, { "content-range": `bytes 5-${bytes.length - 1}/${bytes.length}` })
          .end(bytes.subarray(5))) satisfies Behaviour,
    ],
    [
      "sends another encoding",
      ((response, bytes) => response.writeHead(200, { "content-encoding": "gzip" }).end(bytes)) satisfies Behaviour,
    ],
  ])("uses the second mirror if the first %s", async (_, behave) => {
    const mirrors = await mirrorsOf(behave, wellBehaved);
    expect(await fetchFrom(mirrors, { timeout: 4000 })).toMatchObject([{ mirror: mirrors[1]?.url }]);
    await expectFetched();
  });

  it("follows a redirect within the host", async () => {
    const mirrors = await mirrorsOf((response, bytes, offset, request) => {
      if (request.url === "/elsewhere/a.gz") wellBehaved(response, bytes, offset, request);
      else response.writeHead(301, { location: "/elsewhere/a.gz" }).end();
    });
    await fetchFrom(mirrors);
    await expectFetched();
  });

  it("reports the failure of every mirror, and leaves no wrong file", async () => {
    const mirrors = await mirrorsOf(answering(404), lying, hangingAfter(0));
    const error = await fetchFrom(mirrors, { timeout: 2000 }).catch((reason: unknown) => reason as Error);
    const { message } = error as Error;
    expect(message).toContain(`${mirrors[0]?.url}a.gz: it answers 404 Not Found`);
    expect(message).toContain(`${mirrors[1]?.url}a.gz: it sends other content: expected the sha256`);
    expect(message).toContain(`${mirrors[2]?.url}a.gz: no data for 2 s`);
    expect(await readdir(folder)).toEqual([]);
  });

  it("retries a connection that is lost before its first byte, a limited number of times", async () => {
    const mirrors = await mirrorsOf(hangingUp(2));
    await fetchFrom(mirrors);
    await expectFetched();
    expect(mirrors[0]?.ranges).toHaveLength(3);
    const broken = await mirrorsOf(hangingUp(1e9));
    await expect(fetchFrom(broken.slice(-1))).rejects.toThrow("no mirror provided it");
    expect(broken.at(-1)?.ranges).toHaveLength(4);
  });

  it("gives up on a very slow server", async () => {
    const mirrors = await mirrorsOf(dripping);
    await expect(fetchFrom(mirrors, { timeout: 1000 })).rejects.toThrow("it sends less than 1024 bytes a second");
  });

  it("gives up on a file that takes too long, and keeps the received bytes", async () => {
    const mirrors = await mirrorsOf(dripping);
    await expect(fetchFrom(mirrors, { maxTime: 1000 })).rejects.toThrow("a.gz: it took more than 1 s");
    expect(await readdir(folder)).toEqual(["a.gz.part"]);
  });

  it("keeps the received bytes when interrupted", async () => {
    const mirrors = await mirrorsOf(hangingAfter(3000));
    const controller = new AbortController();
    const fetching = fetchFrom(mirrors, { signal: controller.signal });
    const interrupted = expect(fetching).rejects.toThrow(/abort/i);
    await hasCome(join(folder, "a.gz.part"));
    controller.abort();
    await interrupted;
    expect(await readdir(folder)).toEqual(["a.gz.part"]);
    await fetchFrom(await Promise.resolve([await startedMirror(wellBehaved)]));
    await expectFetched();
  });

  it("lets one process at a time write, and takes over from one that has ended", async () => {
    const mirrors = await mirrorsOf(wellBehaved);
    await mkdir(folder, { recursive: true });
    const heldBy = (pid: number) => writeFile(join(folder, "lock"), JSON.stringify({ pid, host: hostname() }));
    await heldBy(process.ppid);
    await expect(fetchFrom(mirrors)).rejects.toThrow(`process ${process.ppid} on ${hostname()} uses this folder`);
    await heldBy(999999999);
    await fetchFrom(mirrors);
    await expectFetched();
  });
});

async function startedMirror(behave: Behaviour): Promise<Mirror> {
  const mirror = await startMirror(content, behave);
  open.push(mirror);
  return mirror;
}

describe("cacheFolder", () => {
  it.each([
    [{ FANIN_CACHE: "/own", XDG_CACHE_HOME: "/xdg" }, "/own"],
    [{ XDG_CACHE_HOME: "/xdg" }, "/xdg/fanin"],
    [{ XDG_CACHE_HOME: "relative" }, join(homedir(), ".cache/fanin")],
    [{}, join(homedir(), ".cache/fanin")],
  ])("of %j is %s", (environment, path) => {
    expect(cacheFolder(environment)).toBe(path);
  });
});

describe("fanin data", () => {
  const { files = [] } = publishedDatasets["fashion-mnist"] ?? {};

  async function cacheWithSizes(): Promise<string> {
    const cache = await mkdtemp(join(base, "sizes-"));
    await mkdir(join(cache, "fashion-mnist"));
    for (const { name, bytes } of files) {
      await writeFile(join(cache, "fashion-mnist", name), "");
      await truncate(join(cache, "fashion-mnist", name), bytes);
    }
    return cache;
  }

  it("has the four files of Fashion-MNIST", () => {
    expect(files.map(({ bytes }) => bytes)).toEqual([26_421_880, 29_515, 4_422_102, 5_148]);
    for (const { sha256 } of files) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it("prints the source of a data set and the state of its files", async () => {
    const env = { FANIN_CACHE: await mkdtemp(join(base, "empty-")) };
    const { code, stdout } = await fanin(["data", "info", "fashion-mnist"], { environment: env });
    expect(code).toBe(0);
    expect(stdout).toContain("MIT, Zalando SE");
    expect(stdout).toMatch(/mirror https:[\s\S]*mirror https:[\s\S]*mirror http:/);
    expect(stdout).toMatch(/train-images-idx3-ubyte\.gz +26421880 +missing +3aede38d/);
    expect(stdout).toContain(join(env.FANIN_CACHE, "fashion-mnist"));
  });

  it("verifies by hash, and exits with 1 for missing or wrong files", async () => {
    const missing = await fanin(["data", "verify", "fashion-mnist"], {
      environment: { FANIN_CACHE: join(base, "none") },
    });
    expect([missing.code, missing.stdout.match(/missing/g)?.length]).toEqual([1, 4]);
    expect(missing.stderr).toContain("fanin data fetch fashion-mnist");
    const wrong = await fanin(["data", "verify", "fashion-mnist"], {
      environment: { FANIN_CACHE: await cacheWithSizes() },
    });
    expect([wrong.code, wrong.stdout.match(/wrong/g)?.length]).toEqual([1, 4]);
  });

  it("exits with 4 if no mirror provides the files", async () => {
    const env = { FANIN_CACHE: await mkdtemp(join(base, "failing-")) };
    for (const [behave, message] of [
      [answering(404), "it answers 404"],
      [lying, "it sends other content"],
      [hangingAfter(10), "no data for 2 s"],
    ] as const) {
      const { url } = await startedMirror(behave);
      const words = ["data", "fetch", "fashion-mnist", "--mirror", url, "--timeout", "2"];
      const { code, stdout, stderr } = await fanin(words, { environment: env });
      expect(stderr).toContain("train-images-idx3-ubyte.gz: no mirror provided it");
      if (behave !== lying) expect(stderr).toContain(message);
      expect(stdout).toBe("");
      expect(code).toBe(4);
    }
  });

  it("finds a cache if HOME is missing, empty or relative", () => {
    const expected = join(homedir(), ".cache", "fanin");
    for (const HOME of [undefined, "", "relative"]) expect(cacheFolder({ HOME })).toBe(expected);
    expect(cacheFolder({ HOME: "/home/of/someone" })).toBe("/home/of/someone/.cache/fanin");
  });

  it("exits with 130 when interrupted, and prints the command to resume", async () => {
    const env = { FANIN_CACHE: await mkdtemp(join(base, "stopped-")) };
    const { url } = await startedMirror(hangingAfter(3000));
    const { code, stderr } = await fanin(["data", "fetch", "fashion-mnist", "--mirror", url], {
      environment: env,
      started: async (kill) => {
        await hasCome(join(env.FANIN_CACHE, "fashion-mnist/train-images-idx3-ubyte.gz.part"));
        kill("SIGINT");
      },
    });
    expect(stderr).toContain("interrupted; the received bytes are kept. Resume with: fanin data fetch fashion-mnist");
    expect(code).toBe(130);
    expect(await readdir(join(env.FANIN_CACHE, "fashion-mnist"))).toEqual(["train-images-idx3-ubyte.gz.part"]);
  });

  it.each([
    [["data", "fecth", "fashion-mnist"], 'did you mean "fetch"?'],
    [["data", "fetch", "fashion-mnits"], 'did you mean "fashion-mnist"?'],
    [["data", "fetch"], "expected <NAME>"],
    [["data", "info", "fashion-mnist", "--mirror", "ftp://x/"], "--mirror: expected an http or https address"],
    [["data", "info", "fashion-mnist", "--timeout", "0"], "--timeout: expected seconds above 0"],
  ])("refuses %j with exit code 2", async (words, message) => {
    const { code, stderr } = await fanin(words);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });

  it("names the command to fetch a data set that is not in the cache", async () => {
    const environment = { FANIN_CACHE: join(base, "nowhere") };
    await expect(cachedDataset("fashion-mnist", environment)).rejects.toThrow("fanin data fetch fashion-mnist");
    const FANIN_CACHE = await cacheWithSizes();
    expect(await cachedDataset("fashion-mnist", { FANIN_CACHE })).toBe(join(FANIN_CACHE, "fashion-mnist"));
    await truncate(join(FANIN_CACHE, "fashion-mnist", "t10k-labels-idx1-ubyte.gz"), 5);
    await expect(cachedDataset("fashion-mnist", { FANIN_CACHE })).rejects.toThrow("does not have 5148 bytes");
    await expect(cachedDataset("mnist", environment)).rejects.toThrow(RangeError);
  });

  it("loads the data set of that name from the cache", async () => {
    const before = process.env["FANIN_CACHE"];
    process.env["FANIN_CACHE"] = join(base, "nowhere");
    try {
      await expect(loadDataset("fashion-mnist")).rejects.toThrow("fanin data fetch fashion-mnist");
    } finally {
      if (before === undefined) delete process.env["FANIN_CACHE"];
      else process.env["FANIN_CACHE"] = before;
    }
  });
});
