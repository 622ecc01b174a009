// A file that must be rejected, and the expected error code.

import type { MalformedCode } from "../../src/index.ts";

/** Title, the expected code, and the call that must throw it. */
export type HostileCase = readonly [title: string, code: MalformedCode, run: () => unknown];
