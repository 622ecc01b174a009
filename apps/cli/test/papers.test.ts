// `fanin papers`: a table for people, JSON for programs, a clear word for a table that there is not.

import { describe, expect, it } from "vitest";
import { fanin } from "./run-fanin.ts";

describe("fanin papers", () => {
  it("prints each number beside the published one", async () => {
    const { code, stdout, stderr } = await fanin(["papers", "T5", "t2", "--reasons"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^T5 {2}/);
    expect(stdout).toMatch(/^T2 {2}/m);
    expect(stdout).toMatch(/what +expected +ours +tolerance +because/);
    expect(stdout).toMatch(/\n\d+ numbers come out, 0 do not\n$/);
    expect(stderr).toBe("T5 ...\nT2 ...\n");
  });

  it("gives the same as JSON", async () => {
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

  it("says of T15, which needs the whole data set, what recomputes it", async () => {
    const { code, stderr } = await fanin(["papers", "T15"]);
    expect(code).toBe(2);
    expect(stderr).toContain("fanin compare --data fashion-mnist");
  });
});
