import { describe, expect, it } from "vitest";
import { leastPValue, signFlipTest } from "./sign-flip.ts";

describe("signFlipTest", () => {
  it.each([
    [[1], 1],
    [[1, 1], 1 / 2],
    [[1, 2, 3, 4, 5], 2 / 32],
    // |sum| >= 13 of 15: all plus, without 1, and their mirror images.
    [[-1, 2, 3, 4, 5], 4 / 32],
    // |sum| >= 5 but for those with sums 1 (without 25, 34, 124) and 3 (without 15, 24, 123) and their mirror images: 12.
    [[1, 2, 3, 4, -5], 20 / 32],
    [[0, 0, 0, 0, 0], 1],
    [[0, 0, 1, 0, 0, 0], 1],
  ])("of %j is %d by enumeration", (differences, p) => {
    expect(signFlipTest(differences)).toBe(p);
  });

  it("gives Fisher's p-value for twelve and for all fifteen pairs of Darwin's maize", () => {
    // The Design of Experiments, table 3, in eighths of an inch; section 21: 1,726 of 32,768 patterns reach the sum of 314.
    const maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48];
    expect(maize.reduce((a, b) => a + b)).toBe(314);
    // Three standard errors of 9999 patterns.
    expect(Math.abs(signFlipTest(maize) - 1726 / 32768)).toBeLessThan(3 * Math.sqrt((0.0527 * 0.9473) / 9999));
    const twelve = maize.slice(0, 12);
    const total = Math.abs(twelve.reduce((a, b) => a + b));
    let sums = [0];
    for (const value of twelve) sums = sums.flatMap((sum) => [sum + value, sum - value]);
    expect(signFlipTest(twelve)).toBe(sums.filter((sum) => Math.abs(sum) >= total).length / 4096);
  });

  it("counts sums that differ only by rounding as equal", () => {
    expect(signFlipTest([0.1, 0.2, 0.3, -0.3, 0.1])).toBe(signFlipTest([1, 2, 3, -3, 1]));
  });

  it("has the stated least value", () => {
    for (const n of [2, 5, 8, 12, 13, 40]) {
      const differences = Array.from({ length: n }, (_, i) => 1 + i / 100);
      expect(signFlipTest(differences)).toBeGreaterThanOrEqual(leastPValue(n));
      if (n <= 12 || n === 40) expect(signFlipTest(differences)).toBe(leastPValue(n));
    }
    expect(() => signFlipTest([])).toThrow(RangeError);
  });
});
