// The command line of the benchmark.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readOptions } from "../options.mjs";

const names = ["peak", "fills"];

describe("readOptions", () => {
  it("runs every suite by default", () => {
    expect(readOptions([], names)).toEqual({
      only: names,
      json: undefined,
      node: undefined,
      isList: false,
      isHelp: false,
      measure: { rounds: 9, seconds: 0.25 },
    });
  });

  it("reads all options", () => {
    const args = ["--only", "fills", "--json", "a.json", "--rounds", "3", "--seconds", "0.1", "--node", "24"];
    expect(readOptions(args, names)).toMatchObject({
      only: ["fills"],
      json: "a.json",
      node: "24",
      measure: { rounds: 3, seconds: 0.1 },
    });
  });

  it.each([
    [["--only", "gemm"], "--only: expected one of peak, fills, got gemm"],
    [["--rounds", "2.5"], "--rounds: expected an integer, got 2.5"],
    [["--rounds", "0"], '--rounds: expected a number above 0, got "0"'],
    [["--seconds", "x"], '--seconds: expected a number above 0, got "x"'],
    [["--node", "latest; ls"], '--node: expected a version such as 24, got "latest; ls"'],
    [["--fast"], "Unknown option '--fast'"],
  ])("refuses %j", (args, message) => {
    expect(() => readOptions(args, names)).toThrow(message);
  });
});

describe("bench.mjs", () => {
  const program = fileURLToPath(new URL("../bench.mjs", import.meta.url));
  const bench = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });

  it("writes the figures of the suites it ran, with date, machine and load", () => {
    const file = join(mkdtempSync(join(tmpdir(), "fanin-bench-")), "bench.json");
    const { status, stdout } = bench("--only", "sizes", "--json", file);
    expect(status).toBe(0);
    expect(stdout).toMatch(/kernels\.wasm +\d+\.\d\dx/);
    const json = JSON.parse(readFileSync(file, "utf8"));
    expect(json.machine).toMatchObject({ node: process.version, load: expect.any(Array), cpu: expect.any(String) });
    expect(Number.isNaN(Date.parse(json.date))).toBe(false);
    expect(json.results.map((suite: { name: string }) => suite.name)).toEqual(["sizes"]);
    expect(json.results[0].cases[0].timings[0].median).toBeGreaterThan(1000);
  });

  it("refuses a wrong option with exit code 2 before it starts", () => {
    const { status, stderr } = bench("--only", "gemm");
    expect(status).toBe(2);
    expect(stderr).toContain("--only: expected one of peak, fills");
  });
});
