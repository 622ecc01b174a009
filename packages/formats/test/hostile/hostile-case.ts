// A file that must be refused, and the code of the refusal.

import type { MalformedCode } from "../../src/index.ts";

/** Title, the code that must come, and what must bring it. */
export type HostileCase = readonly [title: string, code: MalformedCode, run: () => unknown];
