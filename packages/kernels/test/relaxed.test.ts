// The relaxed binary: a subset of the deterministic kernels, each equal to its reference implementation. Node 20 has relaxed SIMD
// behind a flag, which this file sets. Source: V8's flag-definitions.h.

import { setFlagsFromString } from "node:v8";
import { describe, expect, it } from "vitest";
import { relaxedKernelsBytes, supportsRelaxedSimd } from "../src/index.ts";
import { cases } from "./cases/index.ts";
import { differences, kernels, load } from "./harness.ts";

if (!supportsRelaxedSimd()) setFlagsFromString("--experimental-wasm-relaxed-simd");

describe("the relaxed kernels", () => {
  const relaxed = load(relaxedKernelsBytes());

  it("are supported by an engine that compiles them", () => {
    expect(supportsRelaxedSimd()).toBe(true);
  });

  it("are those of the deterministic ones that no stream and no initializer is computed with", () => {
    const names = Object.keys(relaxed.kernels);
    expect(Object.keys(kernels)).toEqual(expect.arrayContaining(names));
    const fixed = Object.keys(kernels).filter((name) => !names.includes(name));
    expect(
      fixed.filter((name) => !/^(philox|threefry|mt19937|pcg64|words_to|trunc_normal|qr|erf_inv|stream)/.test(name)),
    ).toEqual([]);
  });

  it.each(
    cases
      .filter(({ kernel }) => kernel in relaxed.kernels)
      .map((test, row) => ({ name: `${test.kernel} (row ${row})`, test })),
  )("$name equals its reference implementation", ({ test }) => {
    if (test.kernel === "heap_base") return;
    for (const size of test.sizes) {
      expect(differences(test, size, { misalignment: 4 }, relaxed), `size ${size.join(" x ")}`).toEqual([]);
    }
  });
});
