import { describe, expect, test } from "vitest";
import { blocksHistogram } from "./blocks-histogram.ts";

describe("blocksHistogram", () => {
  test("draws proportional heights, the lowest block for the smallest count and a space for 0", () => {
    expect(blocksHistogram([0, 1, 4, 8, 4, 1, 0])).toBe(" ▁▄█▄▁ ");
    expect(blocksHistogram([1, 100000])).toBe("▁█");
    expect(blocksHistogram([5, 5, 5])).toBe("███");
  });

  test("is blank without counts and empty without bins", () => {
    expect(blocksHistogram([0, 0, 0])).toBe("   ");
    expect(blocksHistogram([])).toBe("");
  });

  test("merges neighbours to the given width and keeps a uniform histogram uniform", () => {
    expect(blocksHistogram([1, 1, 8, 8], { columns: 2 })).toBe("▁█");
    expect(blocksHistogram(new Array(48).fill(3), { columns: 10 })).toBe("██████████");
    expect(blocksHistogram([1, 2], { columns: 10 })).toBe("▄█");
  });

  test("uses only ASCII on request", () => {
    expect(blocksHistogram([0, 1, 2, 3, 4, 5, 6, 7, 8], { ascii: true })).toBe(" .:-=+*#@");
  });

  test("refuses invalid counts and widths", () => {
    expect(() => blocksHistogram([1, -1])).toThrow(
      new RangeError("counts[1]: expected a finite number that is not negative, got -1"),
    );
    expect(() => blocksHistogram([Number.NaN])).toThrow(RangeError);
    expect(() => blocksHistogram([1], { columns: 0 })).toThrow(
      new RangeError("columns: expected an integer from 1 to 1000, got 0"),
    );
  });
});
