// Trains two runs of a comparison in the threads of one module and prints the outcome as JSON. It runs the built pool in a
// separate process, because threads of the test runner resolve imports to the sources instead of the build.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compareConfig, planRuns } from "@fanin/lab";
import { proceduralDataset } from "@fanin/lab/data";
import { trainAll } from "../dist/index.js";

const [folder = "", worker = "", deaths = "0", first = "he_normal"] = process.argv.slice(2);
const config = compareConfig({ layers: [784, 16, 10], initializers: ["he_normal", "zeros"], seeds: [0], epochs: 20 });
const runs = planRuns(config).map((run, i) => (i === 0 ? { ...run, initializer: first } : run));
mkdirSync(folder);
for (const { initializer, seed } of runs.slice(0, 1))
  writeFileSync(join(folder, `deaths-of-${initializer}-${seed}`), deaths);

/** @type {Record<string, string>} */
const results = {};
/** @type {string[]} */
const warnings = [];
/** @type {string | null} */
let error = null;
const options = { jobs: 2, saveEvery: 0, signal: new AbortController().signal, worker: new URL(worker) };
const tasks = runs.map((run) => ({ config, run, checkpoint: join(folder, `${run.initializer}-${run.seed}`) }));
await trainAll(proceduralDataset({ seed: 0, train: 256, test: 64 }), tasks, options, {
  progress: () => undefined,
  warning: (text) => void warnings.push(text),
  finished: async ({ run }, result) => {
    results[run.initializer] = JSON.stringify(result);
  },
}).catch((/** @type {Error} */ cause) => {
  error = `${cause.name}: ${cause.message}`;
});
const isSaved = existsSync(join(folder, "he_normal-0"));
process.stdout.write(JSON.stringify({ results, warnings, error, isSaved }));
