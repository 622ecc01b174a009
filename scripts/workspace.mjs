// The commands of a fresh clone: installs, builds, then starts the main job, runs every test, or serves the demo site.
// Needs Node and npm only; pnpm is fetched by npx and nothing becomes global.
// @ts-check

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
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

/** Adds up what vitest wrote; a package without a result file counts as one failure. */
function countResults() {
  let passed = 0;
  let failed = 0;
  for (const folder of testedFolders()) {
    const file = join(folder, "test-results/vitest.json");
    if (!existsSync(file)) {
      console.error(`no test results: ${file}`);
      failed++;
      continue;
    }
    const result = JSON.parse(readFileSync(file, "utf8"));
    passed += result.numPassedTests;
    failed += result.numFailedTests + result.numFailedTestSuites - failedByTests(result);
  }
  return { passed, failed };
}

/**
 * Suites that failed because a test of theirs did; the others failed as files, without a test to name.
 * @param {{ testResults: { status: string, assertionResults: { status: string }[] }[], numFailedTestSuites: number }} result
 */
function failedByTests(result) {
  const files = result.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return result.numFailedTestSuites - files.length;
}

function test() {
  install();
  // Fetched before the tests, which run side by side, so that it happens once.
  newerNode();
  for (const folder of testedFolders()) rmSync(join(folder, "test-results"), { recursive: true, force: true });
  const status = pnpm("exec", "turbo", "run", "lint", "check", "test", "--continue", "--output-logs=new-only");
  const { passed, failed } = countResults();
  console.log(`${passed} passed, ${Math.max(failed, status === 0 ? 0 : 1)} failed`);
  process.exit(status !== 0 || failed > 0 ? 1 : 0);
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
