// Scalar summaries of a learning curve: the area under the loss, and the epochs to a target accuracy.
// Source: Guyon et al. 2011 for the area under the learning curve.

import type { EpochMetrics, EpochsToTarget, RunResult } from "./result.ts";

const SHARE_OF_BEST = 0.95; // the default target

/**
 * The area under the training loss by epoch, divided by the number of epochs; null for a run that diverged.
 *
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const config = compareConfig({ layers: [784, 4, 10], initializers: ["he_normal", "zeros"], seeds: [0, 1], epochs: 1 });
 * const run = await trainRun(config, dataset, { initializer: "he_normal", seed: 0 });
 * lossAuc(run) !== null; // => true
 */
export function lossAuc(run: RunResult): number | null {
  if (run.diverged !== null || run.epochs.length === 0) return null;
  return run.epochs.reduce((sum, { loss }) => sum + loss, 0) / run.epochs.length;
}

/** The validation accuracy, or the training accuracy without a validation set. */
function accuracyOf({ accuracy, validationAccuracy }: EpochMetrics): number {
  return validationAccuracy ?? accuracy;
}

/**
 * The first epoch, from 1, after which the accuracy is at least `target`; null if there is none.
 *
 * @example
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const config = compareConfig({ layers: [784, 4, 10], initializers: ["he_normal", "zeros"], seeds: [0, 1], epochs: 1 });
 * const run = await trainRun(config, dataset, { initializer: "he_normal", seed: 0 });
 * epochOfTarget(run, 2); // => null
 */
export function epochOfTarget(run: RunResult, target: number): number | null {
  const at = run.epochs.findIndex((epoch) => accuracyOf(epoch) >= target);
  return at < 0 ? null : at + 1;
}

/**
 * The criterion for choosing a setting: the mean over `runs` of the last validation accuracy, or of the last training
 * accuracy without a validation set. A diverged run counts as 0.
 */
export function selectionAccuracy(runs: readonly RunResult[]): number {
  const accuracies = runs.map(({ diverged, epochs }) => {
    const last = epochs.at(-1);
    return diverged === null && last ? accuracyOf(last) : 0;
  });
  return accuracies.reduce((sum, accuracy) => sum + accuracy, 0) / Math.max(1, runs.length);
}

/** The accuracy of a uniform guess among `classes` classes. */
export function guessAccuracy(classes: number): number {
  return classes > 0 ? 1 / classes : 0;
}

/** The test accuracy above which a run has learned: a tenth of the way from a uniform guess to 1. */
export function learnedAccuracy(classes: number): number {
  const guess = guessAccuracy(classes);
  return guess + (1 - guess) / 10;
}

/** Whether a run finished with an accuracy above `learnedAccuracy`. */
export function hasLearned(run: RunResult, classes: number): boolean {
  return run.diverged === null && run.testAccuracy > learnedAccuracy(classes);
}

/**
 * The default target: 95 % of the best accuracy of any run after any epoch. Null without epochs, or if no run has learned,
 * because a share of chance accuracy is not a useful target.
 */
export function defaultTarget(runs: readonly RunResult[], classes: number): number | null {
  let best = Number.NEGATIVE_INFINITY;
  for (const { epochs } of runs) for (const epoch of epochs) best = Math.max(best, accuracyOf(epoch));
  return best > learnedAccuracy(classes) ? SHARE_OF_BEST * best : null;
}

/** The epochs that `runs` need to reach `target`. In the median, a run that never reaches it counts as latest. */
export function epochsToTarget(runs: readonly RunResult[], target: number): EpochsToTarget {
  const epochs = runs.map((run) => epochOfTarget(run, target) ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const middle = ((epochs[(epochs.length - 1) >> 1] ?? 0) + (epochs[epochs.length >> 1] ?? 0)) / 2;
  return {
    median: Number.isFinite(middle) ? middle : null,
    reached: epochs.filter((epoch) => Number.isFinite(epoch)).length,
  };
}
