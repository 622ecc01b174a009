// `node bench/materialize.mjs`: runs `fanin materialize` at several sizes with one and two jobs; measures memory, work per byte and scaling.
// Each run is a separate process, whose counters the system keeps. The disk alone is measured too, as the limit.
// @ts-check

import { spawnSync } from "node:child_process";
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const MEMORY = 300e6; // maximum bytes of a run
const LINEAR = 1.15; // maximum cost of a byte in the largest run, relative to the smallest
const SPEEDUP = 1.8; // minimum of two jobs over one, except where the disk is the limit
const DISK_SHARE = 0.8; // at this share of the disk's rate, the disk is the limit

export const usage = `node bench/materialize.mjs [options]

  --gigabytes LIST  sizes; defaults to 1,2,6; the files are removed after each run
  --dir DIR         where to write; defaults to the system's folder for temporary files
  --json FILE       also write every figure to FILE
  --help            print this help`;

/**
 * @typedef {object} Row
 * @property {number} bytes of all files
 * @property {number} jobs
 * @property {number} seconds
 * @property {number} cpu seconds of all threads in user mode
 * @property {number} memory peak in bytes
 * @property {string} sha256 of every file, joined
 *
 * @typedef {{ text: string, isReached: boolean }} Verdict
 */

/**
 * The config of a transformer of about this size in float32; a layer has 0.2 GB.
 * @param {number} gigabytes
 */
export function configOf(gigabytes) {
  return {
    model_type: "llama",
    hidden_size: 2048,
    intermediate_size: 5504,
    num_hidden_layers: Math.max(1, Math.round(gigabytes / 0.2024)),
    num_attention_heads: 16,
    vocab_size: 1024,
  };
}

/**
 * Compares all runs with the targets.
 * @param {readonly Row[]} rows
 * @param {number} disk bytes a second
 * @returns {Verdict[]}
 */
export function verdicts(rows, disk) {
  const most = Math.max(...rows.map(({ memory }) => memory));
  /** @type {Verdict[]} */
  const list = [{ text: `${(most / 1e6).toFixed(0)} MB at most, limit ${MEMORY / 1e6}`, isReached: most < MEMORY }];
  for (const jobs of new Set(rows.map((row) => row.jobs))) {
    const own = rows.filter((row) => row.jobs === jobs).sort((a, b) => a.bytes - b.bytes);
    const [small, large] = [own[0], own.at(-1)];
    if (!small || !large || small === large) continue;
    const ratio = large.cpu / large.bytes / (small.cpu / small.bytes);
    const text = `jobs ${jobs}: a byte of the largest run costs ${ratio.toFixed(2)} times that of the smallest, at most ${LINEAR}`;
    list.push({ text, isReached: ratio <= LINEAR });
  }
  for (const one of rows.filter(({ jobs }) => jobs === 1)) {
    const two = rows.find(({ jobs, bytes }) => jobs === 2 && bytes === one.bytes);
    if (!two) continue;
    const ratio = one.seconds / two.seconds;
    const share = two.bytes / two.seconds / disk;
    const isReached = ratio >= SPEEDUP || share >= DISK_SHARE;
    const size = (one.bytes / 1e9).toFixed(1);
    const text = `${size} GB: two jobs are ${ratio.toFixed(2)} times as fast as one, at ${(100 * share).toFixed(0)} % of the disk; at least ${SPEEDUP}, or ${100 * DISK_SHARE} %`;
    list.push({ text, isReached });
    list.push({ text: `${size} GB: the same bytes with one and two jobs`, isReached: one.sha256 === two.sha256 });
  }
  return list;
}

