import { permutation } from "@fanin/core";
import { describe, expect, it } from "vitest";
import { normalQuantile } from "./normal-quantile.ts";
import { jointComparisons, pairedComparisons, seedsToJudge } from "./paired-comparison.ts";
import type { RunResult } from "./result.ts";

function run(initializer: string, seed: number, testAccuracy: number, diverged: number | null = null): RunResult {
  return {
    initializer,
    seed,
    // The loss falls as the accuracy rises, so that both metrics agree.
    epochs:
      diverged === null
        ? [{ loss: 1 - testAccuracy, accuracy: 0, validationLoss: null, validationAccuracy: null }]
        : [],
    testLoss: null,
    testAccuracy,
    diverged,
    weights: [],
    sha256: "",
  };
}

/** Runs of each initializer, accuracies by seed. */
const runsOf = (accuracies: Readonly<Record<string, readonly number[]>>): RunResult[] =>
  Object.entries(accuracies).flatMap(([name, values]) => values.map((value, seed) => run(name, seed, value)));

const verdicts = (accuracies: Readonly<Record<string, readonly number[]>>): string[] =>
  pairedComparisons(Object.keys(accuracies), "reference", runsOf(accuracies)).map(({ verdict }) => verdict);

/** `n` standard normal values: the n quantiles of midpoints out of 4096 that a permutation picks. */
function normals(n: number, key: number): number[] {
  return Array.from(permutation(4096, [key, 99]).subarray(0, n), (i) => normalQuantile((i + 0.5) / 4096));
}

const flat = (n: number, value: number): number[] => new Array<number>(n).fill(value);

