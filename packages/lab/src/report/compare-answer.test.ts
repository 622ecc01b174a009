import { describe, expect, test } from "vitest";
import { type Course, compareResultFixture, courses } from "../../test/compare-result-fixture.ts";
import { hasLearned, learnedAccuracy } from "../compare/learning-curve.ts";
import { compareAnswer } from "./compare-answer.ts";

const [zeros, wide, glorot, he, wild] = courses as [Course, Course, Course, Course, Course];

function answer(drawn: readonly Course[], seeds: number, reference?: string): string {
  return compareAnswer(compareResultFixture({ courses: drawn, seeds, reference }));
}

describe("compareAnswer", () => {
  test("names the initializers that learn and that do not, and claims no winner within the noise", () => {
    const text = answer([zeros, glorot, he], 8, "glorot_normal");
    expect(text).toContain("glorot_normal and he_normal learned in every run.");
    expect(text).toContain("zeros learned in no run (guessing among 10 classes gives 0.100).");
    expect(text).toMatch(
      /he_normal \([+−]0\.0\d\d \[−0\.0\d\d, \+0\.0\d\d\]\) against glorot_normal: no difference detected at this number of seeds \(8\)\.$/,
    );
    expect(text).not.toMatch(/higher|lower/);
  });

  test("states higher or lower with the difference if both tests agree", () => {
    const up = answer([wide, he], 8);
    expect(up).toMatch(
      /Test accuracy is higher with he_normal \(\+0\.\d+ \[\+0\.\d+, \+0\.\d+\]\) than with random_normal\(stddev=1\), seed by seed\.$/,
    );
    const down = answer([wide, he], 8, "he_normal");
    expect(down).toMatch(
      /Test accuracy is lower with random_normal\(stddev=1\) \(−0\.\d+ .*\) than with he_normal, seed/,
    );
    expect(up + down).not.toContain("no difference");
  });

  test.each([1, 2, 3, 4])("judges nothing at %s seeds, however large the difference", (seeds) => {
    const text = answer([wide, he], seeds);
    expect(text).toContain("too few seeds to judge");
    expect(text).not.toMatch(/higher|lower|no difference/);
    // An initializer that did not learn needs no comparison with one that did.
    expect(answer([zeros, he], seeds, "he_normal")).not.toMatch(/higher|lower|no difference|too few/);
  });

  test("states the required number of seeds, which depends on the number of comparisons", () => {
    expect(answer([wide, he], 5)).toContain("5 seeds each: too few seeds to judge differences (6 are needed for this");
    expect(answer([wide, glorot, he, wild], 6)).toContain("(7 are needed for 3 comparisons)");
    expect(answer([wide, he], 6)).toContain("higher");
  });

  test("counts diverged runs and does not count them as learned", () => {
    expect(answer([he, wild], 8)).toContain(
      "random_normal(mean=0.5,stddev=3) learned in 6 of 8 runs and diverged in 2.",
    );
    const lost = { ...wild, lost: { 0: 0 } };
    expect(answer([lost], 1)).toBe("random_normal(mean=0.5,stddev=3) diverged.");
    const two = { ...wild, lost: { 0: 0, 1: 2 } };
    expect(answer([two, { ...two, name: "ones" }], 2)).toBe(
      "random_normal(mean=0.5,stddev=3) and ones diverged in every run.",
    );
  });

  test.each([
    [1, "he_normal learned. zeros did not learn (guessing among 10 classes gives 0.100)."],
    [2, "he_normal learned in every run. zeros learned in no run (guessing among 10 classes gives 0.100)."],
  ])("states which initializers learned for %i seeds", (seeds, text) => {
    expect(answer([zeros, he], seeds)).toBe(text);
  });

  test("states that all seeds are equal", () => {
    const quiet = { ...he, noise: 0 };
    const text = answer([quiet, { ...quiet, name: "twin" }], 8);
    expect(text).toMatch(/Test accuracy is the same with twin as with he_normal in every seed\.$/);
    expect(text).not.toMatch(/no difference|too few/);
  });

  test("compares nothing if at most one learned", () => {
    expect(answer([zeros, he], 8)).not.toMatch(/higher|lower|no difference|too few/);
    expect(answer([zeros, he], 8, "he_normal")).not.toMatch(/higher|lower|no difference|too few/);
    expect(answer([zeros], 8)).toBe("zeros learned in no run (guessing among 10 classes gives 0.100).");
  });

  test("gives the number instead of a list if all of many agree", () => {
    const many = ["a", "b", "c"].map((name) => ({ ...zeros, name }));
    expect(answer(many, 8)).toBe("All 3 initializers learned in no run (guessing among 10 classes gives 0.100).");
  });
});

test("a finished run has learned a tenth of the way from guessing to an accuracy of 1", () => {
  expect(learnedAccuracy(10)).toBeCloseTo(0.19, 12);
  expect(learnedAccuracy(2)).toBeCloseTo(0.55, 12);
  const run = compareResultFixture({ courses: [he], seeds: 1 }).runs[0];
  if (!run) throw new Error("the fixture has no run");
  expect(hasLearned(run, 10)).toBe(true);
  expect(hasLearned({ ...run, testAccuracy: 0.19 - 1e-9 }, 10)).toBe(false);
  expect(hasLearned({ ...run, diverged: 7 }, 10)).toBe(false);
});
