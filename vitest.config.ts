// One test configuration for every package: sources instead of builds, results also as a file that is counted.

import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["@fanin/source"] },
  ssr: { resolve: { conditions: ["@fanin/source"] } },
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
    reporters: ["default", "json"],
    outputFile: { json: "test-results/vitest.json" },
    // Of a machine that does other things too: what is waited for comes, and when is not what tests are about.
    testTimeout: 120_000,
    hookTimeout: 240_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
