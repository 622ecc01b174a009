// The parts of README.md that are made, not written: the tables of commands, results and equal bits, the picture.
// Sources: bench/results/*.json, the goldens of core, `fanin --help`, and one propagation by @fanin/lab.
// @ts-check

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { depthProfile, standaloneFigure } from "@fanin/figures";
import { propagate } from "@fanin/lab";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** @param {string} path */
const json = (path) => JSON.parse(readFileSync(join(root, path), "utf8"));

/**
 * @typedef {{ name: string, ratios: { own: string, peer: string, ratio: number }[], timings: { name: string, amount: number, median: number }[] }} Case
 * @typedef {{ date: string, machine: { node: string, cpu: string, cores: number }, results: { name: string, cases: Case[] }[] }} Results
 */

/** What the README shows: the suite and case, who is compared with whom, and the words for it. */
const ROWS = [
  ["fills", "keras/tensorflow uniform", "fill", "tfjs cpu", "uniform, 1M float32, into a view"],
  ["fills", "keras/tensorflow normal", "fill", "tfjs cpu", "normal, 1M float32, into a view"],
  ["fills", "keras/tensorflow truncated normal", "fill", "tfjs cpu", "truncated normal, 1M float32, into a view"],
  ["small-fills", "He normal of 64", "fill", "tfjs cpu", "He normal, 64 values"],
  ["orthogonal", "256 x 256", "fanin", "tfjs wasm", "orthogonal, 256x256"],
  ["matmul", "512 A·B", "fanin", "tfjs wasm", "matrix product, 512x512"],
  ["matmul", "512 A·B", "fanin", "jax-js", "matrix product, 512x512"],
  [
    "training-step",
    "784-128-10, batch 64, Adam",
    "fanin",
    "tfjs wasm",
    "a training step of 784-128-10, batch 64, Adam",
  ],
  ["training-step", "784-128-10, batch 64, Adam", "fanin", "tfjs cpu", "a training step of 784-128-10, batch 64, Adam"],
];

/** A table in Markdown, its columns padded as formatters do. @param {string[][]} rows */
function table(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const line = (/** @type {string[]} */ row) => `| ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n");
}

/** The newest results under Node 20 that have a case; files are named by date. @param {string} suite @param {string} name */
function newest(suite, name) {
  const files = readdirSync(join(root, "bench/results")).filter((file) => /node-20.*\.json$/.test(file));
  for (const file of files.sort().reverse()) {
    /** @type {Results} */
    const results = json(`bench/results/${file}`);
    const found = results.results.find((one) => one.name === suite)?.cases.find((one) => one.name === name);
    if (found) return { file, results, found };
  }
  throw new Error(`bench/results: no ${suite} "${name}"`);
}

/** The table of results, and the line that says how they were measured. */
export function results() {
  const used = new Set();
  /** @type {Results["machine"] | undefined} */
  let machine;
  const rows = ROWS.map(([suite = "", name = "", own, peer, words = ""]) => {
    const { file, results, found } = newest(suite, name);
    const ratio = found.ratios.find((one) => one.own === own && one.peer === peer);
    if (!ratio) throw new Error(`${file}: no ratio of ${own} to ${peer} in "${name}"`);
    used.add(`${file} (${results.date.slice(0, 10)})`);
    machine ??= results.machine;
    const text = ratio.ratio >= 20 ? ratio.ratio.toFixed(0) : ratio.ratio.toFixed(ratio.ratio < 2 ? 2 : 1);
    return [words, `TensorFlow.js ${peer}`.replace("TensorFlow.js jax-js", "jax-js").replace("tfjs ", ""), `${text}x`];
  });
  const { found } = newest("sizes", "wasm, gzipped");
  const size = (/** @type {string} */ name) => (found.timings.find((one) => one.name === name)?.median ?? 0) / 1000;
  rows.push([
    "WebAssembly to download, gzipped",
    "TensorFlow.js wasm",
    `${size("both binaries").toFixed(0)} kB against ${size("tfjs wasm").toFixed(0)} kB`,
  ]);
  const { node = "", cpu = "", cores = 0 } = machine ?? {};
  return `${table([["work", "against", "Fanin is faster by"], ...rows])}

Measured by \`npm run bench\` in one process, in turns, results compared first: one thread of ${cores} cores of an ${cpu}, Node
${node.slice(1)}; bench/results: ${[...used].sort().join(", ")}.`;
}

