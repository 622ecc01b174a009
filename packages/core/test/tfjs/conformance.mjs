// Runs tfjs-core's own test suite on the backend `fanin`, every spec of it, and prints one JSON object of the outcome.
// Source: how jasmine_util.ts of tfjs-core 4.22 wants to be driven.
//
//   node test/tfjs/conformance.mjs [--only TEXT] [--backend NAME] [--deterministic]      --only: specs whose name contains TEXT
//
// Why a bundle: dist/*.js of tfjs-core are ES modules without "type": "module", with extensionless imports and a few calls of
// require, which Node loads neither way. esbuild resolves `module` first, so that the package and its files are one instance.
// @ts-check

import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import Jasmine from "jasmine";

const { values: options } = parseArgs({
  options: {
    only: { type: "string", default: "" },
    backend: { type: "string", default: "fanin" },
    deterministic: { type: "boolean", default: false },
  },
});
const packageRoot = join(dirname(fileURLToPath(import.meta.url)), "../..");
const require = createRequire(import.meta.url);

const entry = `
import "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops";
import "@tensorflow/tfjs-core/dist/register_all_gradients";
import { setTestEnvs, setupTestFilters } from "@tensorflow/tfjs-core/dist/jasmine_util";
import { supportsRelaxedSimd } from "@fanin/kernels";
import { register } from "./src/tfjs.ts";
register({ deterministic: ${options.deterministic} });
globalThis.faninBinary = ${options.deterministic} || !supportsRelaxedSimd() ? "deterministic" : "relaxed";
setTestEnvs([{ name: "test-fanin", backendName: ${JSON.stringify(options.backend)}, isDataSync: true }]);
const only = ${JSON.stringify(options.only)};
if (only) setupTestFilters([], (name) => name.includes(only));
require("@tensorflow/tfjs-core/dist/tests");
`;

/** @param {string} outfile */
async function bundle(outfile) {
  await build({
    stdin: { contents: entry, resolveDir: packageRoot, sourcefile: "entry.js", loader: "js" },
    bundle: true,
    platform: "node",
    format: "cjs",
    mainFields: ["module", "main"],
    conditions: ["@fanin/source"],
    // tfjs-core's sideEffects list omits *_test.js: without this they are dropped.
    ignoreAnnotations: true,
    define: { "import.meta.url": '"file:///"' },
    logLevel: "error",
    outfile,
  });
}

/** @param {string} file */
async function run(file) {
  const runner = new Jasmine();
  runner.loadConfig({ spec_files: [], random: false });
  runner.exitOnCompletion = false;
  runner.clearReporters();
  const counts = { passed: 0, failed: 0, pending: 0, excluded: 0 };
  /** @type {{ name: string, message: string }[]} */
  const failures = [];
  /** @param {{ fullName: string, failedExpectations: { message: string }[] }} result */
  const fail = (result) =>
    failures.push({ name: result.fullName, message: result.failedExpectations.map((e) => e.message).join(" | ") });
  runner.addReporter({
    specDone(result) {
      counts[/** @type {keyof typeof counts} */ (result.status)]++;
      if (result.status === "failed") fail(result);
    },
    suiteDone(result) {
      if (result.failedExpectations.length > 0) fail(result);
    },
  });
  // The suite provokes hundreds of warnings; what counts is in the reporter's hands.
  const { log } = console;
  console.warn = console.error = console.log = () => {};
  require(file);
  await runner.execute();
  const binary = /** @type {{ faninBinary?: string }} */ (globalThis).faninBinary;
  log(JSON.stringify({ binary, ...counts, total: Object.values(counts).reduce((a, b) => a + b), failures }, null, 1));
  return failures.length;
}

const folder = mkdtempSync(join(tmpdir(), "fanin-conformance-"));
const outfile = join(folder, "suite.cjs");
let failed = 1;
try {
  await bundle(outfile);
  failed = await run(outfile);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(failed ? 1 : 0);
