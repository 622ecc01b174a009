// Chooses the best setting of a sweep for an initializer, by validation accuracy and never by test accuracy.
// Source: Hastie, Tibshirani and Friedman 2009, section 7.2: a test set that chooses a model understates its error.

import type { DatasetInfo, InitializerSummary } from "@fanin/lab";
import type { SweepCellResult } from "./sweep-result.ts";

/** A setting with the summary of one initializer at it. */
export interface BestSetting {
  readonly cell: SweepCellResult;
  readonly row: InitializerSummary;
}

/**
 * The setting among `cells` with the best selection accuracy of the initializer, the first of equals; undefined if no cell
 * contains the initializer.
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
 * The criterion for the best setting, as the end of a clause that starts with "the setting that".
 *
 * @example
 * selectionWords({ validationCount: 12 }); // => 'has the best accuracy on the held-out examples'
 */
export function selectionWords({ validationCount }: Pick<DatasetInfo, "validationCount">): string {
  return validationCount > 0
    ? "has the best accuracy on the held-out examples"
    : "has the best training accuracy, since no examples are held out";
}
