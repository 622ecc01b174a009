// What a result must have to be taken for that of a run, where it comes from a file or from another machine.

import {
  anyNumber,
  exactly,
  hashSchema,
  integerFrom,
  listOf,
  nullOr,
  numberFrom,
  recordOf,
  type Schema,
  textOf,
} from "@fanin/formats/record-schema";
import type { CompareConfig, Run } from "./config.ts";
import type { RunResult } from "./result.ts";

/** As many epochs as a run may have. */
const MOST_EPOCHS = 1_000_000;
const BINS = 10_000;

const share = numberFrom(0, 1);
const epoch = recordOf({
  loss: anyNumber,
  accuracy: share,
  validationLoss: nullOr(anyNumber),
  validationAccuracy: nullOr(share),
});
const histogram = recordOf({
  low: nullOr(anyNumber),
  high: nullOr(anyNumber),
  counts: listOf(integerFrom(0), 0, BINS),
});
const layer = recordOf({ layer: textOf(), before: histogram, after: histogram });

function resultSchema({ initializer, seed }: Run, layers: number | undefined): Schema {
  return recordOf({
    initializer: exactly(initializer),
    seed: exactly(seed),
    epochs: listOf(epoch, 0, MOST_EPOCHS),
    testLoss: nullOr(anyNumber),
    testAccuracy: share,
    diverged: nullOr(integerFrom(1)),
    weights: layers === undefined ? listOf(layer) : listOf(layer, layers, layers),
    sha256: hashSchema,
  });
}

/** What a run was asked to do, as far as its result shows it. */
export type ResultPlan = Pick<CompareConfig, "layers" | "epochs" | "validationSplit">;

/**
 * What is wrong with `value`, which may be anything, as a result of the run; it begins with the field. Undefined where
 * nothing is. With a `plan` the number of epochs and layers must be the plan's too.
 *
 * @example
 * resultMisfit({ initializer: "he_normal", seed: 0 }, { initializer: "zeros" }); // => 'initializer: expected "he_normal", got "zeros"'
 */
export function resultMisfit(run: Run, value: unknown, plan?: ResultPlan): string | undefined {
  const wrong = resultSchema(run, plan && plan.layers.length - 1)(value, "");
  if (wrong !== undefined || plan === undefined) return wrong;
  const { epochs, diverged } = value as RunResult;
  // A run that diverges ends within an epoch, which it does not count.
  const isCounted = diverged === null ? epochs.length === plan.epochs : epochs.length < plan.epochs;
  if (!isCounted) {
    const expected = diverged === null ? String(plan.epochs) : `fewer than ${plan.epochs}`;
    return `epochs: expected ${expected} entries, got ${epochs.length}`;
  }
  const isHeld = plan.validationSplit > 0;
  const other = epochs.findIndex(({ validationAccuracy }) => isHeld === (validationAccuracy === null));
  if (other === -1) return undefined;
  const got = epochs[other]?.validationAccuracy;
  return `epochs[${other}].validationAccuracy: expected ${isHeld ? "a number" : "null"}, got ${got}`;
}

/**
 * Whether `value`, which may be anything, is a result of the run: its initializer and seed, and the kinds and ranges of its
 * fields.
 *
 * @example
 * isResultOf({ initializer: "he_normal", seed: 0 }, { initializer: "he_normal", seed: 0 }); // => false
 */
export function isResultOf(run: Run, value: unknown): value is RunResult {
  return resultMisfit(run, value) === undefined;
}
