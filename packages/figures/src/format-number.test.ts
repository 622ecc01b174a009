import { expect, test } from "vitest";
import { formatCoordinate, formatCount, formatFixed, formatNumber, formatPower, formatTick } from "./format-number.ts";

test.each([
  [2.3049, 3, "2.30"],
  [0, 3, "0"],
  [-0.1234, 2, "\u22120.12"],
  [0.00012345, 3, "0.000123"],
  [0.00001, 3, "1.00e\u22125"],
  [1234567, 3, "1.23e6"],
  [999.96, 4, "1000"],
  [0.9996, 3, "1.00"],
  [160, 2, "160"],
  [Number.NaN, 3, "n/a"],
  [null, 3, "n/a"],
])("formatNumber(%s, %s) is %s", (value, digits, text) => {
  expect(formatNumber(value, digits)).toBe(text);
});

test.each([
  [-400.5, 2, "3.2e\u2212401"],
  [1000, 2, "1.0e1000"],
  [-299.0000001, 1, "1e\u2212299"],
  [-400.0000001, 1, "1e\u2212400"],
  [Math.log10(0.5), 2, "0.50"],
  [Number.NaN, 2, "n/a"],
])("formatPower(%s, %s) is %s", (log10, digits, text) => {
  expect(formatPower(log10, digits)).toBe(text);
});

test("formatFixed keeps decimals, formatCount separates thousands, formatCoordinate rounds to a tenth", () => {
  expect(formatFixed(0.8, 3)).toBe("0.800");
  expect(formatFixed(Number.POSITIVE_INFINITY, 3)).toBe("n/a");
  expect(formatCount(100352)).toBe("100\u2009352");
  expect(formatCount(723)).toBe("723");
  expect(formatCoordinate(1 / 3)).toBe("0.3");
});

test.each([
  [0.30000000000000004, 0.1, "0.3"],
  [-1e-17, 0.2, "0"],
  [2.5, 0.5, "2.5"],
  [150000, 50000, "1.5e5"],
  [2e-6, 1e-6, "2e\u22126"],
  [20, 10, "20"],
])("formatTick(%s, %s) is %s", (value, step, text) => {
  expect(formatTick(value, step)).toBe(text);
});
