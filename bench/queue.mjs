// Measures the cost of the queue: time per run and memory of the coordinator, with runs that train nothing.
// node bench/queue.mjs [runs]; needs redis-server. Coordinator, worker and Redis are separate processes, as in production.
// @ts-check

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeFileAtomically } from "@fanin/formats/node";
import { proceduralDataset } from "@fanin/lab/data";
import { queueAddress, runRecordText, sweepPlan, sweepSpec, trainOnQueue } from "@fanin/sweep";
import { Worker } from "bullmq";
import { Redis } from "ioredis";

const MAX_MILLISECONDS = 5;
const MAX_MEGABYTES = 200;
const self = fileURLToPath(import.meta.url);

/**
 * The result that a worker returns immediately, of the size of a real one.
 * @param {{ data: { run: { initializer: string, seed: number } } }} job
 */
async function result({ data: { run } }) {
  const histogram = { low: -1, high: 1, counts: Array.from({ length: 48 }, (_, i) => 100 + i) };
  const epoch = {
    loss: 1.2345678901234567,
    accuracy: 0.5,
    validationLoss: 1.2345678901234567,
    validationAccuracy: 0.5,
  };
  return {
    ...run,
    epochs: Array.from({ length: 5 }, () => epoch),
    testLoss: 1.2345678901234567,
    testAccuracy: 0.5,
    diverged: null,
    weights: ["dense_1", "dense_2", "dense_3"].map((layer) => ({ layer, before: histogram, after: histogram })),
    sha256: "0".repeat(64),
  };
}

/** @param {string} url */
function work(url) {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  new Worker("runs", result, { connection, prefix: "fanin", concurrency: 4 });
}

/** Peak of resident memory in bytes. */
const peak = () => process.resourceUsage().maxRSS * 1024;

/**
 * @param {string} url
 * @param {number} count
 * @param {string} folder
 */
async function coordinate(url, count, folder) {
  const dataset = proceduralDataset({ train: 100, test: 10 });
  const spec = sweepSpec({
    initializers: ["he_normal", "zeros"],
    depths: [2],
    widths: [8],
    seeds: Math.ceil(count / 2),
  });
  const plan = await sweepPlan(spec, dataset);
  const before = peak();
  const [start, busy] = [performance.now(), process.cpuUsage()];
  let finished = 0;
  await trainOnQueue(queueAddress(url), plan, plan.runs, new AbortController().signal, {
    progress: () => undefined,
    warning: (text) => console.error(text),
    async finished(run, outcome) {
      finished++;
      const text = runRecordText(run, plan.version, plan.dataset.sha256, outcome);
      await writeFileAtomically(join(folder, `${run.id}.json`), new TextEncoder().encode(text), { force: true });
    },
  });
  const milliseconds = (performance.now() - start) / plan.runs.length;
  const { user, system } = process.cpuUsage(busy);
  // CPU time of the coordinator: other load on the machine affects it less than the wall clock.
  const coordinatorMilliseconds = (user + system) / 1000 / plan.runs.length;
  if (finished !== plan.runs.length) throw new Error(`expected ${plan.runs.length} results, got ${finished}`);
  const megabytes = { before: before / 1e6, peak: peak() / 1e6, queue: (peak() - before) / 1e6 };
  console.log(JSON.stringify({ runs: plan.runs.length, milliseconds, coordinatorMilliseconds, megabytes }));
  const isWithin = milliseconds < MAX_MILLISECONDS && megabytes.peak < MAX_MEGABYTES;
  process.exit(isWithin ? 0 : 1);
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}

/** @param {number} count */
async function measure(count) {
  const folder = mkdtempSync(join(tmpdir(), "fanin-queue-"));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--appendonly", "yes", "--save", ""];
  const redis = spawn("redis-server", options, { stdio: "ignore" });
  const client = new Redis(url, { maxRetriesPerRequest: null });
  client.on("error", () => undefined);
  await client.ping();
  client.disconnect();
  const worker = spawn(process.execPath, [self, "--worker", url], { stdio: "inherit" });
  const { status } = spawnSync(process.execPath, [self, "--coordinator", url, String(count), folder], {
    stdio: "inherit",
  });
  for (const child of [worker, redis]) {
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGKILL");
    await ended;
  }
  rmSync(folder, { recursive: true });
  process.exit(status ?? 1);
}

const [first = "10000", url = "", count = "0", folder = ""] = process.argv.slice(2);
if (first === "--worker") work(url);
else if (first === "--coordinator") await coordinate(url, Number(count), folder);
else await measure(Number(first));
