// Tests of this package; the reporter's file is counted by scripts/workspace.mjs.

import { mergeConfig, type ViteUserConfig } from "vitest/config";
import base from "../../vitest.config.ts";

// This package has the most tests, and they mostly wait for commands: run several files at a time.
const config: ViteUserConfig = mergeConfig(base, { test: { maxWorkers: 2 } });

export default config;
