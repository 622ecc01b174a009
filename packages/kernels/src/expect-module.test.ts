// Files that are not the kernels of this version are refused, with the reason, before any of their code runs.

import { readFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import binaryen from "binaryen";
import { describe, expect, it } from "vitest";
import {
  instantiate,
  instantiateDense,
  instantiateNetwork,
  instantiateRelaxed,
  instantiateStreams,
  networkKernelsBytes,
  streamKernelsBytes,
  supportsRelaxedSimd,
} from "./index.ts";

if (!supportsRelaxedSimd()) setFlagsFromString("--experimental-wasm-relaxed-simd");

const MARK = 24; // bytes of the section that holds the version, the last of a binary

const bytesOf = (name: string) => Uint8Array.from(readFileSync(new URL(`../dist/${name}.wasm`, import.meta.url)));
const moduleOf = (bytes: Uint8Array<ArrayBuffer>) => new WebAssembly.Module(bytes);
const memory = () => new WebAssembly.Memory({ initial: 16 });

/** `bytes` with the first text `from`, which may be a kernel's name, overwritten. */
function renamed(bytes: Uint8Array<ArrayBuffer>, from: string, to: string): Uint8Array<ArrayBuffer> {
  const at = Buffer.from(bytes).indexOf(from);
  expect(at).toBeGreaterThan(0);
  const changed = bytes.slice();
  changed.set(new TextEncoder().encode(to), at);
  return changed;
}

/** `bytes` with an import that the kernels do not have, and a start function that calls it. */
function withForeignImport(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const module = binaryen.readBinary(bytes);
  module.setFeatures(binaryen.Features.All);
  module.addFunctionImport("spy", "env", "spy", binaryen.none, binaryen.none);
  const start = module.addFunction("start", binaryen.none, binaryen.none, [], module.call("spy", [], binaryen.none));
  module.setStart(start);
  return Uint8Array.from(module.emitBinary());
}

const whole = bytesOf("kernels");
const older =
  "it is the wrong file or of another version; compile kernels.wasm of the @fanin/kernels that is installed";

type Make = (on: WebAssembly.Memory, module: WebAssembly.Module) => unknown;
const makers: readonly (readonly [string, Make])[] = [
  ["instantiate", instantiate],
  ["instantiateStreams", instantiateStreams],
  ["instantiateNetwork", instantiateNetwork],
  ["instantiateDense", instantiateDense],
  ["instantiateRelaxed", instantiateRelaxed],
];

describe.each(makers)("%s", (_, make) => {
  it.each<readonly [string, unknown, RegExp]>([
    ["null", null, /^module: expected a WebAssembly.Module, got Null$/],
    ["an object", { module: moduleOf(whole) }, /^module: expected a WebAssembly.Module, got Object$/],
    ["bytes", whole, /got Uint8Array; compile it first: await WebAssembly.compile\(bytes\)$/],
    ["a buffer", whole.buffer, /got ArrayBuffer; compile it first/],
    ["a promise", WebAssembly.compile(whole), /got Promise; await it first$/],
    ["an address", "kernels.wasm", /got String; fetch the file/],
    [
      "an instance",
      new WebAssembly.Instance(moduleOf(streamKernelsBytes()), { env: { memory: memory() } }),
      /got WebAssembly.Instance; pass the module/,
    ],
  ])("refuses %s", (_name, module, message) => {
    const call = () => make(memory(), module as WebAssembly.Module);
    expect(call).toThrow(TypeError);
    expect(call).toThrow(message);
  });

  it("refuses a module that is something else, with the first kernel that it lacks", () => {
    const call = () => make(memory(), moduleOf(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)));
    expect(call).toThrow(RangeError);
    expect(call).toThrow(
      /^module: expected the kernels of kernels(-relaxed)?\.wasm, got a module without \w+_\w+: it is/,
    );
  });

  it("refuses what is not a memory", () => {
    for (const wrong of [undefined, null, {}, new ArrayBuffer(65536)]) {
      expect(() => make(wrong as unknown as WebAssembly.Memory, moduleOf(whole))).toThrow(
        /^memory: expected a WebAssembly.Memory, got (Undefined|Null|Object|ArrayBuffer)$/,
      );
    }
  });

  it("takes kernels.wasm, of another context too", () => {
    expect(make(memory(), moduleOf(whole))).toHaveProperty("heap_base");
    const foreign = runInNewContext("new WebAssembly.Module(bytes)", { bytes: whole }) as WebAssembly.Module;
    expect(foreign).not.toBeInstanceOf(WebAssembly.Module);
    expect(make(memory(), foreign)).toHaveProperty("heap_base");
  });
});

describe("files of the wrong kind", () => {
  it.each<readonly [string, Make, Uint8Array<ArrayBuffer>, string]>([
    ["streams for all", instantiate, streamKernelsBytes(), "conv2d_workspace_f32"],
    ["networks for streams", instantiateStreams, networkKernelsBytes(), "philox4x32_u32"],
    ["networks for dense ones", instantiateDense, networkKernelsBytes(), "philox4x32_u32"],
    ["dense networks for all networks", instantiateNetwork, bytesOf("kernels-dense"), "conv2d_workspace_f32"],
    ["no max_pool_f32", instantiateNetwork, renamed(whole, "max_pool_f32", "max_pool_f16"), "max_pool_f32"],
    ["no adam_f32", instantiateDense, renamed(whole, "adam_f32", "adam_f16"), "adam_f32"],
  ])("%s", (_, make, bytes, missing) => {
    const message = `module: expected the kernels of kernels.wasm, got a module without ${missing}: ${older}`;
    expect(() => make(memory(), moduleOf(bytes))).toThrow(new RangeError(message));
  });

  it("another version, which has every kernel", () => {
    const unmarked = moduleOf(whole.slice(0, whole.length - MARK));
    expect(() => instantiate(memory(), unmarked)).toThrow(
      /^module: expected version "[0-9a-f]{16}" of the kernels, got a module without a version: it is the wrong file or/,
    );
    const other = whole.slice();
    other.fill("0".charCodeAt(0), whole.length - 16);
    expect(() => instantiate(memory(), moduleOf(other))).toThrow(
      /expected version "[0-9a-f]{16}" of the kernels, got version "0{16}": it is/,
    );
  });

  it("other imports, of which none is called", () => {
    const memoryless = renamed(whole, "\x03env\x06memory", "\x03env\x06memorx");
    expect(() => instantiate(memory(), moduleOf(memoryless))).toThrow(
      `module: expected to import env.memory (memory) alone, got a module that imports env.memorx (memory): ${older}`,
    );
    expect(() => instantiate(memory(), moduleOf(withForeignImport(whole)))).toThrow(
      /imports (env\.memory \(memory\), env\.spy \(function\)|env\.spy \(function\), env\.memory \(memory\)): it is/,
    );
  });

  it("relaxed kernels for streams", () => {
    expect(() => instantiateStreams(memory(), moduleOf(bytesOf("kernels-relaxed")))).toThrow(/without philox4x32_u32/);
    expect(instantiateRelaxed(memory(), moduleOf(bytesOf("kernels-relaxed")))).toHaveProperty("gemm_f32");
  });
});
