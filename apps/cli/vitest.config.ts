// Tests of this package; the reporter's file is counted by scripts/workspace.mjs.

import { mergeConfig, type ViteUserConfig } from "vitest/config";
import base from "../../vitest.config.ts";

// The most tests of all, and mostly waiting for commands: with one file at a time they would go on long after all others.
const config: ViteUserConfig = mergeConfig(base, { test: { maxWorkers: 2 } });

export default config;
