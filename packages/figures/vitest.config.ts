// Tests of this package; the reporter's file is counted by scripts/workspace.mjs.
// One process for all files, which have no state to hide from each other: a fresh one for each costs 15 s of a processor.

import { mergeConfig } from "vitest/config";
import shared from "../../vitest.config.ts";

export default mergeConfig(shared, { test: { isolate: false } });
