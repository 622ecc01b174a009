// What a result must have to be taken for that of a run, where it comes from a file or from another machine.

import type { Run } from "./config.ts";
import type { RunResult } from "./result.ts";

/**
 * Whether `value`, which may be anything, is a result of the run: its initializer and seed, and the kinds of its fields.
 *
 * @example
 * isResultOf({ initializer: "he_normal", seed: 0 }, { initializer: "he_normal", seed: 0 }); // => false
 */
export function isResultOf(run: Run, value: unknown): value is RunResult {
  const result = value as Partial<RunResult> | null | undefined;
  return (
    result?.initializer === run.initializer &&
    result.seed === run.seed &&
    typeof result.testAccuracy === "number" &&
    (result.testLoss === null || typeof result.testLoss === "number") &&
    (result.diverged === null || typeof result.diverged === "number") &&
    Array.isArray(result.epochs) &&
    Array.isArray(result.weights) &&
    /^[0-9a-f]{64}$/.test(result.sha256 ?? "")
  );
}
