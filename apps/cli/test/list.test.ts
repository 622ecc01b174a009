// `fanin list`: a row for every initializer, with working names, in 80 columns.

import { extensions, get, kerasInitializers } from "@fanin/core";
import { describe, expect, it } from "vitest";
import { initializerTable } from "../src/commands/list/initializer-table.ts";
import { fanin } from "./run-fanin.ts";

describe("initializerTable", () => {
  const table = initializerTable();

  it("has a row for each initializer and extension, and no others", () => {
    expect(table.map(({ className }) => className)).toEqual(
      [...kerasInitializers, ...extensions].map(({ className }) => className),
    );
  });

  it.each(table)("accepts every listed name of $name", ({ name, className, aliases, formula, use, paper }) => {
    for (const alias of [name, className, ...aliases]) {
      // Constant is the only class of Keras whose value has no default in JSON.
      expect(get(alias).className).toBe(className);
    }
    for (const text of [formula, use, paper]) expect(text).toMatch(/\S/);
  });
});

describe("fanin list", () => {
  it("is readable in 80 columns, and has every row and function", async () => {
    const { code, stdout } = await fanin(["list"]);
    expect(code).toBe(0);
    expect(stdout.split("\n").filter((line) => [...line].length > 80)).toEqual([]);
    for (const { name, formula } of initializerTable()) expect(stdout).toContain(`\n${name.padEnd(19)}${formula}\n`);
    expect(stdout).toMatch(/torch\.nn\.init[\s\S]*trunc_normal[\s\S]*jax\.nn\.initializers[\s\S]*delta_orthogonal/);
  });

  it("uses styles only with colour enabled", async () => {
    const sequence = "\u001b[";
    expect((await fanin(["list"])).stdout).not.toContain(sequence);
    expect((await fanin(["list"], { environment: { FORCE_COLOR: "1" } })).stdout).toContain(sequence);
    expect((await fanin(["list"], { environment: { FORCE_COLOR: "1", NO_COLOR: "1" } })).stdout).not.toContain(
      sequence,
    );
    expect((await fanin(["list", "--no-color"], { environment: { FORCE_COLOR: "1" } })).stdout).not.toContain(sequence);
  });
});
