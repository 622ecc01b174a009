// Tests of this package; the reporter's file is counted by scripts/workspace.mjs.
// A process for each file that replaces modules or globals, or is long; and one for all others, which have no state to hide.

import { defineConfig, mergeConfig } from "vitest/config";
import shared from "../../vitest.config.ts";

const replacing = ["test/fuzz/**", "test/large-files.test.ts", "long/**"];

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      projects: [
        { extends: true, test: { name: "formats", exclude: ["**/node_modules/**", ...replacing], isolate: false } },
        {
          extends: true,
          test: { name: "replacing", exclude: ["src/**", "test/!(fuzz|large-files.test.ts)", "test/hostile/**"] },
        },
      ],
    },
  }),
);