/** Which numbers are equal to whose; the versions are those that wrote the goldens. */
export function bits() {
  const { generated_with: versions, keras, jax, torch_nn_init: init } = json("packages/core/test/goldens/goldens.json");
  const torch = json("packages/core/test/goldens/torch-goldens.json");
  const only = (/** @type {string} */ text) => text.split(/[ +(]/)[0] ?? "";
  /** The largest difference that the tests allow. @param {{ tol?: number }[]} cases */
  const tolerance = (cases) => Math.max(...cases.flatMap(({ tol }) => tol ?? [])).toExponential();
  const ofClass = (/** @type {string} */ name) =>
    tolerance(keras.filter((/** @type {{ class: string }} */ one) => one.class === name));
  const near = `Orthogonal: to ${ofClass("Orthogonal")}, STFT: to ${ofClass("STFT")}`;
  /** Random programs of a backend. @param {string} name */
  const programs = (name) => {
    const file = readFileSync(join(root, `packages/core/test/goldens/keras-programs-${name}.json.gz`));
    return JSON.parse(gunzipSync(file).toString()).programs.length.toLocaleString("en");
  };
  /** @type {[string, string, string, string][]} */
  const backends = [
    ["tensorflow", "TensorFlow", versions.tensorflow_cpu, "; float64 normals: 0.17 % differ in the last bit"],
    ["jax", "JAX", versions.jax, ""],
    ["torch", "PyTorch", versions.torch, "; float64 normals: 0.27 % differ in the last bit"],
    ["numpy", "NumPy", versions.numpy, "; one float64 normal in 10^6"],
  ];
  return table([
    ["framework", "version", "here", "compared in the tests", "all bits equal, but for"],
    ...backends.map(([name, title, version, notes]) => [
      `Keras ${only(versions.keras)} on ${title}`,
      only(version),
      `\`stream: "keras/${name}"\``,
      `${keras.filter((/** @type {{ backend: string }} */ one) => one.backend === name).length} draws, ${programs(name)} programs`,
      near + notes,
    ]),
    [
      "torch.nn.init, torch.nn",
      only(versions.torch),
      "`@fanin/core/torch`",
      `${init.cases.length + torch.init.length} draws, ${torch.layers.length} layers`,
      `orthogonal: to ${tolerance(init.cases)}; PyTorch without AVX2: normals to 3 ulp`,
    ],
    [
      "jax.random, jax.nn.initializers",
      only(jax.version),
      "`@fanin/core/jax`",
      `${jax.cases.length} draws`,
      `orthogonal: to ${tolerance(jax.cases)}`,
    ],
  ]);
}

/** Every command and what it is for, as `fanin --help` says it. */
export function commands() {
  const bin = join(root, "apps/cli/bin/fanin.mjs");
  const { stdout } = spawnSync(process.execPath, [bin, "--help"], { encoding: "utf8" });
  const [, list = ""] = /\nCommands:\n([\s\S]*?)\n\n/.exec(stdout) ?? [];
  const rows = list.split("\n").map((line) => /^ {2}(\S+) +(.*)$/.exec(line)?.slice(1) ?? []);
  return table([
    ["command", "what it does"],
    ...rows.map(([name = "", purpose = ""]) => [`\`fanin ${name}\``, purpose]),
  ]);
}

/** The signal of a deep network from two initial weights, as an SVG file that follows the viewer's theme. */
export function picture() {
  const network = {
    layers: /** @type {number[]} */ ([64, ...new Array(30).fill(64), 10]),
    activation: /** @type {const} */ ("relu"),
  };
  const { signals } = propagate({ ...network, initializer: "glorot_uniform" }, { seed: 0 });
  return standaloneFigure(
    depthProfile({
      title: "glorot_uniform, 30 ReLU layers",
      curves: [
        {
          name: "activations, going up",
          measured: signals.map(({ forward }) => forward.log10),
          theory: signals.flatMap(({ forward }) => forward.theory ?? []),
        },
        {
          name: "gradients, coming down",
          measured: signals.map(({ gradient }) => gradient.log10),
          theory: signals.flatMap(({ gradient }) => gradient.theory ?? []),
        },
      ],
    }),
  );
}

/** README.md with its generated parts renewed. @param {string} text */
export function withParts(text) {
  for (const [name, make] of Object.entries({ commands, results, bits })) {
    const [start, end] = [`<!-- ${name}: made by \`npm run readme\` -->`, `<!-- /${name} -->`];
    const [from, to] = [text.indexOf(start), text.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`README.md: expected ${start} ... ${end}`);
    text = `${text.slice(0, from)}${start}\n\n${make()}\n\n${text.slice(to)}`;
  }
  return text;
}
