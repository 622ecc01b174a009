import { describe, expect, it } from "vitest";
import {
  distanceFrom,
  expFixed,
  fixed,
  lnFixed,
  lnOfTwoTo,
  normalCdfFixed,
  sigmoidFixed,
  sincosFixed,
  tanhFixed,
  ulpsFrom,
} from "../../test/fixed-point.ts";
import { exp, ln, log1pUnit, normalCdf, powerOfTwo, sigmoid, sincos, tanh } from "./elementary.ts";

const points = Array.from({ length: 4001 }, (_, i) => (i - 2000) * 0.0103);

/** The greatest relative difference over the points. */
function worst(ours: (x: number) => number, reference: (x: number) => number, at: readonly number[] = points): number {
  return Math.max(...at.map((x) => Math.abs(ours(x) / reference(x) - 1)).filter((error) => !Number.isNaN(error)));
}

describe("the elementary functions", () => {
  it("agree with Math to a few ulp", () => {
    expect(worst(exp, Math.exp)).toBeLessThan(1e-15);
    expect(worst(tanh, Math.tanh)).toBeLessThan(1e-15);
    expect(
      worst(
        ln,
        Math.log,
        points.map((x) => Math.exp(30 * x)).filter((x) => Math.abs(x - 1) > 0.01),
      ),
    ).toBeLessThan(1e-15);
    expect(worst(sigmoid, (x) => 1 / (1 + Math.exp(-x)))).toBeLessThan(1e-15);
    expect(worst(log1pUnit, Math.log1p, [1e-300, 1e-9, 0.1, 0.5, 1])).toBeLessThan(1e-15);
    for (const x of points) {
      const [s, c] = sincos(x);
      expect(Math.max(Math.abs(s - Math.sin(x)), Math.abs(c - Math.cos(x)))).toBeLessThan(3e-16);
    }
  });

  /** Irregular points from -reach to reach, denser around 0. */
  const spread = (reach: number): number[] =>
    Array.from({ length: 401 }, (_, i) => reach * ((i - 200.37) / 200.37) ** 3 + 1e-3 * Math.SQRT1_2);

  /** |x| rounded so that 1 + |x| is exact. */
  const short = (x: number): number => Math.round(Math.abs(x) * 2 ** 40) / 2 ** 40;

  it.each<[string, number, (x: number) => number]>([
    ["exp", 36, (x) => ulpsFrom(exp(x), expFixed(fixed(x)))],
    ["ln", 36, (x) => ulpsFrom(ln(Math.exp(x)), lnFixed(Math.exp(x)))],
    ["ln around 1", 0.4, (x) => ulpsFrom(ln(1 + x), lnFixed(1 + x))],
    ["tanh", 20, (x) => ulpsFrom(tanh(x), tanhFixed(fixed(x)))],
    ["sigmoid", 36, (x) => ulpsFrom(sigmoid(x), sigmoidFixed(fixed(x)))],
    ["ln(1 + u)", 0.99, (x) => ulpsFrom(log1pUnit(short(x)), lnFixed(1 + short(x)))],
  ])("%s is within 3 ulp of the exact value", (_name, reach, error) => {
    for (const x of spread(reach)) expect(error(x), String(x)).toBeLessThan(3);
  });

  it("exp is within 3 ulp where its argument is large", () => {
    for (const x of spread(700)) {
      // exp(x) is not a fixed-point number there; exp(x) 2^-k is, for the k of its exponent.
      const k = Math.floor(Math.log2(Math.exp(x)));
      const scaled = exp(x) * 2 ** -Math.trunc(k / 2) * 2 ** -(k - Math.trunc(k / 2));
      const exact = k >= 0 ? expFixed(fixed(x)) >> BigInt(k) : expFixed(fixed(x) + lnOfTwoTo(-k));
      expect(ulpsFrom(scaled, exact), String(x)).toBeLessThan(3);
    }
  });

  it("sine, cosine and the normal distribution keep their error bounds", () => {
    for (const x of [...spread(1e5), ...spread(10)]) {
      const [s, c] = sincosFixed(fixed(x));
      const [ours, cosine] = sincos(x);
      expect(Math.max(distanceFrom(ours, s), distanceFrom(cosine, c)), String(x)).toBeLessThan(3e-16);
    }
    for (const x of spread(8)) {
      const exact = normalCdfFixed(fixed(x));
      expect(distanceFrom(normalCdf(x), exact), String(x)).toBeLessThan(1e-15);
      if (x < -4) expect(distanceFrom(normalCdf(x), exact) / normalCdf(x), String(x)).toBeLessThan(1e-14);
    }
  });

  it("are correct at the ends of their ranges", () => {
    expect([exp(-1000), exp(1000), exp(Number.NaN), exp(0)]).toEqual([0, Number.POSITIVE_INFINITY, Number.NaN, 1]);
    expect([ln(0), ln(1), ln(-1), ln(Number.POSITIVE_INFINITY)]).toEqual([
      Number.NEGATIVE_INFINITY,
      0,
      Number.NaN,
      Number.POSITIVE_INFINITY,
    ]);
    expect(ln(5e-324)).toBeCloseTo(Math.log(5e-324), 10);
    expect(exp(709.6)).toBeCloseTo(Math.exp(709.6), -295);
    expect([tanh(100), tanh(-100), tanh(1e-20)]).toEqual([1, -1, 1e-20]);
    expect([powerOfTwo(-1022), powerOfTwo(0), powerOfTwo(1023)]).toEqual([2 ** -1022, 1, 2 ** 1023]);
  });

  it("reproduce the tables of the normal distribution", () => {
    expect(normalCdf(0)).toBe(0.5);
    expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 14);
    expect(normalCdf(-5) / 2.866515718791939e-7).toBeCloseTo(1, 12);
    expect(normalCdf(-3.9999999) / normalCdf(-4.0000001)).toBeCloseTo(1, 5);
  });
});
