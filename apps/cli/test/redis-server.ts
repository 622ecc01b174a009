// Starts a separate Redis: a free port, its own folder, an append-only file. Tests are skipped with a message if Redis is missing.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whether redis-server is installed; if not, prints the skipped tests on stderr. */
export function hasRedis(what: string): boolean {
  const found = spawnSync("redis-server", ["--version"], { stdio: "ignore" }).status === 0;
  if (!found) {
    process.stderr.write(`skipped: ${what}: there is no redis-server (Debian's package redis-server has it)\n`);
  }
  return found;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

/** A server that can be restarted on the same port, with the same data. */
export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  readonly #options: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string, options: readonly string[]) {
    this.port = port;
    this.#folder = folder;
    this.#options = options;
  }

  static async start(...options: readonly string[]): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), await mkdtemp(join(tmpdir(), "fanin-redis-")), options);
    await server.begin();
    return server;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async begin(): Promise<void> {
    const fixed = ["--bind", "127.0.0.1", "--port", String(this.port), "--dir", this.#folder];
    const kept = ["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""];
    this.#process = spawn("redis-server", [...fixed, ...kept, ...this.#options], { stdio: "ignore" });
    for (let tries = 0; !(await answers(this.port)); tries++) {
      if (tries > 200) throw new Error(`redis-server does not answer on port ${this.port}`);
      await new Promise((done) => setTimeout(done, 25));
    }
  }

  /** Ends the process, by default like a crash. */
  async end(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    const running = this.#process;
    if (!running || running.exitCode !== null) return;
    const ended = new Promise((done) => running.once("exit", done));
    running.kill(signal);
    await ended;
  }

  async dispose(): Promise<void> {
    await this.end();
    await rm(this.#folder, { recursive: true });
  }
}
