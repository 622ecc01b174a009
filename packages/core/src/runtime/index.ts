// What packages above core may know of memory: the arena and the kernels on it.

export type { Kernels } from "@fanin/kernels";
export { Arena, type ArenaUse } from "./arena.ts";
export { getRuntime, type Runtime } from "./runtime.ts";
export { configure, type RuntimeOptions } from "./streams.ts";
