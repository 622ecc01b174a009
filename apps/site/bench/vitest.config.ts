// The measurements of this package: `pnpm --filter @fanin/site bench`, after a build. No part of the tests.

import { mergeConfig, type ViteUserConfig } from "vitest/config";
import base from "../../../vitest.config.ts";

const config: ViteUserConfig = mergeConfig(base, { root: new URL("..", import.meta.url).pathname });
config.test = { ...config.test, include: ["bench/*.bench.ts"], reporters: ["default"], testTimeout: 600_000 };
delete config.test.outputFile;
export default config;