/** @param {string} folder @param {number} gigabytes @param {number} jobs @returns {Row} */
function run(folder, gigabytes, jobs) {
  const config = join(folder, "config.json");
  const out = join(folder, "weights");
  writeFileSync(config, JSON.stringify(configOf(gigabytes)));
  const main = new URL("../apps/cli/dist/main.js", import.meta.url).href;
  const words = ["materialize", config, "--out", out, "--jobs", String(jobs), "--quiet", "--json"];
  const program = `const { main } = await import(${JSON.stringify(main)});
    const start = performance.now();
    process.exitCode = await main(${JSON.stringify(words)});
    const { maxRSS, userCPUTime } = process.resourceUsage();
    console.error(JSON.stringify({ seconds: (performance.now() - start) / 1e3, cpu: userCPUTime / 1e6, memory: maxRSS * 1024 }));`;
  const child = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  if (child.status !== 0) throw new Error(`fanin materialize ended with ${child.status}: ${child.stderr}`);
  const { files } = /** @type {{ files: { bytes: number, sha256: string }[] }} */ (JSON.parse(child.stdout));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const sha256 = files.map((file) => file.sha256).join(" ");
  rmSync(out, { recursive: true });
  return { bytes, jobs, sha256, ...JSON.parse(child.stderr.trim().split("\n").at(-1) ?? "{}") };
}

/**
 * The write rate of the disk in bytes a second, with a flush at the end.
 * @param {string} folder
 * @param {number} gigabytes
 */
function diskRate(folder, gigabytes) {
  const path = join(folder, "plain");
  const chunk = new Uint8Array(4 * 2 ** 20).map((_, i) => (i * 2654435761) >>> 24);
  const count = Math.round((gigabytes * 1e9) / chunk.length);
  const start = performance.now();
  const file = openSync(path, "wx");
  for (let i = 0; i < count; i++) writeSync(file, chunk);
  fsyncSync(file);
  closeSync(file);
  const seconds = (performance.now() - start) / 1e3;
  rmSync(path);
  return (count * chunk.length) / seconds;
}

/** @param {{ sizes: number[], dir: string, json: string | undefined }} options */
function bench({ sizes, dir, json }) {
  const folder = mkdtempSync(join(dir, "fanin-weights-"));
  try {
    const load = loadavg();
    console.log(`Node ${process.versions.node}, ${cpus()[0]?.model}, load ${load.map((x) => x.toFixed(2)).join(" ")}`);
    const disk = diskRate(folder, Math.min(2, ...sizes));
    console.log(`the disk alone: ${(disk / 1e9).toFixed(2)} GB/s`);
    const rows = sizes.flatMap((size) => [1, 2].map((jobs) => run(folder, size, jobs)));
    for (const { bytes, jobs, seconds, cpu, memory } of rows) {
      const rate = `${(bytes / seconds / 1e9).toFixed(2)} GB/s`;
      const work = `${(cpu / (bytes / 1e9)).toFixed(2)} s of CPU a GB`;
      console.log(`${(bytes / 1e9).toFixed(1)} GB  jobs ${jobs}  ${rate}  ${work}  ${(memory / 1e6).toFixed(0)} MB`);
    }
    const results = verdicts(rows, disk);
    for (const { text, isReached } of results) console.log(`${isReached ? "ok   " : "SHORT"} ${text}`);
    if (json === undefined) return;
    const machine = { node: process.version, cpu: cpus()[0]?.model, cores: cpus().length, load, loadAfter: loadavg() };
    writeFileSync(
      json,
      `${JSON.stringify({ date: new Date().toISOString(), machine, disk, rows, results }, null, 2)}\n`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      gigabytes: { type: "string", default: "1,2,6" },
      dir: { type: "string", default: tmpdir() },
      json: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  const sizes = values.gigabytes.split(",").map(Number);
  if (!sizes.every((size) => size > 0 && size < 1000)) {
    throw new RangeError(`--gigabytes: expected sizes such as 1,2,6, got ${JSON.stringify(values.gigabytes)}`);
  }
  return { sizes, dir: values.dir, json: values.json, isHelp: values.help };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const options = readOptions();
  if (options.isHelp) console.log(usage);
  else bench(options);
}
