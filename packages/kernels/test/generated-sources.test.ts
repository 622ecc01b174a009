// The generated sources in the repository are what their generator writes, and the formulas are found by their exports.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { formulasOf } from "../scripts/formulas.mjs";
import { generatedSources, staleSources } from "../scripts/sources.mjs";

describe("assembly/generated", () => {
  it("is up to date: run node scripts/sources.mjs after a change of a formula or of a generator", () => {
    expect(staleSources()).toEqual([]);
  });

  it("is reported as stale where a file differs or is missing", () => {
    const changed = generatedSources();
    changed.set("panels-f32.ts", `${changed.get("panels-f32.ts")}\n`).set("missing.ts", "");
    expect(staleSources(changed)).toEqual(["panels-f32.ts", "missing.ts"]);
  });
});

describe("formulasOf", () => {
  const write = (files: Record<string, string>) => {
    const folder = mkdtempSync(join(tmpdir(), "fanin-formulas-"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  };

  it("finds exported functions of vectors, whatever their layout, and what is re-exported by name", () => {
    const folder = write({
      "a.ts": `
        export { second } from "./b";
        // export function commented(x: v128): v128 {}
        function own(x: v128): v128 { return x; }
        export function scalar(x: f32): f32 { return x; }
        export function first(
          x: v128,
          slope: f32, // not a vector
        ): v128 { return own(x); }`,
      "b.ts": "export function second(a: v128, b: v128): v128 { return a; }",
    });
    try {
      expect(formulasOf(join(folder, "a.ts"))).toEqual([
        { name: "second", parameters: [{ name: "a", type: "v128" }, { name: "b", type: "v128" }] }, // biome-ignore format: a row
        { name: "first", parameters: [{ name: "x", type: "v128" }, { name: "slope", type: "f32" }] }, // biome-ignore format: a row
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("refuses a re-export that is no formula", () => {
    const folder = write({ "a.ts": 'export { other } from "./b";', "b.ts": "export const other = 1;" });
    try {
      expect(() => formulasOf(join(folder, "a.ts"))).toThrow("expected ./b to export a formula other");
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