describe("pairedComparisons", () => {
  it("reports better and worse by both metrics, with the opposite sign for the loss", () => {
    const reference = [0.8, 0.81, 0.79, 0.8, 0.82, 0.8, 0.79, 0.81];
    const noise = [1, 3, 2, -1, 2, 4, 1, 2].map((value) => value / 1000);
    const better = reference.map((value, i) => value + 0.01 + (noise[i] ?? 0));
    const worse = reference.map((value, i) => value - 0.01 - (noise[i] ?? 0));
    const result = pairedComparisons(
      ["better", "reference", "worse"],
      "reference",
      runsOf({ better, reference, worse }),
    );
    expect(result.map(({ initializer, metric, verdict }) => [initializer, metric, verdict])).toEqual([
      ["better", "testAccuracy", "better"],
      ["worse", "testAccuracy", "worse"],
      ["better", "lossAuc", "better"],
      ["worse", "lossAuc", "worse"],
    ]);
    const [first, , loss] = result;
    expect(first?.difference).toBeCloseTo(0.01175, 12);
    // All eight differences are positive: 2 / 256, doubled for two comparisons.
    expect([first?.pValue, first?.adjustedPValue]).toEqual([2 / 256, 4 / 256]);
    expect(first?.interval?.[0]).toBeGreaterThan(0.0105);
    expect(first?.interval?.[1]).toBeLessThan(0.013);
    expect(loss?.difference).toBeCloseTo(-0.01175, 12);
  });

  it("judges nothing below five seeds, or if no p-value can reach the level", () => {
    for (const n of [1, 2, 3, 4, 5]) {
      expect(verdicts({ reference: flat(n, 0.1), other: flat(n, 0.9) })).toEqual(
        flat(2, 0).map(() => "too few seeds to judge"),
      );
    }
    expect(verdicts({ reference: flat(6, 0.1), other: flat(6, 0.9) })).toEqual(["better", "better"]);
    expect(verdicts({ reference: flat(6, 0.1), a: flat(6, 0.9), b: flat(6, 0.8) })[0]).toBe("too few seeds to judge");
    // 2 / 2^n times the number of comparisons.
    expect([1, 2, 3, 4, 6, 7, 12].map(seedsToJudge)).toEqual([6, 7, 7, 8, 8, 9, 9]);
  });

  it.each([1, 4, 8])("reports that all %i seeds are equal", (n) => {
    expect(verdicts({ reference: flat(n, 0.5), other: flat(n, 0.5) })).toEqual(
      flat(2, 0).map(() => "equal in every seed"),
    );
  });

  it.each([
    [4, "too few seeds to judge"],
    [5, "equal in every seed"],
  ])("reports equal accuracies of different weights in %i seeds as %s", (n, verdict) => {
    const runs = runsOf({ reference: flat(n, 0.5), other: flat(n, 0.5) }).map((one) => ({
      ...one,
      sha256: one.initializer,
    }));
    expect(pairedComparisons(["reference", "other"], "reference", runs)[0]?.verdict).toBe(verdict);
  });

  it("detects no difference if all seeds but one agree", () => {
    expect(verdicts({ reference: flat(8, 0.5), other: [...flat(7, 0.5), 0.9] })[0]).toBe("no difference detected");
  });

  it("corrects for many initializers: a difference that passes for one does not pass for twelve", () => {
    // One of eight differences is negative and small: p = 4 / 256.
    const other = [0.52, 0.53, 0.52, 0.54, 0.53, 0.52, 0.53, 0.499];
    expect(verdicts({ reference: flat(8, 0.5), other })[0]).toBe("better");
    const many = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`same ${i}`, flat(8, 0.5)]));
    expect(verdicts({ reference: flat(8, 0.5), other, ...many })[0]).toBe("no difference detected");
  });

  it("omits pairs with a diverged run and does not call the initializer with more divergences better", () => {
    const good = Array.from({ length: 9 }, (_, seed) => run("other", seed, 0.9 - seed / 1000, seed === 3 ? 17 : null));
    const runs = [...flat(9, 0.5).map((value, seed) => run("reference", seed, value)), ...good];
    const [accuracy, loss] = pairedComparisons(["reference", "other"], "reference", runs);
    expect([accuracy?.pairs, accuracy?.verdict]).toEqual([9, "better"]);
    expect([loss?.pairs, loss?.leftOut, loss?.verdict]).toEqual([8, [3], "no difference detected"]);
    // With roles swapped, the initializer whose runs all finished is not called worse.
    const [, mirrored] = pairedComparisons(["reference", "other"], "other", runs);
    expect([mirrored?.leftOut, mirrored?.verdict]).toEqual([[3], "no difference detected"]);
    const lost = [...flat(9, 0.5), ...flat(9, 0.5)].map((value, i) =>
      run(i < 9 ? "reference" : "other", i % 9, value, i < 9 ? null : 1),
    );
    expect(pairedComparisons(["reference", "other"], "reference", lost)[1]).toMatchObject({
      pairs: 0,
      difference: null,
      interval: null,
      verdict: "diverged",
    });
  });

  it.each([1, 3, 8])("reports divergence in all of %i seeds, and no difference between two divergences", (n) => {
    const all = (name: string, value: number, diverged: number | null): RunResult[] =>
      flat(n, value).map((one, seed) => run(name, seed, one, diverged));
    const judge = (...runs: RunResult[][]): unknown[][] =>
      pairedComparisons(["reference", "other"], "reference", runs.flat()).map(({ verdict, difference }) => [
        verdict,
        difference,
      ]);
    const none = ["both diverged", null];
    expect(judge(all("reference", 0.1, 3), all("other", 0.1, 5))).toEqual([none, none]);
    expect(judge(all("reference", 0.1, 3), all("other", 0.1, null))).toEqual([
      ["reference diverged", 0],
      ["reference diverged", null],
    ]);
    expect(judge(all("reference", 0.1, null), all("other", 0.1, 5))).toEqual([
      ["diverged", 0],
      ["diverged", null],
    ]);
    // With enough seeds, the accuracies decide.
    expect(judge(all("reference", 0.9, null), all("other", 0.1, 5))[0]?.[0]).toBe(n < 6 ? "diverged" : "worse");
  });

  it("refuses runs without a pair", () => {
    expect(() => pairedComparisons(["a", "b"], "a", [run("b", 0, 0.5)])).toThrow("seed 0 of the reference is missing");
  });
});

