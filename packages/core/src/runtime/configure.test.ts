// `configure` takes the compiled kernels of this version, and refuses all else before anything runs.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { networkKernelsBytes, streamKernelsBytes } from "@fanin/kernels";
import { beforeEach, expect, it, vi } from "vitest";

beforeEach(() => vi.resetModules());

const load = () => import("../index.ts");
const moduleOf = (name: string) =>
  new WebAssembly.Module(readFileSync(fileURLToPath(import.meta.resolve(`@fanin/kernels/${name}.wasm`))));

it.each(["kernels", "kernels-dense"])("draws with %s.wasm what the embedded kernels draw", async (name) => {
  const draw = async (module?: WebAssembly.Module) => {
    vi.resetModules();
    const { configure, heNormal } = await load();
    if (module) configure({ module });
    return heNormal({ seed: 42 })([64, 64]).data;
  };
  expect(await draw(moduleOf(name))).toEqual(await draw());
});

it.each<readonly [string, unknown, ErrorConstructor, RegExp]>([
  ["no options", undefined, TypeError, /^options: expected an object such as { module }, got nothing$/],
  ["null", null, TypeError, /^options: expected an object/],
  ["a null module", { module: null }, TypeError, /^module: expected a WebAssembly.Module, got Null/],
  ["bytes", { module: streamKernelsBytes() }, TypeError, /^module: .* got Uint8Array; compile it first/],
  ["a promise", { module: Promise.resolve() }, TypeError, /^module: .* got Promise; await it first/],
  [
    "kernels of networks",
    { module: new WebAssembly.Module(networkKernelsBytes()) },
    RangeError,
    /^module: expected the kernels of kernels.wasm, got a module without philox4x32_u32: it is the wrong file or of another version/,
  ],
  [
    "kernels of streams, with which no network trains",
    { module: new WebAssembly.Module(streamKernelsBytes()) },
    RangeError,
    /^module: expected the kernels of kernels.wasm, got a module without gemm_f32: /,
  ],
])("refuses %s, and works without it", async (_, options, kind, message) => {
  const { configure, zeros, heNormal } = await load();
  const call = () => configure(options as { module: WebAssembly.Module });
  expect(call).toThrow(kind);
  expect(call).toThrow(message);
  configure({ module: moduleOf("kernels") });
  configure({});
  expect(zeros()([2]).data).toEqual(new Float32Array(2));
  expect(heNormal({ seed: 42 })([2, 2]).data[0]).toBe(Math.fround(0.017981600016355515));
  expect(() => configure({})).toThrow(/already in use/);
});
