// Compares each initializer with the reference, paired by seed: runs with one seed share layer seeds and data order.
// Source: Efron 1987 (BCa), Fisher 1935 (sign flips), Holm 1979. "better" needs an interval without 0 and a significant test.

import { bcaInterval, mean } from "./bootstrap.ts";
import { holm } from "./holm.ts";
import { lossAuc } from "./learning-curve.ts";
import type { Comparison, ComparisonMetric, RunResult, Verdict } from "./result.ts";
import { leastPValue, signFlipTest } from "./sign-flip.ts";

/** The family-wise error rate: the chance of any wrong "better" or "worse". */
export const SIGNIFICANCE = 0.05;
/** The least number of pairs to judge. */
export const MIN_SEEDS = 5;

/** A metric: how to read it from a run (null if the run has none), and whether more is better. */
const metrics: Readonly<Record<ComparisonMetric, { value(run: RunResult): number | null; sign: 1 | -1 }>> = {
  testAccuracy: { value: (run) => run.testAccuracy, sign: 1 },
  lossAuc: { value: lossAuc, sign: -1 },
};

/**
 * The least number of seeds at which `tests` comparisons can be judged. With fewer seeds, even differences of one sign in
 * all seeds cannot give a p-value below 5 % after Holm's correction.
 *
 * @example
 * seedsToJudge(3); // => 7
 */
export function seedsToJudge(tests: number): number {
  let seeds = MIN_SEEDS;
  while (leastPValue(seeds) * tests > SIGNIFICANCE && seeds < 64) seeds++;
  return seeds;
}

/** The paired differences of one initializer from the reference, and the pairs with a missing value. */
interface Pairs {
  readonly initializer: string;
  readonly differences: readonly number[];
  /** Seeds of the omitted pairs. */
  readonly leftOut: readonly number[];
  /** The number of omitted pairs without the initializer's value minus those without the reference's. */
  readonly excess: number;
  /** Whether each run ends with the same weights as its reference run. */
  readonly isSame: boolean;
  /** Whether every run of the initializer diverged, and every run of the reference. */
  readonly isLost: boolean;
  readonly isReferenceLost: boolean;
}

const isDiverged = (run: RunResult): boolean => run.diverged !== null;

function pair(
  initializer: string,
  runs: readonly RunResult[],
  references: ReadonlyMap<number, RunResult>,
  value: (run: RunResult) => number | null,
): Pairs {
  const differences: number[] = [];
  const leftOut: number[] = [];
  let excess = 0;
  const own = runs.filter((one) => one.initializer === initializer);
  for (const run of own) {
    const other = references.get(run.seed);
    if (!other) throw new RangeError(`runs: seed ${run.seed} of the reference is missing`);
    const [a, b] = [value(run), value(other)];
    if (a !== null && b !== null) differences.push(a - b);
    else {
      leftOut.push(run.seed);
      excess += (a === null ? 1 : 0) - (b === null ? 1 : 0);
    }
  }
  const isSame = own.every(({ seed, sha256 }) => references.get(seed)?.sha256 === sha256);
  const isLost = own.every(isDiverged);
  const isReferenceLost = [...references.values()].every(isDiverged);
  return { initializer, differences, leftOut, excess, isSame, isLost, isReferenceLost };
}

/** The verdict that follows from the runs alone if the tests give none; else `otherwise`. */
function plainVerdict(pairs: Pairs, otherwise: Verdict): Verdict {
  const { differences, leftOut, isSame, isLost, isReferenceLost } = pairs;
  if (isLost) return isReferenceLost ? "both diverged" : "diverged";
  if (isReferenceLost) return "reference diverged";
  // Few test accuracies of different networks can be equal by chance.
  const isEqual =
    leftOut.length === 0 &&
    differences.every((difference) => difference === 0) &&
    (isSame || differences.length >= MIN_SEEDS);
  return isEqual ? "equal in every seed" : otherwise;
}

/** The runs of several initializers, one of them the reference: one comparison, or one point of a sweep. */
export interface ComparedGroup {
  readonly initializers: readonly string[];
  readonly reference: string;
  readonly runs: readonly RunResult[];
}

/** Compares by one metric, for each group, all initializers with the reference; corrects over the tests of all groups. */
function compareBy(metric: ComparisonMetric, groups: readonly ComparedGroup[]): Comparison[][] {
  const { value, sign } = metrics[metric];
  const pairs = groups.map(({ initializers, reference, runs }) => {
    const references = new Map(runs.filter((run) => run.initializer === reference).map((run) => [run.seed, run]));
    return initializers
      .filter((initializer) => initializer !== reference)
      .map((initializer) => pair(initializer, runs, references, value));
  });
  const tests = pairs.flat();
  const enough = seedsToJudge(tests.length);
  const pValues = tests.map(({ differences, isLost, isReferenceLost }) =>
    differences.length >= MIN_SEEDS && !(isLost && isReferenceLost) ? signFlipTest(differences) : null,
  );
  const adjusted = holm(pValues.map((p) => p ?? 1));
  let i = -1;
  return pairs.map((group, g) =>
    group.map((one): Comparison => {
      const { initializer, differences, leftOut, excess, isLost, isReferenceLost } = one;
      i++;
      const p = pValues[i] ?? null;
      const bca = p === null ? null : bcaInterval(differences);
      const comparison = {
        initializer,
        reference: groups[g]?.reference ?? "",
        metric,
        pairs: differences.length,
        leftOut,
        difference: differences.length > 0 && !(isLost && isReferenceLost) ? mean(differences) : null,
        interval: bca && ([bca.low, bca.high] as const),
        pValue: p,
        adjustedPValue: p === null ? null : (adjusted[i] ?? 1),
      };
      if (bca === null || differences.length < enough) {
        return { ...comparison, verdict: plainVerdict(one, "too few seeds to judge") };
      }
      const detected = (adjusted[i] ?? 1) <= SIGNIFICANCE && (bca.low > 0 || bca.high < 0);
      const gain = sign * (bca.low > 0 ? 1 : -1);
      // An initializer that diverges more often is not better because its remaining runs are.
      if (!detected || gain * excess > 0) {
        return { ...comparison, verdict: plainVerdict(one, "no difference detected") };
      }
      return { ...comparison, verdict: gain > 0 ? "better" : "worse" };
    }),
  );
}

/**
 * Compares the initializers of each group with its reference, by test accuracy and by the area under the loss. Holm's
 * correction covers the tests of all groups by one metric: the chance of any wrong "better" or "worse" is 5 %.
 *
 * @throws RangeError if a reference lacks a seed that another initializer of its group has.
 */
export function jointComparisons(groups: readonly ComparedGroup[]): Comparison[][] {
  const byMetric = (["testAccuracy", "lossAuc"] as const).map((metric) => compareBy(metric, groups));
  return groups.map((_, g) => byMetric.flatMap((comparisons) => comparisons[g] ?? []));
}

/**
 * Compares every initializer with the reference, by test accuracy and by the area under the loss. A diverged run has no
 * such area; its pair is omitted and listed in `leftOut`.
 *
 * @throws RangeError if the reference lacks a seed that another initializer has.
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const config = compareConfig({ layers: [784, 4, 10], initializers: ["he_normal", "zeros"], seeds: [0, 1], epochs: 1 });
 * const { runs } = await compare(config, dataset);
 * pairedComparisons(config.initializers, "he_normal", runs).length > 0; // => true
 */
export function pairedComparisons(
  initializers: readonly string[],
  reference: string,
  runs: readonly RunResult[],
): Comparison[] {
  return jointComparisons([{ initializers, reference, runs }])[0] ?? [];
}
