// The generated files of assembly/: loops, panels and rounds, which are committed so that they can be read and reviewed.
// Run it to write them: node scripts/sources.mjs. The build and a test refuse files that differ from what it writes.
// @ts-check

import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";
import { broadcastModule, elementwiseModule } from "./loops.mjs";
import { panelModule } from "./microkernels.mjs";
import { philoxModule, threefryModule } from "./rounds.mjs";

const assembly = join(dirname(fileURLToPath(import.meta.url)), "../assembly");

/** The panels of gemm; the relaxed binary does most packed rows by the second. */
const PANELS = [
  { rows: 4, steps: 8, packed: true },
  { rows: 6, steps: 2, packed: true },
  { rows: 4, steps: 4, packed: false },
];

/** The generated files by their names within assembly/generated/. */
export function generatedSources() {
  return new Map([
    ["broadcast-f32.ts", broadcastModule(assembly)],
    ["elementwise-f32.ts", elementwiseModule(assembly)],
    ["panels-f32.ts", panelModule(PANELS)],
    ["philox-rounds.ts", philoxModule()],
    ["threefry-tile.ts", threefryModule()],
  ]);
}

/** The names of the committed files that are not what `sources` says, or are missing. */
export function staleSources(sources = generatedSources()) {
  const read = (/** @type {string} */ name) => {
    try {
      return readFileSync(join(assembly, "generated", name), "utf8");
    } catch {
      return undefined;
    }
  };
  return [...sources].filter(([name, text]) => read(name) !== text).map(([name]) => name);
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, text] of generatedSources()) writeFileSync(join(assembly, "generated", name), text);
}
