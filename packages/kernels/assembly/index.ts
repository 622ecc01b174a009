// Every kernel in one binary, the file kernels.wasm: for platforms that forbid compiling from bytes.

export * from "./network";
export * from "./streams";
