// Every exported kernel equals its reference implementation at all sizes around its tile, at every alignment, in place, within its bounds.

import { describe, expect, it } from "vitest";
import { cases } from "./cases/index.ts";
import { differences, kernels } from "./harness.ts";

describe("the table of kernel tests", () => {
  it("has a row for every exported kernel", () => {
    const tested = new Set(cases.map(({ kernel }) => kernel));
    expect([...tested].sort()).toEqual(Object.keys(kernels).sort());
  });

  it("gives a reason for every tolerance", () => {
    expect(cases.filter(({ tolerance, why }) => tolerance > 0 && !why)).toEqual([]);
  });
});

describe.each(cases.map((test, row) => ({ name: `${test.kernel} (row ${row})`, test })))("$name", ({ test }) => {
  it.each([0, 4, 8, 12])("equals its reference implementation %i bytes past 16-byte alignment", (misalignment) => {
    for (const size of test.sizes) {
      expect(differences(test, size, { misalignment }), `size ${size.join(" x ")}`).toEqual([]);
    }
  });

  it.each(test.inPlace ?? [])("works with argument %i in the memory of argument %i", (target, source) => {
    for (const size of test.sizes) {
      const found = differences(test, size, { misalignment: 0, shared: [target, source] });
      expect(found, `size ${size.join(" x ")}`).toEqual([]);
    }
  });

  it("reads nothing beyond any of its arguments", () => {
    for (const size of test.sizes) {
      test.arguments(...size).forEach((argument, atEnd) => {
        if (typeof argument !== "object") return;
        const found = differences(test, size, { misalignment: 0, atEnd });
        expect(found, `size ${size.join(" x ")}, argument ${atEnd} at the end of the memory`).toEqual([]);
      });
    }
  });
});
