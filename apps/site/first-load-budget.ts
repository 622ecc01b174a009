// Limits the first load of every view to 120 kB gzipped; the build fails otherwise.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";
import type { PageName } from "./src/state/url-state.ts";

const MAX_BYTES = 120_000;

/** Prefixes of the files that each view and its worker import dynamically. */
const parts: Readonly<Record<PageName, readonly string[]>> = {
  signal: ["signal-task", "recommend-task"],
  phase: ["phase-view", "phase-task"],
  race: ["race-view", "race-task"],
  weights: ["weights-view"], // the first dropped file loads the task
  code: ["code-view", "sample-task", "recommend-task"],
};

/** Lists the files that a built file refers to: all in an HTML page, the static imports in a script. */
function namesIn(name: string, text: string): string[] {
  const pattern = name.endsWith(".html") ? /(?:src|href)="\.\/([^"#]+\.(?:js|css|svg))"/g : /from"\.\/([^"]+\.js)"/g;
  const plain = name.endsWith(".html") ? [] : [...text.matchAll(/import"\.\/([^"]+\.js)"/g)].map(([, file]) => file);
  return [...[...text.matchAll(pattern)].map(([, file]) => file), ...plain].flatMap((file) => file ?? []);
}

/** Lists the files that the view loads, with their sizes. */
function firstLoad(folder: string, view: PageName): Map<string, number> {
  const assets = readdirSync(join(folder, "assets"));
  const begins = [...parts[view], "compute-worker", "client", "kernels"];
  const sizes = new Map<string, number>();
  const take = (name: string): void => {
    if (sizes.has(name)) return;
    const bytes = readFileSync(join(folder, name));
    sizes.set(name, gzipSync(bytes, { level: 9 }).length);
    if (!/\.(html|js)$/.test(name)) return;
    for (const other of namesIn(name, bytes.toString())) take(name.endsWith(".js") ? `assets/${other}` : other);
  };
  take("index.html");
  for (const begin of begins) {
    const found = assets.filter((name) => name.startsWith(`${begin}-`));
    if (found.length === 0) throw new Error(`first load of ${view}: expected a file ${begin}-*, found none`);
    for (const name of found) take(`assets/${name}`);
  }
  return sizes;
}

/** Fails the build if the first load of a view exceeds the limit. */
export function firstLoadBudget(): Plugin {
  let folder = "";
  return {
    name: "fanin-first-load-budget",
    apply: "build",
    configResolved({ root, build }) {
      folder = join(root, build.outDir);
    },
    closeBundle() {
      for (const view of Object.keys(parts) as PageName[]) {
        const sizes = firstLoad(folder, view);
        const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
        if (total > MAX_BYTES) {
          throw new Error(
            `first load of ${view}: expected at most ${MAX_BYTES} bytes gzipped, got ${total} in ${[...sizes.keys()].join(", ")}`,
          );
        }
        this.info(`first load of ${view}: ${(total / 1000).toFixed(1)} kB gzipped in ${sizes.size} files`);
      }
    },
  };
}
