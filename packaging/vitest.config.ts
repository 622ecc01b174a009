// Tests of what strangers get: builds and tarballs, never the sources. Packed once, before the first test.

import { defineConfig } from "vitest/config";

const isLong = Boolean(process.env["FANIN_LONG"]);

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts", ...(isLong ? ["long/**/*.test.ts"] : [])],
    globalSetup: ["test/pack.ts"],
    reporters: ["default", "json"],
    outputFile: { json: "test-results/vitest.json" },
    testTimeout: isLong ? 3_600_000 : 60_000,
    hookTimeout: isLong ? 3_600_000 : 60_000,
  },
});
