import { describe, expect, test } from "vitest";
import { brailleCurve } from "./braille-curve.ts";

describe("brailleCurve", () => {
  test("draws a rise, a fall and a constant", () => {
    expect(brailleCurve([0, 1, 2, 3], { columns: 4, rows: 1 })).toBe("⣀⠤⠒⠉");
    expect(brailleCurve([3, 2, 1, 0], { columns: 4, rows: 1 })).toBe("⠉⠒⠤⣀");
    expect(brailleCurve([5, 5], { columns: 3, rows: 1 })).toBe("⠤⠤⠤");
  });

  test("has the given size for any number of values", () => {
    for (const count of [1, 2, 24, 48, 1000]) {
      const lines = brailleCurve(Array.from({ length: count }, (_, index) => Math.sin(index))).split("\n");
      expect(lines.map((line) => [...line].length)).toEqual([24, 24]);
    }
  });

  test("keeps a steep segment connected", () => {
    const lines = brailleCurve([0, 0, 1, 1], { columns: 2, rows: 2 }).split("\n");
    const set = lines.map((line) => [...line].map((cell) => (cell.codePointAt(0) ?? 0) - 0x2800));
    const rows = [0, 1, 2, 3]
      .flatMap((y) => [y, y + 4])
      .filter((y) => {
        const masks = [0x09, 0x12, 0x24, 0xc0];
        return set[y >> 2]?.some((bits) => (bits & (masks[y & 3] ?? 0)) !== 0);
      });
    expect(rows).toHaveLength(8);
  });

  test("leaves a gap for non-finite values, and only gaps if no value is finite", () => {
    expect(brailleCurve([1, 1, Number.NaN, 1, 1], { columns: 5, rows: 1 })).toMatch(/^[^⠀]+⠀+[^⠀]+$/);
    expect(brailleCurve([Number.NaN, Number.POSITIVE_INFINITY], { columns: 3, rows: 1 })).toBe("⠀⠀⠀");
    expect(brailleCurve([], { columns: 2, rows: 1 })).toBe("⠀⠀");
  });

  test("clamps to the given edges", () => {
    // Along the lower edge, then up three dots and along the upper one.
    expect(brailleCurve([-9, -9, 9, 9], { columns: 2, rows: 1, low: 0, high: 1 })).toBe("⣀⠏");
  });

  test("uses only ASCII on request", () => {
    expect(brailleCurve([0, 1, 2, 3], { columns: 4, rows: 1, ascii: true })).toBe(".--'");
    expect(brailleCurve([0, 1], { columns: 1, rows: 1, ascii: true })).toBe("|");
  });

  test.each([0, 1.5, -1, Number.NaN, 1001])("refuses %s columns", (columns) => {
    expect(() => brailleCurve([1], { columns })).toThrow(
      new RangeError(`columns: expected an integer from 1 to 1000, got ${columns}`),
    );
  });
});
