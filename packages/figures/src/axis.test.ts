import { describe, expect, test } from "vitest";
import { type Axis, extent, integerAxis, linearAxis, logAxis } from "./axis.ts";

const labels = (axis: Axis): string[] => axis.ticks.map(({ label }) => label);

describe("extent", () => {
  test("skips missing and non-finite values", () => {
    expect(extent([3, null, Number.NaN, -1, Number.POSITIVE_INFINITY])).toEqual([-1, 3]);
    expect(extent([null, Number.NaN])).toBeNull();
  });
});

describe("linearAxis", () => {
  test("widens to round numbers and maps the domain onto the range", () => {
    const axis = linearAxis([0.097, 0.813], [200, 0]);
    expect(axis.domain).toEqual([0, 1]);
    expect([axis.position(0), axis.position(1)]).toEqual([200, 0]);
    expect(labels(axis)).toEqual(["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
  });

  test.each([0, 2.3049, -5e-9, 1e200])("places a constant of %s inside", (value) => {
    const axis = linearAxis([value, value], [0, 100]);
    expect(axis.position(value)).toBeGreaterThan(0);
    expect(axis.position(value)).toBeLessThan(100);
  });

  test.each([
    [0.1, 0.1 + 2e-17 * 8],
    [0.1, 0.1 + 1e-15],
    [0.1, 0.1000001],
    [0.1, 0.100001],
    [0.8123, 0.81230004],
    [2.403585, 2.4035853],
    [123456, 123456.0001],
    [-0.1 - 1e-12, -0.1],
    [1e-7, 1.0000001e-7],
    [3e38, 3.0000001e38],
  ])("has short, distinct labels for nearly equal values, %s to %s", (low, high) => {
    const axis = linearAxis([low, high], [0, 100]);
    expect(axis.ticks.length).toBeGreaterThan(1);
    expect(new Set(labels(axis)).size).toBe(axis.ticks.length);
    for (const label of labels(axis)) expect(label.length).toBeLessThanOrEqual(10);
    for (const value of [low, high]) {
      expect(axis.position(value)).toBeGreaterThanOrEqual(0);
      expect(axis.position(value)).toBeLessThanOrEqual(100);
    }
  });
});

describe("integerAxis", () => {
  test("centres the only step", () => {
    const axis = integerAxis([1, 1], [0, 100]);
    expect([axis.position(1), labels(axis)]).toEqual([50, ["1"]]);
  });

  test.each([2, 5, 8, 40, 1000])("has only integer ticks, at most 8, from 1 to %s", (high) => {
    const { ticks } = integerAxis([1, high], [0, 100]);
    expect(ticks.length).toBeGreaterThan(1);
    expect(ticks.length).toBeLessThanOrEqual(8);
    expect(ticks.every(({ value }) => Number.isInteger(value) && value >= 1 && value <= high)).toBe(true);
  });
});

describe("logAxis", () => {
  test.each([
    [0.4, 380],
    [1e-12, 1],
    [2.301, 2.304],
    [0.9, 3],
    [1e-300, 1e300],
    [5, 5],
  ])("has 2 to 6 distinct labels inside its domain for %s to %s", (low, high) => {
    const axis = logAxis([low, high], [0, 100]);
    expect(axis.ticks.length).toBeGreaterThanOrEqual(2);
    expect(axis.ticks.length).toBeLessThanOrEqual(6);
    expect(new Set(labels(axis)).size).toBe(axis.ticks.length);
    for (const { value } of axis.ticks) {
      expect(axis.position(value)).toBeGreaterThanOrEqual(0);
      expect(axis.position(value)).toBeLessThanOrEqual(100);
    }
  });

  test("spaces decades evenly", () => {
    const axis = logAxis([0.01, 100], [0, 100]);
    expect(axis.position(1) - axis.position(0.1)).toBeCloseTo(axis.position(100) - axis.position(10), 9);
    expect(labels(axis)).toEqual(["0.01", "0.1", "1", "10", "100"]);
  });

  test("refuses a non-positive domain", () => {
    expect(() => logAxis([0, 1], [0, 100])).toThrow(
      new RangeError("domain: expected positive values for a log axis, got 0"),
    );
  });
});
