// Checks whether a value from a file or another machine is the result of a given run.

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

const MAX_EPOCHS = 1_000_000;
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
    epochs: listOf(epoch, 0, MAX_EPOCHS),
    testLoss: nullOr(anyNumber),
    testAccuracy: share,
    diverged: nullOr(integerFrom(1)),
    weights: layers === undefined ? listOf(layer) : listOf(layer, layers, layers),
    sha256: hashSchema,
  });
}

/** The parts of a run's plan that its result shows. */
export type ResultPlan = Pick<CompareConfig, "layers" | "epochs" | "validationSplit">;

/**
 * Describes why untrusted `value` is not a result of the run; the text begins with the field. Returns undefined if the
 * value is valid. If `plan` is given, the number of epochs and layers must match it too.
 *
 * @example
 * resultMisfit({ initializer: "he_normal", seed: 0 }, { initializer: "zeros" }); // => 'initializer: expected "he_normal", got "zeros"'
 */
export function resultMisfit(run: Run, value: unknown, plan?: ResultPlan): string | undefined {
  const wrong = resultSchema(run, plan && plan.layers.length - 1)(value, "");
  if (wrong !== undefined || plan === undefined) return wrong;
  const { epochs, diverged } = value as RunResult;
  // A diverged run ends within an epoch and does not count that epoch.
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
