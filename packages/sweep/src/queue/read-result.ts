// Checks a result from another machine before it becomes a file: its form, its ranges and its consistency.
// A wrong result that passes is one that another training could give; recomputing a share finds those.

import type { CompareConfig, DatasetInfo, RunResult } from "@fanin/lab";
import type { SweepRun } from "../grid/sweep-plan.ts";

const BINS = 48; // of a histogram of weights
const WHOLE = 1e-6; // tolerance of a count after a division and a multiplication

/** The error of a value that is not the result of a run. */
export class ResultError extends Error {
  override readonly name: string = "ResultError";
}

type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object that must have exactly these. */
function fieldsOf(path: string, value: unknown, names: readonly string[]): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ResultError(`${path}: expected an object`);
  const fields = value as Fields;
  const missing = names.find((name) => !Object.hasOwn(fields, name));
  if (missing !== undefined) throw new ResultError(`${path}.${missing}: expected a value, got nothing`);
  if (Object.keys(fields).length > names.length) throw new ResultError(`${path}: expected ${names.join(", ")} alone`);
  return fields;
}

function listOf(path: string, value: unknown, length: number): readonly unknown[] {
  if (Array.isArray(value) && value.length === length) return value;
  throw new ResultError(`${path}: expected ${length} entries, got ${Array.isArray(value) ? value.length : "no list"}`);
}

function numberOf(path: string, value: unknown, low: number, high: number): number {
  if (typeof value === "number" && value >= low && value <= high) return value;
  throw new ResultError(`${path}: expected a number from ${low} to ${high}`);
}

/** A mean loss; null if not finite. */
const lossOf = (path: string, value: unknown): number | null =>
  value === null ? null : numberOf(path, value, 0, Number.MAX_VALUE);

/** The share of correct predictions among `count` examples. */
function accuracyOf(path: string, value: unknown, count: number): number {
  const accuracy = numberOf(path, value, 0, 1);
  if (Math.abs(accuracy * count - Math.round(accuracy * count)) <= WHOLE) return accuracy;
  throw new ResultError(`${path}: expected a share of ${count} examples, got ${accuracy}`);
}

/** The step at which a run diverged, and its number of finished epochs. */
function lengthOf(value: unknown, { epochs, batch }: CompareConfig, { trainCount }: DatasetInfo) {
  if (value === null) return { diverged: null, finished: epochs };
  const steps = Math.ceil(trainCount / batch);
  const diverged = numberOf("diverged", value, 1, epochs * steps);
  if (!Number.isInteger(diverged)) throw new ResultError("diverged: expected a whole number");
  return { diverged, finished: Math.floor((diverged - 1) / steps) };
}

function epochOf(path: string, value: unknown, { trainCount, validationCount }: DatasetInfo) {
  const fields = fieldsOf(path, value, ["loss", "accuracy", "validationLoss", "validationAccuracy"]);
  const { loss, accuracy, validationLoss, validationAccuracy } = fields;
  if (validationCount === 0 && (validationLoss !== null || validationAccuracy !== null))
    throw new ResultError(`${path}: expected no validation, because nothing is held out`);
  return {
    loss: numberOf(`${path}.loss`, loss, 0, Number.MAX_VALUE),
    accuracy: accuracyOf(`${path}.accuracy`, accuracy, trainCount),
    validationLoss: lossOf(`${path}.validationLoss`, validationLoss),
    validationAccuracy:
      validationCount === 0 ? null : accuracyOf(`${path}.validationAccuracy`, validationAccuracy, validationCount),
  };
}

function histogramOf(path: string, value: unknown, weights: number) {
  const fields = fieldsOf(path, value, ["low", "high", "counts"]);
  const low = numberOf(`${path}.low`, fields["low"], -Number.MAX_VALUE, Number.MAX_VALUE);
  const high = numberOf(`${path}.high`, fields["high"], low, Number.MAX_VALUE);
  const counts = listOf(`${path}.counts`, fields["counts"], BINS).map((count) =>
    numberOf(`${path}.counts`, count, 0, weights),
  );
  const sum = counts.reduce((a, b) => a + b, 0);
  if (!counts.every(Number.isInteger) || sum > weights)
    throw new ResultError(`${path}.counts: expected up to ${weights} weights, counted`);
  return { low, high, counts };
}

function layerOf(path: string, value: unknown, label: string, weights: number) {
  const fields = fieldsOf(path, value, ["layer", "before", "after"]);
  if (fields["layer"] !== label) throw new ResultError(`${path}.layer: expected ${label}`);
  const before = histogramOf(`${path}.before`, fields["before"], weights);
  const after = histogramOf(`${path}.after`, fields["after"], weights);
  if (before.low !== after.low || before.high !== after.high)
    throw new ResultError(`${path}: expected both histograms in the same bins`);
  return { layer: label, before, after };
}

/**
 * Reads the result of `run` from untrusted `value`. The fields are in their canonical order.
 *
 * @throws ResultError that names the field.
 */
export function readResult({ config, run }: SweepRun, dataset: DatasetInfo, value: unknown): RunResult {
  const names = ["initializer", "seed", "epochs", "testLoss", "testAccuracy", "diverged", "weights", "sha256"];
  const fields = fieldsOf("result", value, names);
  if (fields["initializer"] !== run.initializer || fields["seed"] !== run.seed)
    throw new ResultError(`result: expected the result of ${run.initializer} seed ${run.seed}`);
  const { diverged, finished } = lengthOf(fields["diverged"], config, dataset);
  const { sha256 } = fields;
  if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256))
    throw new ResultError("sha256: expected 64 hexadecimal digits");
  const sizes = config.layers;
  return {
    initializer: run.initializer,
    seed: run.seed,
    epochs: listOf("epochs", fields["epochs"], finished).map((epoch, i) => epochOf(`epochs.${i}`, epoch, dataset)),
    testLoss: lossOf("testLoss", fields["testLoss"]),
    testAccuracy: accuracyOf("testAccuracy", fields["testAccuracy"], dataset.testCount),
    diverged,
    weights: listOf("weights", fields["weights"], sizes.length - 1).map((layer, l) => {
      const [from = 0, to = 0] = [sizes[l], sizes[l + 1]];
      return layerOf(`weights.${l}`, layer, `dense_${l + 1} (${from}x${to})`, from * to);
    }),
    sha256,
  };
}
