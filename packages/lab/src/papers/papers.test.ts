import { describe, expect, it } from "vitest";
import { deltaOrthogonalKernel } from "./delta-orthogonal.ts";
import { papers } from "./index.ts";
import { depthRows, reluClaims } from "./variance-by-depth.ts";

/** The tables that train take longer; they have a separate file, which runs in parallel. */
const trained = ["T6", "T8", "T13", "T14"];

describe("the papers' tables", () => {
  it.each(Object.entries(papers).filter(([name]) => !trained.includes(name)))("%s is reproduced", (_name, { run }) => {
    const rows = run();
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ pass }) => !pass)).toEqual([]);
    for (const { reason, tolerance } of rows) {
      expect(reason).not.toBe("");
      expect(tolerance).toBeGreaterThanOrEqual(0);
    }
  });

  it("T1 distinguishes tfjs's heNormal from He's", () => {
    const [he, tfjs] = reluClaims;
    const wrong = depthRows({ name: "wrong", initializer: tfjs?.initializer ?? "", factor: he?.factor ?? 1 });
    expect(wrong.filter(({ pass }) => !pass).map(({ what }) => what)).toEqual([
      "relu, wrong: log10 q at layer 1",
      "relu, wrong: log10 q at layer 10",
      "relu, wrong: log10 q at layer 30",
      "relu, wrong: log10 q at layer 50",
    ]);
  });

  it("T11 refuses a kernel that cannot keep norms", () => {
    expect(() => deltaOrthogonalKernel(3, 8, 4, 0)).toThrow("inputs: expected no more than outputs (4)");
  });
});
