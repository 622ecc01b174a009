import { expect, it } from "vitest";
import { defaultTarget, epochOfTarget, epochsToTarget, lossAuc, selectionAccuracy } from "./learning-curve.ts";
import type { RunResult } from "./result.ts";

const run = (losses: number[], validation: (number | null)[], diverged: number | null = null): RunResult => ({
  initializer: "zeros",
  seed: 0,
  epochs: losses.map((loss, i) => ({
    loss,
    accuracy: (i + 1) / 10,
    validationLoss: null,
    validationAccuracy: validation[i] ?? null,
  })),
  testLoss: 1,
  testAccuracy: 0.5,
  diverged,
  weights: [],
  sha256: "",
});

it("averages the loss over the epochs and gives null for a diverged run", () => {
  expect(lossAuc(run([2, 1, 0.75, 0.25], []))).toBe(1);
  expect(lossAuc(run([2, 1], [], 77))).toBeNull();
  expect(lossAuc(run([], []))).toBeNull();
});

it("finds the epoch of a target by validation accuracy, or by training accuracy without a validation set", () => {
  expect(epochOfTarget(run([2, 1, 1], [0.5, 0.8, 0.7]), 0.8)).toBe(2);
  expect(epochOfTarget(run([2, 1, 1], [0.5, 0.8, 0.7]), 0.81)).toBeNull();
  expect(epochOfTarget(run([2, 1, 1], []), 0.3)).toBe(3);
});

it("chooses by the last validation accuracy, or training accuracy without one, and never by test accuracy", () => {
  expect(selectionAccuracy([run([2, 1, 1], [0.5, 0.8, 0.7]), run([2], [0.1])])).toBeCloseTo(0.4, 12);
  expect(selectionAccuracy([run([2, 1, 1], [])])).toBe(0.3);
  expect(selectionAccuracy([run([2, 1], [0.9, 0.9], 77), run([2, 1], [0.6, 0.8])])).toBe(0.4);
  expect(selectionAccuracy([run([], [], 1)])).toBe(0);
});

it("takes the median over runs, counts a missed target as latest, and defaults to 95 % of the best", () => {
  const runs = [run([2, 1], [0.5, 0.8]), run([2, 1], [0.7, 0.8]), run([2, 1], [0.1, 0.1], 60)];
  expect(defaultTarget(runs, 10)).toBeCloseTo(0.76, 12);
  expect(epochsToTarget(runs, 0.6)).toEqual({ median: 2, reached: 2 });
  expect(epochsToTarget(runs.slice(0, 2), 0.6)).toEqual({ median: 1.5, reached: 2 });
  expect(epochsToTarget(runs.slice(1), 0.6)).toEqual({ median: null, reached: 1 });
  expect(defaultTarget([run([], [])], 10)).toBeNull();
  // For ten classes, a run has learned from an accuracy of 0.19 on.
  expect(defaultTarget([run([2, 1], [0.1, 0.19])], 10)).toBeNull();
  expect(defaultTarget([run([2, 1], [0.1, 0.2])], 10)).toBeCloseTo(0.19, 12);
});
