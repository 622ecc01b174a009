// diagnose judged on the labelled set: no healthy case flagged as an error, no sick one missed; prints the confusion table.

import { describe, expect, it } from "vitest";
import { codes } from "../src/diagnose/codes.ts";
import { diagnose } from "../src/diagnose/diagnose.ts";
import type { Finding } from "../src/diagnose/finding.ts";
import { type DiagnoseCase, diagnoseCases } from "./diagnose-cases.ts";

type Verdict = "error" | "warning" | "clean";

function verdictOf(findings: readonly Finding[]): Verdict {
  if (findings.some(({ severity }) => severity === "error")) return "error";
  return findings.some(({ severity }) => severity === "warning") ? "warning" : "clean";
}

const results = new Map<DiagnoseCase, readonly Finding[]>();

/** The findings of a case, which is run once. */
function findingsOf(each: DiagnoseCase): readonly Finding[] {
  const findings = results.get(each) ?? each.run().findings;
  results.set(each, findings);
  return findings;
}

describe("diagnose on the labelled set", () => {
  it("has at least 60 cases, both kinds many", () => {
    expect(new Set(diagnoseCases.map(({ name, finds }) => `${name} ${finds}`)).size).toBe(diagnoseCases.length);
    expect(diagnoseCases.length).toBeGreaterThanOrEqual(60);
    for (const isSick of [true, false]) {
      expect(diagnoseCases.filter(({ finds }) => (finds !== null) === isSick).length).toBeGreaterThan(20);
    }
  });

  it("has a sick case for every code", () => {
    const found = new Set<string | null>(diagnoseCases.map(({ finds }) => finds));
    expect(Object.keys(codes).filter((code) => !found.has(code))).toEqual([]);
  });

  it.each(diagnoseCases.filter(({ finds }) => finds === null))("calls healthy: $name", (each) => {
    expect(findingsOf(each).filter(({ severity }) => severity !== "note")).toEqual([]);
  });

  it.each(diagnoseCases.filter(({ finds }) => finds !== null))("finds $finds: $name", (each) => {
    const found = findingsOf(each)
      .filter(({ severity }) => severity !== "note")
      .map(({ code }) => code);
    expect(found).toContain(each.finds);
  });

  it("prints the confusion table", () => {
    const count = (isSick: boolean, verdict: Verdict): number =>
      diagnoseCases.filter((each) => (each.finds !== null) === isSick && verdictOf(findingsOf(each)) === verdict)
        .length;
    const row = (label: string, isSick: boolean): string =>
      [
        label.padEnd(8),
        ...(["error", "warning", "clean"] as const).map((verdict) => String(count(isSick, verdict)).padStart(8)),
      ].join("");
    console.log(["", "           error warning   clean", row("healthy", false), row("sick", true)].join("\n"));
    expect(count(false, "error")).toBe(0);
    expect(count(true, "clean")).toBe(0);
  });

  it.each(process.env["FANIN_LONG"] ? [1, 2, 3] : [1])("judges the networks alike with seed %i", (seed) => {
    for (const { name, finds, network } of diagnoseCases) {
      if (!network) continue;
      const codes = diagnose(network, { seed })
        .findings.filter(({ severity }) => severity !== "note")
        .map(({ code }) => code);
      if (finds === null) expect(codes, name).toEqual([]);
      else expect(codes, name).toContain(finds);
    }
  });

  it("gives every finding a place, a reason, a remedy and a confidence, as plain JSON", () => {
    for (const each of diagnoseCases) {
      for (const { where, why, fix, found, confidence, numbers } of findingsOf(each)) {
        expect(where.length).toBeGreaterThan(0);
        for (const text of [why, fix, found]) expect(text).not.toBe("");
        expect(confidence).toBeGreaterThan(0);
        expect(confidence).toBeLessThanOrEqual(1);
        expect(JSON.parse(JSON.stringify(numbers))).toEqual(numbers);
      }
    }
  });
});
