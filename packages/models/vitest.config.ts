// Tests of this package; the reporter's file is counted by scripts/workspace.mjs.

export { default } from "../../vitest.config.ts";
