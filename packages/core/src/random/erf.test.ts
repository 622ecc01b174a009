// erf at the bounds that streams use, against float64, and the neighbours of floats.

import { describe, expect, it } from "vitest";
import { normalCdf } from "./distribution.ts";
import { erf, nextAfter } from "./erf.ts";

describe("erf", () => {
  it("gives the bounds of a normal cut at two standard deviations", () => {
    const bits = new Uint32Array(Float32Array.of(erf(Math.fround(-Math.SQRT2)), erf(Math.fround(Math.SQRT2))).buffer);
    expect([...bits]).toEqual([0xbf745a18, 0x3f745a18]);
  });

  it("is erf to within 3e-7, odd, and 1 in the tails", () => {
    for (let x = -4; x <= 4; x += 0.0371) {
      const argument = Math.fround(x);
      expect(Math.abs(erf(argument) - (2 * normalCdf(argument * Math.SQRT2) - 1))).toBeLessThan(3e-7);
      expect(erf(-argument)).toBe(-erf(argument));
    }
    expect([erf(3.75), erf(Number.NEGATIVE_INFINITY), erf(0)]).toEqual([1, -1, 0]);
  });
});

describe("nextAfter", () => {
  const up = Number.POSITIVE_INFINITY;
  const down = Number.NEGATIVE_INFINITY;

  it.each([
    [1, up, 1 + 2 ** -23],
    [1, down, 1 - 2 ** -24],
    [-2, up, -2 + 2 ** -23],
    [-1, down, -1 - 2 ** -23],
    [0, up, 2 ** -149],
    [0, down, -(2 ** -149)],
    [2 ** -149, down, 0],
    [down, up, -3.4028234663852886e38],
    [up, up, up],
  ])("takes %d towards %d to %d", (x, towards, next) => {
    expect(nextAfter(x, towards)).toBe(next);
  });
});
