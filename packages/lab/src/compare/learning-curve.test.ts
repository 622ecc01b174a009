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

it("averages the loss over the epochs, unless the run diverged", () => {
  expect(lossAuc(run([2, 1, 0.75, 0.25], []))).toBe(1);
  expect(lossAuc(run([2, 1], [], 77))).toBeNull();
  expect(lossAuc(run([], []))).toBeNull();
});

it("finds the epoch of a target on what is held out, else on what is trained on", () => {
  expect(epochOfTarget(run([2, 1, 1], [0.5, 0.8, 0.7]), 0.8)).toBe(2);
  expect(epochOfTarget(run([2, 1, 1], [0.5, 0.8, 0.7]), 0.81)).toBeNull();
  expect(epochOfTarget(run([2, 1, 1], []), 0.3)).toBe(3);
});

it("chooses by the last epoch on what is held out, else on what is trained on, and never by the test", () => {
  expect(selectionAccuracy([run([2, 1, 1], [0.5, 0.8, 0.7]), run([2], [0.1])])).toBeCloseTo(0.4, 12);
  expect(selectionAccuracy([run([2, 1, 1], [])])).toBe(0.3);
  expect(selectionAccuracy([run([2, 1], [0.9, 0.9], 77), run([2, 1], [0.6, 0.8])])).toBe(0.4);
  expect(selectionAccuracy([run([], [], 1)])).toBe(0);
});

it("takes the median over runs, never counting as late, and 95 % of the best as target", () => {
  const runs = [run([2, 1], [0.5, 0.8]), run([2, 1], [0.7, 0.8]), run([2, 1], [0.1, 0.1], 60)];
  expect(defaultTarget(runs, 10)).toBeCloseTo(0.76, 12);
  expect(epochsToTarget(runs, 0.6)).toEqual({ median: 2, reached: 2 });
  expect(epochsToTarget(runs.slice(0, 2), 0.6)).toEqual({ median: 1.5, reached: 2 });
  expect(epochsToTarget(runs.slice(1), 0.6)).toEqual({ median: null, reached: 1 });
  expect(defaultTarget([run([], [])], 10)).toBeNull();
  // At chance: 0.19 of ten classes is what counts as learned.
  expect(defaultTarget([run([2, 1], [0.1, 0.19])], 10)).toBeNull();
  expect(defaultTarget([run([2, 1], [0.1, 0.2])], 10)).toBeCloseTo(0.19, 12);
});