describe("over simulated comparisons with eight seeds", () => {
  // Runs with the same seed share a component; the rest is independent.
  const simulate = (key: number, effect: number, initializers: number): string[] => {
    const shared = normals(8, 3 * key);
    const own = normals(8 * (initializers + 1), 3 * key + 1);
    const values = (k: number): number[] =>
      shared.map((part, seed) => 0.8 + 0.02 * part + (0.01 / Math.SQRT2) * (own[8 * k + seed] ?? 0));
    const others = Array.from({ length: initializers }, (_, k) => [`other ${k}`, values(k + 1).map((v) => v + effect)]);
    return verdicts({ reference: values(0), ...Object.fromEntries(others) }).slice(0, initializers);
  };

  const count = process.env["FANIN_LONG"] ? 200 : 80;

  it(`reports better in fewer than 5 % of ${count} comparisons without a difference, and worse likewise`, () => {
    const said = Array.from({ length: count }, (_, key) => simulate(key, 0, 1)[0]);
    const better = said.filter((verdict) => verdict === "better").length;
    const worse = said.filter((verdict) => verdict === "worse").length;
    expect(better).toBeLessThan(0.05 * count);
    expect(worse).toBeLessThan(0.05 * count);
    // Both together: 12 of 256 patterns have p <= 0.05, so 9.4 are expected in 200 and 3.8 in 80. More than a tenth, or
    // none, has a probability below 0.001 in 200, and of at most 2.2 % in 80.
    expect(better + worse).toBeLessThanOrEqual(0.1 * count);
    expect(better + worse).toBeGreaterThan(0);
  });

  it(`reports a difference for any of four initializers in fewer than 5 % of ${count} comparisons`, () => {
    const said = Array.from({ length: count }, (_, key) => simulate(1000 + key, 0, 4));
    expect(said.filter((one) => one.some((verdict) => verdict !== "no difference detected")).length).toBeLessThan(
      0.05 * count,
    );
  });

  it(`finds an effect of two standard deviations of the differences in more than 95 % of ${count}`, () => {
    const said = Array.from({ length: count }, (_, key) => simulate(5000 + key, 0.02, 1)[0]);
    expect(said.filter((verdict) => verdict === "better").length).toBeGreaterThan(0.95 * count);
    expect(said).not.toContain("worse");
  });
});

describe("jointComparisons", () => {
  it("corrects over the tests of all groups, and equals the plain comparison for one group", () => {
    const accuracies = { reference: normals(8, 1), other: normals(8, 2).map((value) => value + 1.5) };
    const group = { initializers: ["reference", "other"], reference: "reference", runs: runsOf(accuracies) };
    const alone = pairedComparisons(group.initializers, group.reference, group.runs);
    expect(jointComparisons([group])).toEqual([alone]);
    const joint = jointComparisons([group, group, group]);
    expect(joint.length).toBe(3);
    for (const comparisons of joint) {
      expect(comparisons.map(({ pValue }) => pValue)).toEqual(alone.map(({ pValue }) => pValue));
      for (const [i, { adjustedPValue }] of comparisons.entries()) {
        expect(adjustedPValue).toBeCloseTo(Math.min(1, 3 * (alone[i]?.pValue ?? Number.NaN)), 12);
      }
    }
    // Twelve tests more than eight seeds can resolve.
    const many = jointComparisons(new Array<typeof group>(12).fill(group)).flat();
    expect(new Set(many.map(({ verdict }) => verdict))).toEqual(new Set(["too few seeds to judge"]));
    expect(jointComparisons([])).toEqual([]);
  });
});
