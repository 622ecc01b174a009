// The result of a comparison: plain JSON, the same bytes for the same config on any machine.

import type { HistogramData } from "@fanin/figures";
import type { CompareConfig } from "./config.ts";

/** The metrics after one epoch; validation metrics are null without a validation set. */
export interface EpochMetrics {
  /** Mean loss and accuracy over the epoch's batches, before each step. */
  readonly loss: number;
  readonly accuracy: number;
  readonly validationLoss: number | null;
  readonly validationAccuracy: number | null;
}

/** The kernel of one layer before and after training; both histograms share their bins. */
export interface LayerWeights {
  /** Such as `dense_1 (784x128)`. */
  readonly layer: string;
  readonly before: HistogramData;
  readonly after: HistogramData;
}

/** One training run. A non-finite loss ends it; `diverged` is then the step, counted over all epochs from 1. */
export interface RunResult {
  readonly initializer: string;
  readonly seed: number;
  readonly epochs: readonly EpochMetrics[];
  readonly testLoss: number | null;
  readonly testAccuracy: number;
  readonly diverged: number | null;
  readonly weights: readonly LayerWeights[];
  /** SHA-256 of all final weights and biases, as little-endian float32 in layer order. */
  readonly sha256: string;
}

/** Mean and spread over seeds. With one seed, the standard deviation and the 95 % t interval of the mean are null. */
export interface Spread {
  readonly mean: number;
  readonly standardDeviation: number | null;
  readonly interval: readonly [number, number] | null;
  readonly min: number;
  readonly max: number;
}

/** The epochs that the runs of an initializer need to reach the target accuracy. */
export interface EpochsToTarget {
  /** Over all runs; a run that never reaches the target counts as latest. Null if the median is "never". */
  readonly median: number | null;
  /** The number of runs that reach the target. */
  readonly reached: number;
}

/** One row of the table. */
export interface InitializerSummary {
  readonly initializer: string;
  readonly runs: number;
  readonly diverged: number;
  readonly testAccuracy: Spread;
  /**
   * The criterion for choosing a setting: the mean validation accuracy after the last epoch, or the training accuracy
   * without a validation set. A diverged run counts as 0. The test accuracy is not used: it would bias the choice.
   */
  readonly selectionAccuracy: number;
  /** Over the runs that did not diverge; null if all did. */
  readonly testLoss: Spread | null;
  /** The area under the training loss by epoch, divided by the epochs, over the runs that did not diverge; null if all did. */
  readonly lossAuc: Spread | null;
  /** Null without a target. */
  readonly epochsToTarget: EpochsToTarget | null;
}

/** The metric of a comparison. */
export type ComparisonMetric = "testAccuracy" | "lossAuc";

/**
 * The verdict of a comparison. "better" is a higher accuracy or a lower loss. "diverged" and "reference diverged" mean that
 * no run of the initializer, or of the reference, finished and that the tests give no verdict.
 */
export type Verdict =
  | "better"
  | "worse"
  | "no difference detected"
  | "equal in every seed"
  | "diverged"
  | "reference diverged"
  | "both diverged"
  | "too few seeds to judge";

/** One initializer against the reference, paired by seed. */
export interface Comparison {
  readonly initializer: string;
  readonly reference: string;
  readonly metric: ComparisonMetric;
  /** The number of seeds with both values. */
  readonly pairs: number;
  /** Seeds without a pair, because a run diverged. */
  readonly leftOut: readonly number[];
  /** The mean of initializer minus reference; null without pairs, or if both diverged in every seed. */
  readonly difference: number | null;
  /** The 95 % BCa bootstrap interval of the mean difference; null below five pairs. */
  readonly interval: readonly [number, number] | null;
  /** p-value of the two-sided sign-flip test, alone and after Holm's correction over the comparisons by this metric. */
  readonly pValue: number | null;
  readonly adjustedPValue: number | null;
  readonly verdict: Verdict;
}

/** The data set of a comparison, identified by its content. */
export interface DatasetInfo {
  readonly name: string;
  readonly trainCount: number;
  readonly validationCount: number;
  readonly testCount: number;
  readonly features: number;
  readonly classes: readonly string[];
  /** SHA-256 of training images, training labels, test images and test labels, in this order. */
  readonly sha256: string;
}

/** A whole comparison. */
export interface CompareResult {
  readonly schemaVersion: 1;
  readonly version: string;
  readonly config: CompareConfig;
  readonly dataset: DatasetInfo;
  /** In the order of config.initializers, then of the seeds. */
  readonly runs: readonly RunResult[];
  readonly summary: readonly InitializerSummary[];
  /** The accuracy of epochsToTarget: config.target, or 95 % of the best of any run after any epoch; null if no run learned. */
  readonly target: number | null;
  /** Every other initializer against config.reference: by test accuracy, then by the area under the loss. */
  readonly comparisons: readonly Comparison[];
}
