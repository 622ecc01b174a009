import { describe, expect, it } from "vitest";
import { Canvas, cutCorners, type Outline } from "./canvas.ts";

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

describe("Canvas.polygon", () => {
  it("paints pixels in proportion to their covered area", () => {
    const canvas = new Canvas(4, 3);
    canvas.polygon([1, 1, 3.5, 1, 3.5, 2.5, 1, 2.5], 1);
    expect([...canvas.tones]).toEqual([0, 0, 0, 0, 0, 1, 1, 0.5, 0, 0.5, 0.5, 0.25]);
  });

  it.each<[string, Outline, number]>([
    ["a triangle", [1, 1, 9, 1, 1, 9], 32],
    ["the same triangle in reverse order", [1, 9, 9, 1, 1, 1], 32],
    ["a rhombus", [5, 1, 9, 5, 5, 9, 1, 5], 32],
    ["a dart, which is not convex", [1, 1, 9, 5, 1, 9, 5, 5], 16],
    ["a thin sliver", [1, 2, 9, 2, 9, 2.25, 1, 2.25], 2],
  ])("covers the area of %s", (_name, outline, area) => {
    const canvas = new Canvas(10, 10);
    canvas.polygon(outline, 1);
    expect(sum(canvas.tones)).toBeCloseTo(area, 10);
  });

  it("clips at every side of the canvas", () => {
    const canvas = new Canvas(3, 2);
    canvas.polygon([-50, -50, 50, -50, 50, 50, -50, 50], 0.5);
    expect([...canvas.tones]).toEqual([0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
    canvas.polygon([-9, -9, -1, -9, -1, 9, -9, 9], 1);
    canvas.polygon([4, 0, 9, 0, 9, 2, 4, 2], 1);
    canvas.polygon([0, -3, 3, -3, 3, -1, 0, -1], 1);
    canvas.polygon([0, 3, 3, 3, 3, 9, 0, 9], 1);
    expect([...canvas.tones]).toEqual([0.5, 0.5, 0.5, 0.5, 0.5, 0.5]);
  });

  it("leaves a hole by the even-odd rule", () => {
    const canvas = new Canvas(5, 5);
    canvas.polygon([0, 0, 5, 0, 5, 5, 0, 5, 0, 0, 2, 2, 3, 2, 3, 3, 2, 3, 2, 2], 1);
    expect(canvas.tones[12]).toBe(0);
    expect(sum(canvas.tones)).toBeCloseTo(24, 10);
  });

  it("paints over earlier shapes, and clear() empties the canvas", () => {
    const canvas = new Canvas(1, 1);
    canvas.polygon([0, 0, 1, 0, 1, 1, 0, 1], 1);
    canvas.polygon([0, 0, 0.5, 0, 0.5, 1, 0, 1], 0.5);
    expect([...canvas.tones]).toEqual([0.75]);
    canvas.clear();
    expect([...canvas.tones]).toEqual([0]);
  });
});

describe("Canvas.line", () => {
  it("has the given thickness and extends by half of it", () => {
    const canvas = new Canvas(12, 8);
    canvas.line([2, 4, 8, 4], 2, 1);
    expect(sum(canvas.tones)).toBeCloseTo(2 * (6 + 1), 10);
  });

  it("skips segments of no length", () => {
    const canvas = new Canvas(4, 4);
    canvas.line([1, 1, 1, 1], 2, 1);
    expect(sum(canvas.tones)).toBe(0);
  });
});

describe("cutCorners", () => {
  it("cuts a quarter of each side of a closed outline", () => {
    expect(cutCorners([0, 0, 4, 0, 4, 4, 0, 4], 1, true)).toEqual([1, 0, 3, 0, 4, 1, 4, 3, 3, 4, 1, 4, 0, 3, 0, 1]);
  });

  it("keeps the ends of an open one", () => {
    expect(cutCorners([0, 0, 4, 0, 4, 4], 1, false)).toEqual([0, 0, 1, 0, 3, 0, 4, 1, 4, 3, 4, 4]);
  });

  it("changes nothing in zero passes", () => {
    expect(cutCorners([0, 0, 4, 0, 4, 4], 0, true)).toEqual([0, 0, 4, 0, 4, 4]);
  });
});
