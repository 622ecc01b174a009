// Ratios, targets and tables, from synthetic timings.

import { describe, expect, it } from "vitest";
import { compare, formatTable, GFLOPS, runCase } from "../compare.mjs";
import type { Contender, Timing } from "../measure.mjs";

const timings = (...medians: number[]): Timing[] =>
  medians.map((value, i) => ({ name: `${i}`, own: false, amount: 1, median: value, deviation: 0, samples: 1 }));

describe("compare", () => {
  const contenders: Contender[] = [
    { name: "fanin", own: true },
    { name: "relaxed", own: true, amount: 2 },
    { name: "tfjs" },
    { name: "peak", only: "fanin", amount: 4, isLimit: true },
    { name: "peak", only: "relaxed", amount: 8, isLimit: true },
  ];

  it("compares amounts per cost, each own contender with every peer that names it or none", () => {
    const { ratios } = compare(contenders, timings(1, 1, 3, 2, 2), []);
    expect(ratios.map(({ own, peer, ratio }) => [own, peer, ratio])).toEqual([
      ["fanin", "tfjs", 3],
      ["fanin", "peak", 0.5],
      ["relaxed", "tfjs", 6],
      ["relaxed", "peak", 0.5],
    ]);
  });

  it("reports whether a target is reached", () => {
    const target = { own: "fanin", peer: "tfjs", atLeast: 3 };
    expect(compare(contenders, timings(1, 1, 3, 2, 2), [target]).ratios[0]?.reached).toBe(true);
    expect(compare(contenders, timings(1, 1, 2.9, 2, 2), [target]).ratios[0]?.reached).toBe(false);
    expect(compare(contenders, timings(1, 1, 3, 2, 2), [target]).ratios[2]?.reached).toBeUndefined();
  });

  it("compares a cost per amount with its limit", () => {
    const target = { own: "relaxed", atMost: 1, unit: "1 s" };
    const { shares } = compare(contenders, timings(1, 1, 3, 2, 2), [target]);
    expect(shares).toEqual([{ own: "relaxed", share: 0.5, target, reached: true }]);
    expect(compare(contenders, timings(1, 3, 3, 2, 2), [target]).shares[0]?.reached).toBe(false);
  });
});

describe("runCase", () => {
  it("uses the smaller of the case's number of turns and the given one", async () => {
    const test = { name: "case", rounds: 2, prepare: async () => [{ name: "fanin", own: true, run: () => {} }] };
    const samples = async (rounds: number) => (await runCase(test, { rounds, seconds: 1e-5 })).timings[0]?.samples;
    expect([await samples(5), await samples(1)]).toEqual([2, 1]);
  });

  it("measures nothing if the results differ", async () => {
    const prepare = () => Promise.reject(new Error("element 0: expected 1, got 2"));
    await expect(runCase({ name: "case", prepare })).rejects.toThrow("expected 1, got 2");
  });
});

describe("formatTable", () => {
  it("shows ratios, per cent of limits and targets, but no times", async () => {
    const test = {
      name: "64",
      targets: [
        { own: "fanin", peer: "tfjs", atLeast: 3, aim: 4 },
        { own: "fanin", peer: "peak", atLeast: 0.92 },
        { own: "fanin", atMost: 4, unit: "4 kB" },
      ],
      prepare: async () => [
        { name: "fanin", own: true, cost: 1 },
        { name: "tfjs", cost: 3.5 },
        { name: "peak", cost: 0.5, isLimit: true },
      ],
    };
    const text = formatTable([await runCase(test)]);
    expect(text.split("\n").map((line) => line.trim().split(/ {2,}/))).toEqual([
      ["case", "of", "/ tfjs", "/ peak", "limit", "spread"],
      ["64", "fanin", "3.50x (>= 3.00x, aim 4.00x: ok)", "50.0 % (>= 92.0 %: SHORT)", "25.0 % of 4 kB (ok)"],
    ]);
  });

  it("shows a rate if one is given", async () => {
    const prepare = async () => [{ name: "fanin", own: true, cost: 2, amount: 5e9 }];
    const text = formatTable([await runCase({ name: "64", prepare })], GFLOPS);
    expect(text.split("\n")[1]?.trim().split(/ {2,}/)).toEqual(["64", "fanin", "2.5"]);
  });
});
