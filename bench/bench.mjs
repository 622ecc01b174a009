// `npm run bench`: runs every suite and prints ratios of Fanin to its peers in one process; `--help` lists the options.
// Results are compared before anything is measured: a peer with another result ends the run.
// @ts-check

import { spawnSync } from "node:child_process";
import { renameSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { formatTable, runCase } from "./compare.mjs";
import { readOptions, usage } from "./options.mjs";
import { suites } from "./suites.mjs";

const names = suites.map(({ name }) => name);

/** @param {unknown} error @returns {never} */
function refuse(error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  process.exit(2);
}

/**
 * Runs the same command, without `--node`, on another Node.
 * @param {string} version
 * @returns {never}
 */
function runUnder(version) {
  const args = process.argv.slice(2).filter((arg) => !arg.startsWith("--node="));
  const at = args.indexOf("--node");
  if (at >= 0) args.splice(at, 2);
  const command = ["--yes", `node@${version}`, fileURLToPath(import.meta.url), ...args];
  const { status, error } = spawnSync("npx", command, { stdio: "inherit", shell: process.platform === "win32" });
  if (error) throw error;
  process.exit(status ?? 1);
}

/** @param {ReturnType<typeof readOptions>} options */
async function bench({ only, json, measure }) {
  // Written first, so that a missing folder fails now and not at the end.
  if (json !== undefined) writeFileSync(`${json}.partial`, "");
  const date = new Date().toISOString();
  const machine = {
    node: process.version,
    v8: process.versions.v8,
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    memory: totalmem(),
    load: loadavg(),
  };
  console.log(`Node ${process.versions.node}, ${machine.cpu}, load ${machine.load.map((x) => x.toFixed(2)).join(" ")}`);
  console.log(
    "Nx: Fanin does N times as much work in the same time as the peer of that column; spread: of Fanin's turns",
  );
  const results = [];
  for (const { name, title, rate, cases } of suites.filter((suite) => only.includes(suite.name))) {
    const rows = [];
    for (const test of cases()) {
      console.error(`${name}: ${test.name}`);
      rows.push(await runCase(test, measure));
    }
    results.push({ name, title, cases: rows });
    console.log(`\n${title}\n${formatTable(rows, rate)}`);
  }
  if (json === undefined) return;
  const loadAfter = loadavg();
  writeFileSync(`${json}.partial`, `${JSON.stringify({ date, machine, loadAfter, measure, results }, null, 2)}\n`);
  renameSync(`${json}.partial`, json);
  console.error(`written to ${json}`);
}

/** @type {ReturnType<typeof readOptions>} */
let options;
try {
  options = readOptions(process.argv.slice(2), names);
} catch (error) {
  refuse(error);
}
if (options.isHelp) console.log(usage);
else if (options.isList) console.log(names.join("\n"));
else if (options.node !== undefined) runUnder(options.node);
else await bench(options);
