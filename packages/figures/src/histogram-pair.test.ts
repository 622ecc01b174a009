import { describe, expect, test } from "vitest";
import { drawingValues, hostileStrings, parseMarkup } from "../test/parse-markup.ts";
import { histogramMoments, histogramPair, histogramShares } from "./histogram-pair.ts";

const before = { low: -1, high: 1, counts: [0, 2, 4, 2] };
const after = { low: -1, high: 1, counts: [8, 0, 0, 8] };
const pair = { name: "he_normal", quantity: "weights of dense_1", before, after, series: 3 };

function paths(svg: string): { before: string; after: string } {
  const { elements } = parseMarkup(svg);
  for (const value of drawingValues(elements)) expect(value).not.toMatch(/NaN|Infinity|undefined/);
  const d = (name: string): string =>
    elements.find(({ attributes }) => attributes.get("class")?.split(" ")[0] === name)?.attributes.get("d") ?? "";
  return { before: d("before"), after: d("after") };
}

describe("histogramPair", () => {
  test("draws both outlines on the same bins with heights as shares, independent of totals", () => {
    const doubled = { ...after, counts: after.counts.map((count) => 2 * count) };
    expect(histogramPair(pair)).toBe(histogramPair({ ...pair, after: doubled }));
    const same = paths(histogramPair({ ...pair, after: before }));
    expect(same.before).toBe(same.after);
  });

  test("states mean and spread before and after in its label", () => {
    const label = parseMarkup(histogramPair(pair)).elements[0]?.attributes.get("aria-label");
    expect(label).toBe(
      "Histograms of weights of dense_1, he_normal. Before training: mean 0.25, standard deviation 0.35. After: mean 0, standard deviation 0.75.",
    );
  });

  test("shows equal weights as a bar", () => {
    const point = { low: 0, high: 0, counts: [0, 0, 128, 0] };
    expect(paths(histogramPair({ ...pair, before: point, after: point })).after).toMatch(/V44H/);
  });

  test("accepts empty bins", () => {
    const empty = { low: 0, high: 1, counts: [0, 0] };
    const svg = histogramPair({ ...pair, before: empty, after: empty });
    expect(paths(svg).after).not.toBe("");
    expect(svg).toContain("nothing counted");
    expect(histogramShares(empty)).toEqual([0, 0]);
    expect(histogramMoments(empty)).toBeNull();
  });

  test("refuses histograms with different bins and non-finite bounds", () => {
    expect(() => histogramPair({ ...pair, after: { ...after, low: -2 } })).toThrow(
      new RangeError("after: expected the bins of before, 4 on [-1, 1], got 4 on [-2, 1]"),
    );
    const infinite = { low: Number.NEGATIVE_INFINITY, high: 1, counts: [1] };
    expect(() => histogramPair({ ...pair, before: infinite, after: infinite })).toThrow(RangeError);
  });

  test.each(hostileStrings)("shows %j as text", (name) => {
    const { elements } = parseMarkup(histogramPair({ ...pair, name, quantity: name }));
    expect(new Set(elements.map((element) => element.name))).toEqual(new Set(["svg", "g", "path", "text"]));
  });
});
