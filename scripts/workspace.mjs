// The npm scripts of the root: each installs, builds, and then runs the demonstration, the tests, the benchmarks, the packing or the demo site.
// Needs only Node and npm; npx fetches pnpm, and nothing is installed globally.
// @ts-check

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { newerNode } from "./newer-node.mjs";
import { publishedPackages, tarballName, withDependencies } from "./published-packages.mjs";
import { runStage } from "./run-stage.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const { packageManager } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
/** @type {NodeJS.ProcessEnv} */
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

const installOptions = ["--frozen-lockfile", "--prefer-offline"];

function install() {
  exitOnFailure(pnpm("install", ...installOptions, "--reporter=append-only", "--loglevel=warn"));
}

/** The workspace folders that have tests. */
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
 * The result file of vitest.
 * @typedef {{ fullName: string, status: string, failureMessages: string[] }} TestResult
 * @typedef {{ name: string, status: string, message: string, assertionResults: TestResult[] }} FileResult
 * @typedef {{ numPassedTests: number, numPendingTests: number, testResults: FileResult[] }} Results
 */

/** @param {string} text */
const firstLine = (text) => (text.split("\n", 1)[0] ?? "").slice(0, 300);

/**
 * Adds up the result files and lists the failures; a package without a result file counts as one failure.
 * @param {string[]} files
 */
function countResults(files) {
  let passed = 0;
  let skipped = 0;
  /** @type {string[]} */
  const failures = [];
  for (const file of files) {
    if (!existsSync(file)) {
      failures.push(`${relative(root, file)}: no test results`);
      continue;
    }
    /** @type {Results} */
    const { numPassedTests, numPendingTests, testResults } = JSON.parse(readFileSync(file, "utf8"));
    passed += numPassedTests;
    skipped += numPendingTests;
    for (const { name, status, message, assertionResults } of testResults) {
      const place = relative(root, name);
      const failed = assertionResults.filter((test) => test.status === "failed");
      for (const test of failed)
        failures.push(`${place}: ${test.fullName}: ${firstLine(test.failureMessages[0] ?? "")}`);
      // A file can fail before it has a test.
      if (status === "failed" && failed.length === 0) failures.push(`${place}: ${firstLine(message)}`);
    }
  }
  return { passed, skipped, failures };
}

/** @param {string} name */
const resultFiles = (name) => testedFolders().map((folder) => join(folder, "test-results", name));

/** Installs, fetches the newer Node once for all packages, and removes earlier results. */
function prepareTests() {
  install();
  newerNode();
  for (const folder of testedFolders()) rmSync(join(folder, "test-results"), { recursive: true, force: true });
}

/** @param {string[]} parameters */
const turbo = (...parameters) => pnpm("exec", "turbo", "run", ...parameters, "--continue", "--output-logs=new-only");

/**
 * Prints the failures and "N passed, N failed", with ", N skipped" if any are, and exits.
 * @param {boolean} isGreen whether every command ended with 0
 * @param {string[]} files
 */
function endWithResults(isGreen, files) {
  const { passed, skipped, failures } = countResults(files);
  for (const failure of failures) console.log(`failed: ${failure}`);
  const isFailure = !isGreen || failures.length > 0;
  const left = skipped > 0 ? `, ${skipped} skipped` : "";
  console.log(`${passed} passed, ${Math.max(failures.length, isFailure ? 1 : 0)} failed${left}`);
  process.exit(isFailure ? 1 : 0);
}

function test() {
  prepareTests();
  const status = turbo("lint", "check", "test");
  // Timed tests run alone.
  const timed = turbo("test:timed", "--concurrency=1");
  const timedFiles = resultFiles("vitest-timed.json").filter((file) => existsSync(join(dirname(file), "..", "timed")));
  endWithResults(status === 0 && timed === 0, [...resultFiles("vitest.json"), ...timedFiles]);
}

/** Runs every test with its full count, and the files of `long/` folders, which `npm test` does not run. */
function testLong() {
  environment["FANIN_LONG"] = "1";
  prepareTests();
  // One package at a time: these tests use the whole machine.
  const status = turbo("test", "--concurrency=1");
  endWithResults(status === 0, resultFiles("vitest.json"));
}

/**
 * Runs pnpm as one step with a line of progress. Prints its output only if it fails.
 *
 * @param {string} title
 * @param {(line: string) => string | undefined} progressOf
 * @param {string[]} parameters
 */
const stage = (title, progressOf, ...parameters) =>
  runStage(title, "npx", ["--yes", packageManager, ...parameters], { cwd: root, env: environment, progressOf });

/**
 * Installs, and builds the packages that `filters` select, with a line of progress for each step.
 *
 * @param {string[]} filters
 */
async function build(...filters) {
  const installed = (/** @type {string} */ line) => /^Progress: (.*\d)/.exec(line)?.[1];
  exitOnFailure(await stage("Install packages", installed, "install", ...installOptions, "--reporter=append-only"));
  const built = (/** @type {string} */ line) => /^(@fanin\/[\w-]+:\w+): cache/.exec(line)?.[1];
  const options = ["--ui=stream", "--log-order=stream"];
  exitOnFailure(await stage("Build Fanin", built, "exec", "turbo", "run", "build", ...filters, ...options));
}

async function start() {
  await build("--filter=@fanin/cli");
  process.exit(
    run(process.execPath, [
      "apps/cli/bin/fanin.mjs",
      ...["compare", "--init", "zeros,random_normal(stddev=1),glorot_normal,he_normal", "--data", "procedural"],
      ...process.argv.slice(3),
    ]),
  );
}

async function bench() {
  await build();
  process.exit(run(process.execPath, ["bench/bench.mjs", ...process.argv.slice(3)]));
}

/** Builds every published package, writes its tarball to tarballs/, and prints the commands that install them. */
async function pack() {
  const target = join(root, "tarballs");
  const packages = publishedPackages();
  const filters = packages.map(({ manifest }) => `--filter=${manifest.name}`);
  await build(...filters);
  rmSync(target, { recursive: true, force: true });
  const parameters = ["--recursive", ...filters, "pack", "--pack-destination", target];
  exitOnFailure(await stage("Pack", (line) => /([^\\/]+\.tgz)$/.exec(line)?.[1], ...parameters));
  /** @param {typeof packages} some */
  const command = (some) => `npm install ${some.map(({ manifest }) => join(target, tarballName(manifest))).join(" ")}`;
  console.log(`
One command installs a package and its dependencies. To install @fanin/core in your project:

${command(withDependencies("@fanin/core"))}

To install all packages:

${command(packages)}`);
}

/** Builds the demo site, serves it and prints its address; Ctrl+C stops it. */
async function site() {
  await build("--filter=@fanin/site");
  process.exit(pnpm("--filter", "@fanin/site", "run", "serve", ...process.argv.slice(3)));
}

/** @type {Record<string, () => void | Promise<void>>} */
const commands = { bench, pack, site, start, test, "test:long": testLong };
const command = commands[process.argv[2] ?? ""];
if (!command) {
  console.error(`expected one of ${Object.keys(commands).join(", ")}, got ${process.argv[2] ?? "nothing"}`);
  process.exit(2);
}
await command();
