// `fanin papers`: a table, JSON, and an error for an unknown table.

import { describe, expect, it } from "vitest";
import { fanin } from "./run-fanin.ts";

describe("fanin papers", () => {
  it("prints each number beside the published one", async () => {
    const { code, stdout, stderr } = await fanin(["papers", "T5", "t2", "--reasons"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^T5 {2}/);
    expect(stdout).toMatch(/^T2 {2}/m);
    expect(stdout).toMatch(/what +expected +ours +tolerance +because/);
    expect(stdout).toMatch(/\n\d+ numbers agree, 0 do not\n$/);
    expect(stderr).toBe("T5 ...\nT2 ...\n");
  });

  it("prints the same as JSON", async () => {
    const { code, stdout, stderr } = await fanin(["papers", "T5", "--json", "--quiet"]);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    const { failed, passed, tables } = JSON.parse(stdout) as {
      failed: number;
      passed: number;
      tables: { table: string; rows: { pass: boolean }[] }[];
    };
    expect(failed).toBe(0);
    expect(tables.map(({ table, rows }) => [table, rows.length])).toEqual([["T5", passed]]);
  });

  it("names the command that recomputes T15, which needs the whole data set", async () => {
    const { code, stderr } = await fanin(["papers", "T15"]);
    expect(code).toBe(2);
    expect(stderr).toContain("fanin compare --data fashion-mnist");
  });
});
