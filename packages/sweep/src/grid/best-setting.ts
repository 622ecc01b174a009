// Which setting of a sweep is best for an initializer: by what is held out of the training examples, never by the test.
// Source: Hastie, Tibshirani and Friedman 2009, section 7.2: a test set that chooses a model understates its error.

import type { DatasetInfo, InitializerSummary } from "@fanin/lab";
import type { SweepCellResult } from "./sweep-result.ts";

/** A setting with the summary of one initializer at it. */
export interface BestSetting {
  readonly cell: SweepCellResult;
  readonly row: InitializerSummary;
}

/**
 * The setting among `cells` at which the initializer has the best selection accuracy, the first of equals; undefined where
 * no cell has it.
 *
 * @example
 * bestSetting([], "he_normal"); // => undefined
 */
export function bestSetting(cells: readonly SweepCellResult[], initializer: string): BestSetting | undefined {
  let best: BestSetting | undefined;
  for (const cell of cells) {
    const row = cell.summary.find((one) => one.initializer === initializer);
    if (row && (best === undefined || row.selectionAccuracy > best.row.selectionAccuracy)) best = { cell, row };
  }
  return best;
}

/**
 * How the best setting is chosen, as the end of a clause that begins with "the setting that".
 *
 * @example
 * selectionWords({ validationCount: 12 }); // => 'has the best accuracy on the examples held out'
 */
export function selectionWords({ validationCount }: Pick<DatasetInfo, "validationCount">): string {
  return validationCount > 0
    ? "has the best accuracy on the examples held out"
    : "has the best training accuracy, since no examples are held out";
}
