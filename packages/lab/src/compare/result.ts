// What a comparison gives: plain JSON, the same bytes for the same config, whoever computes it.

import type { HistogramData } from "@fanin/figures";
import type { CompareConfig } from "./config.ts";

/** The metrics after one epoch; validation metrics are null where nothing is held out. */
export interface EpochMetrics {
  /** Mean loss and accuracy over the epoch's batches, as they were trained on. */
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

/** One training run. A loss that is not finite ends it: `diverged` says at which step, counted over all epochs from 1. */
export interface RunResult {
  readonly initializer: string;
  readonly seed: number;
  readonly epochs: readonly EpochMetrics[];
  readonly testLoss: number | null;
  readonly testAccuracy: number;
  readonly diverged: number | null;
  readonly weights: readonly LayerWeights[];
  /** Of all final weights and biases, as little-endian float32 in layer order. */
  readonly sha256: string;
}

/** Mean and spread over seeds; one seed has no standard deviation and no 95 % t interval of the mean: both are null. */
export interface Spread {
  readonly mean: number;
  readonly standardDeviation: number | null;
  readonly interval: readonly [number, number] | null;
  readonly min: number;
  readonly max: number;
}

/** How soon the runs of an initializer reach the target accuracy. */
export interface EpochsToTarget {
  /** Over all runs, those that never reach it counted as later than any; null where that makes the median "never". */
  readonly median: number | null;
  /** How many runs reach it. */
  readonly reached: number;
}

/** One row of the table. */
export interface InitializerSummary {
  readonly initializer: string;
  readonly runs: number;
  readonly diverged: number;
  readonly testAccuracy: Spread;
  /**
   * What settings are chosen by: the mean accuracy after the last epoch, on the examples held out, or on those trained on
   * where none are. A run that diverged counts as 0. Never the test accuracy, which would flatter what it chose.
   */
  readonly selectionAccuracy: number;
  /** Over the runs that did not diverge; null where all did. */
  readonly testLoss: Spread | null;
  /** The area under the training loss by epoch, divided by the epochs, over the runs that did not diverge; null where all did. */
  readonly lossAuc: Spread | null;
  /** Null where there is no target. */
  readonly epochsToTarget: EpochsToTarget | null;
}

/** By what two initializers are compared. */
export type ComparisonMetric = "testAccuracy" | "lossAuc";

/**
 * What a comparison may say. "better" is a higher accuracy or a lower loss; "diverged" and "reference diverged" say that
 * no run of the initializer, or of the reference, finished, where the tests say nothing.
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
  /** How many seeds have both values. */
  readonly pairs: number;
  /** Seeds that lack one, because a run diverged. */
  readonly leftOut: readonly number[];
  /** The mean of initializer minus reference; null without pairs, and where both diverged in every seed. */
  readonly difference: number | null;
  /** The 95 % BCa bootstrap interval of the mean difference; null below five pairs. */
  readonly interval: readonly [number, number] | null;
  /** Of the two-sided sign-flip permutation test, alone and after Holm's correction over the comparisons by this metric. */
  readonly pValue: number | null;
  readonly adjustedPValue: number | null;
  readonly verdict: Verdict;
}

/** The data set of a comparison, by content. */
export interface DatasetInfo {
  readonly name: string;
  readonly trainCount: number;
  readonly validationCount: number;
  readonly testCount: number;
  readonly features: number;
  readonly classes: readonly string[];
  /** Of training images, training labels, test images, test labels, in this order. */
  readonly sha256: string;
}

/** A whole comparison. */
export interface CompareResult {
  readonly schemaVersion: 1;
  readonly version: string;
  readonly config: CompareConfig;
  readonly dataset: DatasetInfo;
  /** In the order of config.initializers, and within each of the seeds. */
  readonly runs: readonly RunResult[];
  readonly summary: readonly InitializerSummary[];
  /** The accuracy of epochsToTarget: config.target, or 95 % of the best of any run after any epoch; null where no run learned. */
  readonly target: number | null;
  /** Every initializer but config.reference against it: by test accuracy, then by the area under the loss. */
  readonly comparisons: readonly Comparison[];
}
