// The commands of a fresh clone: installs, builds, then starts the main job, runs every test, or serves the demo site.
// Needs Node and npm only; pnpm is fetched by npx and nothing becomes global.
// @ts-check

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { newerNode } from "./newer-node.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const environment = {
  ...process.env,
  DO_NOT_TRACK: "1",
  TURBO_TELEMETRY_DISABLED: "1",
  npm_config_update_notifier: "false",
};

/**
 * @param {string} command
 * @param {string[]} parameters
 * @returns {number} the exit code
 */
function run(command, parameters) {
  const { status, error } = spawnSync(command, parameters, {
    cwd: root,
    env: environment,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error) throw error;
  return status ?? 1;
}

/** @param {string[]} parameters */
const pnpm = (...parameters) => run("npx", ["--yes", packageManager, ...parameters]);

/** @param {number} status */
function exitOnFailure(status) {
  if (status !== 0) process.exit(status);
}

function install() {
  exitOnFailure(pnpm("install", "--frozen-lockfile", "--prefer-offline", "--reporter=append-only", "--loglevel=warn"));
}

/** Every workspace folder that has tests. */
function testedFolders() {
  return ["packages", "apps", "bench", "examples", "packaging"]
    .flatMap((folder) => {
      const path = join(root, folder);
      if (!existsSync(path)) return [];
      return folder === "packages" || folder === "apps" ? readdirSync(path).map((name) => join(path, name)) : [path];
    })
    .filter((path) => existsSync(join(path, "vitest.config.ts")));
}

/**
 * What vitest wrote of a package's tests.
 * @typedef {{ fullName: string, status: string, failureMessages: string[] }} TestResult
 * @typedef {{ name: string, status: string, message: string, assertionResults: TestResult[] }} FileResult
 * @typedef {{ numPassedTests: number, numFailedTests: number, testResults: FileResult[] }} Results
 */

/** @param {string} text */
const firstLine = (text) => (text.split("\n", 1)[0] ?? "").slice(0, 300);

/** Adds up what vitest wrote and names what failed; a package without a result file counts as one failure. */
function countResults() {
  let passed = 0;
  /** @type {string[]} */
  const failures = [];
  for (const file of resultFiles()) {
    if (!existsSync(file)) {
      failures.push(`${relative(root, file)}: no test results`);
      continue;
    }
    /** @type {Results} */
    const { numPassedTests, testResults } = JSON.parse(readFileSync(file, "utf8"));
    passed += numPassedTests;
    for (const { name, status, message, assertionResults } of testResults) {
      const place = relative(root, name);
      const failed = assertionResults.filter((test) => test.status === "failed");
      for (const test of failed)
        failures.push(`${place}: ${test.fullName}: ${firstLine(test.failureMessages[0] ?? "")}`);
      // A file can fail before it has a test.
      if (status === "failed" && failed.length === 0) failures.push(`${place}: ${firstLine(message)}`);
    }
  }
  return { passed, failures };
}

/** One for the tests of each folder, and one for its tests of time. */
function resultFiles() {
  return testedFolders().flatMap((folder) => {
    const names = existsSync(join(folder, "timed")) ? ["vitest.json", "vitest-timed.json"] : ["vitest.json"];
    return names.map((name) => join(folder, "test-results", name));
  });
}

function test() {
  install();
  // Fetched before the tests, which run side by side, so that it happens once.
  newerNode();
  for (const folder of testedFolders()) rmSync(join(folder, "test-results"), { recursive: true, force: true });
  const turbo = (/** @type {string[]} */ ...tasks) =>
    pnpm("exec", "turbo", "run", ...tasks, "--continue", "--output-logs=new-only");
  const status = turbo("lint", "check", "test");
  // What is about time runs by itself.
  const timed = turbo("test:timed");
  const { passed, failures } = countResults();
  for (const failure of failures) console.log(`failed: ${failure}`);
  const isFailure = status !== 0 || timed !== 0 || failures.length > 0;
  console.log(`${passed} passed, ${Math.max(failures.length, isFailure ? 1 : 0)} failed`);
  process.exit(isFailure ? 1 : 0);
}

function build() {
  install();
  exitOnFailure(pnpm("exec", "turbo", "run", "build", "--output-logs=errors-only"));
}

function start() {
  build();
  process.exit(
    run(process.execPath, [
      "apps/cli/bin/fanin.mjs",
      ...["compare", "--init", "zeros,random_normal(stddev=1),glorot_normal,he_normal", "--data", "procedural"],
      ...process.argv.slice(3),
    ]),
  );
}

function bench() {
  build();
  process.exit(run(process.execPath, ["bench/bench.mjs", ...process.argv.slice(3)]));
}

/** Builds the demo site and serves it; the address is printed, and Ctrl+C ends it. */
function site() {
  install();
  exitOnFailure(pnpm("exec", "turbo", "run", "build", "--filter=@fanin/site", "--output-logs=errors-only"));
  process.exit(pnpm("--filter", "@fanin/site", "run", "serve", ...process.argv.slice(3)));
}

/** @type {Record<string, () => void>} */
const commands = { bench, site, start, test };
const command = commands[process.argv[2] ?? ""];
if (!command) {
  console.error(`expected one of ${Object.keys(commands).join(", ")}, got ${process.argv[2] ?? "nothing"}`);
  process.exit(2);
}
command();
