// The file kernels.wasm: every kernel of the two embedded binaries in one instance, each equal to its reference implementation.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { HEAP_BASE, instantiateNetwork, instantiateStreams } from "../src/index.ts";
import { cases } from "./cases/index.ts";
import { differences, kernels, load } from "./harness.ts";

const whole = load(readFileSync(new URL("../dist/kernels.wasm", import.meta.url)));

/** The kernels that the sources under `folder` name. */
function calledIn(folder: URL): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return files
    .filter((name) => name.endsWith(".ts") && !name.includes("tfjs") && !name.endsWith(".test.ts"))
    .flatMap(
      (name) => readFileSync(new URL(name, folder), "utf8").match(/(?<=kernels\.)[a-z0-9]+(_[a-z0-9]+)+\b/g) ?? [],
    );
}

const assembly = new URL("../assembly/", import.meta.url);

/** Every source that `name` is compiled with, itself too. */
function compiledWith(name: string, found: Set<string> = new Set()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  const at = new URL(name, assembly);
  for (const [, target] of readFileSync(at, "utf8").matchAll(/from "(\.[^"]+)"/g)) {
    compiledWith(new URL(`${target}.ts`, at).href.slice(assembly.href.length), found);
  }
  return found;
}

describe("the sources", () => {
  it("are all compiled: a file of kernels has its line in network.ts or streams.ts", () => {
    const compiled = compiledWith("index.ts");
    const files = readdirSync(assembly, { recursive: true, encoding: "utf8" })
      .map((name) => name.replaceAll("\\", "/"))
      .filter((name) => name.endsWith(".ts") && name !== "dense.ts");
    expect(files.filter((name) => !compiled.has(name))).toEqual([]);
  });
});

describe("kernels.wasm", () => {
  it("has the kernels of the embedded binaries", () => {
    expect(Object.keys(whole.kernels).sort()).toEqual(Object.keys(kernels).sort());
  });

  it.each(cases.map((test, row) => ({ name: `${test.kernel} (row ${row})`, test })))(
    "$name equals its reference implementation",
    ({ test }) => {
      const size = test.sizes.at(-1) ?? [];
      if (test.kernel !== "heap_base") expect(differences(test, size, { misalignment: 4 }, whole)).toEqual([]);
    },
  );
});

describe("kernels-dense.wasm", () => {
  const dense = load(readFileSync(new URL("../dist/kernels-dense.wasm", import.meta.url)));
  const names = Object.keys(dense.kernels);
  const called = [
    "packages/lab/src",
    "packages/core/src/random",
    "packages/core/src/linalg",
    "packages/core/src/torch",
  ].flatMap((folder) => calledIn(new URL(`../../../${folder}/`, import.meta.url)));

  it("has every kernel that the lab and the streams name", () => {
    expect(called.length).toBeGreaterThan(40);
    expect([...new Set(called)].filter((name) => !names.includes(name))).toEqual([]);
  });

  it.each(
    cases
      .filter(({ kernel }) => names.includes(kernel))
      .map((test, row) => ({ name: `${test.kernel} (row ${row})`, test })),
  )("$name equals its reference implementation", ({ test }) => {
    const size = test.sizes[0] ?? [];
    if (test.kernel !== "heap_base") expect(differences(test, size, { misalignment: 4 }, dense)).toEqual([]);
  });
});

describe("the embedded binaries on one memory", () => {
  it("do not write each other's constants", () => {
    const constantsOf = (...put: ((memory: WebAssembly.Memory) => unknown)[]) => {
      const memory = new WebAssembly.Memory({ initial: 1 });
      for (const instantiate of put) instantiate(memory);
      return new Uint8Array(memory.buffer, 0, HEAP_BASE);
    };
    const streams = constantsOf(instantiateStreams);
    const network = constantsOf(instantiateNetwork);
    expect(streams.filter((byte, i) => byte !== 0 && network[i] !== 0)).toHaveLength(0);
    const both = streams.map((byte, i) => byte | (network[i] ?? 0));
    expect(constantsOf(instantiateStreams, instantiateNetwork)).toEqual(both);
  });

  it("end below HEAP_BASE", () => {
    expect(kernels.heap_base()).toBeLessThanOrEqual(HEAP_BASE);
  });
});
