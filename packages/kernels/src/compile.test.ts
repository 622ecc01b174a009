// The error for a realm that forbids compiling WebAssembly names the policy; the error for bytes that are no binary does not.

import { createContext, runInContext } from "node:vm";
import { afterEach, expect, it, vi } from "vitest";
import { compile } from "./compile.ts";
import { streamKernelsBytes } from "./streams.ts";

afterEach(() => vi.unstubAllGlobals());

it("names wasm-unsafe-eval where code generation is forbidden", () => {
  const context = createContext({}, { codeGeneration: { strings: false, wasm: false } });
  vi.stubGlobal("WebAssembly", runInContext("WebAssembly", context));
  expect(() => compile(streamKernelsBytes())).toThrow(
    /Content Security Policy.*'wasm-unsafe-eval'.*configure\(\{ module \}\)/,
  );
});

it("compiles where that is allowed, and passes other errors on", () => {
  expect(compile(streamKernelsBytes())).toBeInstanceOf(WebAssembly.Module);
  expect(() => compile(Uint8Array.of(0, 1, 2, 3))).toThrow(WebAssembly.CompileError);
});
