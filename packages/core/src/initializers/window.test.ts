// The windows against scipy.signal.get_window 1.17.1, to the last bits of float64.
// test/goldens/scipy-windows.json was written by scipy-windows.py beside it.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { windowNames, windowValues } from "./window.ts";

const goldens = JSON.parse(readFileSync(new URL("../../test/goldens/scipy-windows.json", import.meta.url), "utf8")) as [
  string,
  number,
  boolean,
  number[],
][];

it.each(goldens)("%s of %i, periodic %s", (name, length, periodic, expected) => {
  const values = windowValues(name, length, periodic);
  expect(values.length).toBe(length);
  // Math.cos is the engine's: 2 ULP of the terms, which are below 1.
  for (const [i, value] of values.entries()) expect(Math.abs(value - (expected[i] ?? 0))).toBeLessThanOrEqual(2 ** -51);
});

describe.each(windowNames)("%s", (name) => {
  it("is one at length 1 and empty at 0, as in scipy", () => {
    expect(windowValues(name, 1, false)).toEqual([1]);
    expect(windowValues(name, 1, true)).toEqual([1]);
    expect(windowValues(name, 0, false)).toEqual([]);
  });
});

it("suggests the nearest name", () => {
  expect(() => windowValues("hanning", 4, false)).toThrow(/did you mean "ha(mming|nn)"/);
  expect(() => windowValues("kaiser", 4, false)).toThrow(RangeError);
});
