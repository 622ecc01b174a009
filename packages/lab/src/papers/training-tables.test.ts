// The tables that train: every row passes, on the procedural data set and on the real images if available.

import { describe, expect, it } from "vitest";
import { fashionMnistSubset } from "../../test/fashion-mnist-subset.ts";
import { loadIdxDirectory } from "../node.ts";
import { coordinateCheck, coordinateCheckRows } from "./coordinate-check.ts";
import { deepTraining } from "./deep-training.ts";
import { learningTime } from "./learning-time.ts";
import type { PaperRow } from "./paper-table.ts";
import { symmetry, symmetryRows } from "./symmetry.ts";

function expectPass(rows: readonly PaperRow[]): void {
  for (const { ours, tolerance, reason } of rows) {
    expect(Number.isFinite(ours)).toBe(true);
    expect(tolerance).toBeGreaterThanOrEqual(0);
    expect(reason).not.toBe("");
  }
  expect(rows.filter(({ pass }) => !pass)).toEqual([]);
}

const tables = { T6: deepTraining, T8: learningTime, T13: coordinateCheck, T14: symmetry };

describe.each(Object.entries(tables))("%s", (_, table) => {
  it(`passes: ${table.title}`, { timeout: 120_000 }, () => {
    const rows = table.run();
    expect(rows.length).toBeGreaterThan(5);
    expectPass(rows);
  });
});

// Without the real images no claim is untested: the tables above make the same claims on the procedural data set.
const realImages = fashionMnistSubset;
if (realImages !== undefined) {
  describe("on Fashion-MNIST's real images", () => {
    it.each([
      ["T13", coordinateCheckRows],
      ["T14", symmetryRows],
    ])("%s passes too", async (_, rowsOf) => {
      expectPass(rowsOf(await loadIdxDirectory(realImages)));
    });
  });
}
