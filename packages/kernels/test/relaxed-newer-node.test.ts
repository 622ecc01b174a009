// The tests of the relaxed binary once more, on an engine that has relaxed SIMD without a flag.

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { missingNewerNode, newerNode } from "../../../scripts/newer-node.mjs";

const node = newerNode();
const FIVE_MINUTES = 300_000;

interface Results {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numTotalTests: number;
}

describe.skipIf(node === undefined)(`the relaxed kernels on a newer Node${node ? "" : missingNewerNode}`, () => {
  it(
    "equal their reference implementations",
    async () => {
      const folder = mkdtempSync(join(tmpdir(), "fanin-relaxed-"));
      const file = join(folder, "results.json");
      const vitest = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");
      const words = ["run", "test/relaxed.test.ts", "--reporter=json", `--outputFile=${file}`];
      // Without what this vitest has set for its workers.
      const environment = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_OPTIONS)/.test(name));
      try {
        const options = { cwd: join(import.meta.dirname, ".."), env: Object.fromEntries(environment) };
        await promisify(execFile)(node ?? "", [vitest, ...words], options).catch((error) => error);
        const results = JSON.parse(readFileSync(file, "utf8")) as Results;
        expect(results.success).toBe(true);
        expect(results.numPassedTests).toBe(results.numTotalTests);
        expect(results.numTotalTests).toBeGreaterThan(100);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
    FIVE_MINUTES,
  );
});
