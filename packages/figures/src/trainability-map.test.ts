// The trainability map: cells, the position of theory's lines, the text for screen readers.

import { describe, expect, it } from "vitest";
import { type TrainabilityMap, trainabilityMap } from "./trainability-map.ts";

const map: TrainabilityMap = {
  title: "he_normal & others",
  depths: [2, 4, 8],
  columns: { name: "learning rate", labels: ["0.01", "0.1"] },
  values: [
    [0.1, 0.8],
    [0.5, null],
    [0.1, 0.1],
  ],
  quantity: "test accuracy",
  domain: [0.1, 0.8],
  lines: [],
};

/** The heights of the line over each column. */
function heights(depths: readonly (number | null)[]): number[] {
  const svg = trainabilityMap({ ...map, lines: [{ name: "ξ", depths }] });
  const [, d = ""] = /class="edge" d="([^"]*)"/.exec(svg) ?? [];
  return [...d.matchAll(/[ML]\d+ ([\d.]+)H/g)].map((match) => Number(match[1]));
}

describe("trainabilityMap", () => {
  it("describes itself, escaped, and leaves holes", () => {
    const svg = trainabilityMap(map);
    expect(svg).toContain(
      'aria-label="Map of test accuracy, he_normal &amp; others: 3 depths from 2 to 8 by 2 of learning rate from 0.01 to 0.1, from 0.100 to 0.800."',
    );
    expect(svg).not.toContain('class="edge"');
    const cells = /class="cells">(.*?)<\/g>/.exec(svg)?.[1] ?? "";
    // Three colours; the row in the middle has one cell of two.
    expect(cells.match(/<path/g)?.length).toBe(3);
  });

  it("draws a depth of the grid in the middle of its row, and interpolates others by logarithm", () => {
    const [two = 0, four = 0] = heights([2, 4]);
    const [between = 0, eight = 0] = heights([Math.sqrt(8), 8]);
    expect(two - four).toBeCloseTo(four - eight, 0);
    expect(between).toBeCloseTo((two + four) / 2, 0);
  });

  it("draws depths slightly beyond the grid, but none that are far, infinite or unknown", () => {
    const [two = 0, low = 0] = heights([2, 1.5]);
    expect(low).toBeGreaterThan(two);
    expect(heights([1, 100])).toEqual([]);
    expect(heights([null, 4]).length).toBe(1);
    const svg = trainabilityMap({ ...map, lines: [{ name: "6 ξ", depths: [3, 30] }] });
    expect(svg).toContain("Lines: 6 ξ at 3.00 to 30.0 layers.");
  });

  it("refuses values of another shape and non-ascending depths", () => {
    expect(() => trainabilityMap({ ...map, values: [[1, 2]] })).toThrow("values: expected 3 rows of 2");
    expect(() => trainabilityMap({ ...map, depths: [4, 2, 8] })).toThrow(
      "depths: expected positive, ascending numbers, got 4, 2, 8",
    );
  });
});
