import { describe, expect, test } from "vitest";
import { drawingValues, hostileStrings, parseMarkup } from "../test/parse-markup.ts";
import { type DotGroup, intervalDots } from "./interval-dots.ts";

function group(name: string, values: readonly number[], interval: DotGroup["interval"], lost = 0): DotGroup {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0);
  return { name, mean, interval, dots: values.map((value, index) => ({ value, diverged: index < lost })) };
}

function drawn(groups: readonly DotGroup[]): { count(name: string): number; label: string; names: Set<string> } {
  const svg = intervalDots({
    quantity: "Test accuracy",
    decimals: 3,
    groups,
    reference: { value: 0.1, name: "guess" },
  });
  const { elements } = parseMarkup(svg);
  for (const value of drawingValues(elements)) expect(value).not.toMatch(/NaN|Infinity|undefined/);
  return {
    count: (name) => elements.filter(({ attributes }) => attributes.get("class") === name).length,
    label: elements[0]?.attributes.get("aria-label") ?? "",
    names: new Set(elements.map((element) => element.name)),
  };
}

describe("intervalDots", () => {
  test("draws a dot per seed, a cross for diverged runs, the mean and its interval", () => {
    const figure = drawn([
      group("he_normal", [0.8, 0.81, 0.82], [0.785, 0.835]),
      group("wild", [0.1, 0.5], [0, 0.9], 1),
    ]);
    expect([figure.count("seed"), figure.count("lost"), figure.count("marker"), figure.count("interval")]).toEqual([
      4, 1, 2, 2,
    ]);
    expect(figure.label).toBe(
      "Dot chart of test accuracy: he_normal 0.810, 95 % interval 0.785 to 0.835, 3 runs; " +
        "wild 0.300, 95 % interval 0.000 to 0.900, 2 runs, 1 diverged.",
    );
  });

  test("draws a single run as its mean only", () => {
    const figure = drawn([group("he_normal", [0.8], null)]);
    expect([figure.count("seed"), figure.count("marker"), figure.count("interval")]).toEqual([0, 1, 0]);
    expect(figure.label).toContain("no interval, 1 run.");
  });

  test("omits non-finite values and accepts an empty list of groups", () => {
    expect(drawn([group("lost", [Number.NaN, Number.NaN], null, 2)]).count("lost")).toBe(0);
    expect(drawn([]).label).toBe("Dot chart of test accuracy: .");
  });

  test.each(hostileStrings)("shows %j as text", (name) => {
    expect(drawn([group(name, [0.1, 0.2], [0, 1])]).names).toEqual(new Set(["svg", "g", "path", "text", "circle"]));
  });
});
