// Writes dist/bundle of the package in whose folder it runs: the entries with the condition "node" in a few files, which Node
// loads faster than the many that tsc writes. `fanin sample zeros 3` takes 0.18 s of CPU time with them and 0.33 s without.
// Bundlers and browsers get tsc's files.
// @ts-check

import { readFileSync, rmSync } from "node:fs";
import { build } from "esbuild";

rmSync("dist/bundle", { recursive: true, force: true });

/** @type {Record<string, string | { node?: string, "@fanin/source": string }>} */
const exports = JSON.parse(readFileSync("package.json", "utf8")).exports;

await build({
  entryPoints: Object.values(exports).flatMap((entry) =>
    typeof entry === "object" && entry.node !== undefined ? [entry["@fanin/source"]] : [],
  ),
  outdir: "dist/bundle",
  bundle: true,
  // The entries share their modules, as tsc's files do.
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  packages: "external",
  logLevel: "warning",
});
