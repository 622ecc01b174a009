// Tests of time, which run alone, after all others. `pnpm --filter @fanin/cli test:timed`, after a build.

import { mergeConfig, type ViteUserConfig } from "vitest/config";
import base from "../../../vitest.config.ts";

const config: ViteUserConfig = mergeConfig(base, { root: new URL("..", import.meta.url).pathname });
config.test = {
  ...config.test,
  include: ["timed/*.timed.ts"],
  outputFile: { json: "test-results/vitest-timed.json" },
  testTimeout: 300_000,
};
export default config;
