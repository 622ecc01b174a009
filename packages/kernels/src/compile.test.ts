// A realm that forbids compiling WebAssembly is named as such; a binary that is none is not.

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

it("compiles where it may, and leaves other errors as they are", () => {
  expect(compile(streamKernelsBytes())).toBeInstanceOf(WebAssembly.Module);
  expect(() => compile(Uint8Array.of(0, 1, 2, 3))).toThrow(WebAssembly.CompileError);
});
