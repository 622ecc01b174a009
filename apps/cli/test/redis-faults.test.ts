// A Redis with faults: sweep and worker report each fault with exit code 4, never as a bug.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hasRedis, RedisServer } from "./redis-server.ts";
import { fanin } from "./run-fanin.ts";
import { writeTinyDataset } from "./tiny-dataset.ts";

let folder = "";
let spec = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fanin-faults-"));
  await writeTinyDataset(join(folder, "tiny"), 100);
  spec = join(folder, "spec.json");
  const fields = { data: "tiny", initializers: ["zeros"], widths: [4], seeds: 2, epochs: 1 };
  await writeFile(spec, JSON.stringify(fields));
});
afterAll(() => rm(folder, { recursive: true }));

interface Fault {
  readonly options?: readonly string[];
  /** Prepares the running server. */
  readonly prepare?: (client: Redis) => Promise<unknown>;
  /** The parts of the URL after and before the host. */
  readonly path?: string;
  readonly user?: string;
  readonly message: RegExp;
  readonly commands: readonly ("sweep" | "worker")[];
}

const both = ["sweep", "worker"] as const;
const faults: Readonly<Record<string, Fault>> = {
  "a full memory": {
    prepare: (client) => client.config("SET", "maxmemory", "1"),
    message: /it has no memory left \(OOM\)/,
    commands: ["sweep"],
  },
  "a replica": {
    options: ["--replicaof", "127.0.0.1", "1"],
    message: /a replica that takes no writes/,
    commands: both,
  },
  "a user without rights": {
    prepare: (client) =>
      client.acl("SETUSER", "weak", "on", ">pw", "~*", "&*", "+@read", "+info", "+select", "-@write"),
    user: "weak:pw@",
    message: /refuses the user or password of the URL a command that a queue needs \(NOPERM/,
    commands: both,
  },
  "a user without a single right": {
    prepare: (client) => client.acl("SETUSER", "none", "on", ">pw"),
    user: "none:pw@",
    message: /NOPERM/,
    commands: both,
  },
  "an unknown user": {
    user: "nobody:s3cret@",
    message: /refuses the user or password of the URL/,
    commands: both,
  },
  "a nonexistent database": { path: "/99", message: /it has no database of this number/, commands: both },
  "an eviction policy": {
    options: ["--maxmemory-policy", "allkeys-lru"],
    message: /its maxmemory-policy is allkeys-lru/,
    commands: both,
  },
  "an eviction policy of keys that expire": {
    options: ["--maxmemory-policy", "volatile-ttl"],
    message: /its maxmemory-policy is volatile-ttl/,
    commands: both,
  },
  "keys of the queue that hold something else": {
    prepare: (client) => client.set("fanin:runs:completed", "nonsense"),
    message: /its keys of the queue hold something else/,
    commands: ["sweep"],
  },
  "a password that is missing": {
    options: ["--requirepass", "s3cret"],
    message: /refuses the user or password/,
    commands: both,
  },
};

describe.skipIf(!hasRedis("faults of Redis"))("a Redis with faults", () => {
  it.each(Object.keys(faults))("by %s", async (name) => {
    const { options = [], prepare, path = "", user = "", message, commands } = faults[name] as Fault;
    const redis = await RedisServer.start(...options);
    try {
      if (prepare) {
        const client = new Redis(redis.url);
        await prepare(client);
        client.disconnect();
      }
      const url = `redis://${user}127.0.0.1:${redis.port}${path}`;
      for (const command of commands) {
        const words = command === "sweep" ? ["sweep", spec, "--out", join(folder, name)] : ["worker", "--idle", "20"];
        const { code, stderr } = await fanin([...words, "--queue", url, "--quiet"], { cwd: folder });
        expect([command, code], stderr).toEqual([command, 4]);
        expect(stderr).toMatch(message);
        expect(stderr).not.toMatch(/bug|s3cret/);
      }
    } finally {
      await redis.dispose();
    }
  });

  it("accepts the password from a file and from the environment, and shows neither", async () => {
    const redis = await RedisServer.start("--requirepass", "p@ss/w0rd");
    try {
      await writeFile(join(folder, "password"), "p@ss/w0rd\n");
      const url = `redis://127.0.0.1:${redis.port}`;
      const environment = { FANIN_REDIS_URL: url, FANIN_REDIS_PASSWORD: "p@ss/w0rd" };
      const sweeping = fanin(["sweep", spec, "--out", "secret"], { cwd: folder, environment });
      const worker = fanin(["worker", "--queue", url, "--redis-password-file", "password", "--idle", "30"], {
        cwd: folder,
        started: (kill) => void sweeping.finally(() => kill("SIGTERM")),
      });
      const outcomes = await Promise.all([sweeping, worker]);
      expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
      for (const { stdout, stderr } of outcomes) expect(stdout + stderr).not.toContain("w0rd");
    } finally {
      await redis.dispose();
    }
  });
});
