// One test configuration for every package: sources instead of builds, results also as a file that is counted.
// FANIN_LONG=1 adds the files of the folder long/; a test of both sizes reads its count from the same variable.

import { defineConfig } from "vitest/config";

const isLong = Boolean(process.env["FANIN_LONG"]);

export default defineConfig({
  resolve: { conditions: ["@fanin/source"] },
  ssr: { resolve: { conditions: ["@fanin/source"] } },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts", ...(isLong ? ["long/**/*.test.ts"] : [])],
    reporters: ["default", "json"],
    outputFile: { json: "test-results/vitest.json" },
    // Of a machine that does other things too: what is waited for comes, and when is not what tests are about.
    testTimeout: isLong ? 3_600_000 : 120_000,
    hookTimeout: isLong ? 3_600_000 : 240_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
