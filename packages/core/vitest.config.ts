// Tests of this package; the reporter's file is counted by scripts/workspace.mjs.
// tfjs keeps its backends and tensors in globals: a process for each of those files, and for each long one; and one process for
// all others, which have no state to hide from each other and would need 17 s of a processor more.

import { defineConfig, mergeConfig } from "vitest/config";
import shared from "../../vitest.config.ts";

const tfjs = "**/tfjs/**/*.test.ts";

export default mergeConfig(
  shared,
  defineConfig({
    test: {
      projects: [
        { extends: true, test: { name: "core", exclude: ["**/node_modules/**", "long/**", tfjs], isolate: false } },
        { extends: true, test: { name: "tfjs", exclude: ["{src,test}/*.test.ts", "{src,test}/!(tfjs)/**"] } },
      ],
    },
  }),
);
