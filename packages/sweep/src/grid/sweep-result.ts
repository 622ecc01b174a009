// The result of a sweep: the statistics of a comparison for each point of the grid, and theory for each initializer.
// Source: Schoenholz et al. 2017: networks train up to about six depth scales.

import { get, parseInitializer } from "@fanin/core";
import {
  type ActivationName,
  type Comparison,
  compareResults,
  type DatasetInfo,
  type InitializerSummary,
  lossAuc,
  meanField,
  type RunResult,
} from "@fanin/lab";
import type { SweepPlan } from "./sweep-plan.ts";
import type { SweepSpec } from "./sweep-spec.ts";

/** One point of the grid. */
export interface SweepCellResult {
  readonly depth: number;
  readonly width: number;
  readonly activation: string;
  readonly optimizer: string;
  readonly learningRate: number;
  /** The accuracy of epochsToTarget. */
  readonly target: number | null;
  readonly summary: readonly InitializerSummary[];
  /** Every other initializer against the reference; Holm's correction covers all points of the grid. */
  readonly comparisons: readonly Comparison[];
}

/** A summary of one run, for tables. The full result is in its own file, named by its address. */
export interface SweepRunSummary {
  readonly id: string;
  /** The index of its point of the grid. */
  readonly cell: number;
  readonly initializer: string;
  readonly seed: number;
  readonly testAccuracy: number;
  readonly testLoss: number | null;
  readonly lossAuc: number | null;
  readonly diverged: number | null;
  /** SHA-256 of the final weights. */
  readonly sha256: string;
}

/** Mean-field theory of the hidden layers of one width. */
export interface DepthScale {
  readonly initializer: string;
  readonly activation: string;
  readonly width: number;
  /** Variance of the weights times fan-in. */
  readonly weightVariance: number;
  /** The number of layers in which a signal changes by a factor e; null if infinite, or if theory does not apply. */
  readonly depthScale: number | null;
  /** `no theory` for weights with a nonzero mean. */
  readonly kind: "finite" | "infinite" | "no theory";
}

/** A whole sweep. */
export interface SweepResult {
  readonly schemaVersion: 1;
  readonly version: string;
  readonly spec: SweepSpec;
  readonly dataset: DatasetInfo;
  readonly cells: readonly SweepCellResult[];
  readonly runs: readonly SweepRunSummary[];
  readonly theory: readonly DepthScale[];
}

/**
 * The depth scale of hidden layers of `width` units: that of correlations, or of gradients if activations grow without
 * bound.
 *
 * @example
 * depthScale("glorot_normal", "relu", 64); // { weightVariance: 1, depthScale: 1.44, kind: "finite", ... }
 */
export function depthScale(initializer: string, activation: ActivationName, width: number): DepthScale {
  const { mean, variance } = get(parseInitializer(initializer)).distribution([width, width]);
  const weightVariance = width * variance;
  const named = { initializer, activation, width, weightVariance };
  if (!(Number.isFinite(weightVariance) && Math.abs(mean) <= 1e-3 * Math.sqrt(variance))) {
    return { ...named, depthScale: null, kind: variance === 0 && mean === 0 ? "finite" : "no theory" };
  }
  const { xiC, chi1 } = meanField(activation, { weightVariance, biasVariance: 0 });
  const rate = Math.abs(Math.log(chi1));
  // All engines agree on nine digits.
  const scale = xiC ?? (rate > 1e-6 ? Number((1 / rate).toPrecision(9)) : null);
  return { ...named, depthScale: scale, kind: scale === null ? "infinite" : "finite" };
}

/**
 * The result of a sweep from the results of all its runs, by address.
 *
 * @throws RangeError if one is missing.
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
import { type RunResult, trainRun } from "@fanin/lab";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const plan = await sweepPlan(sweepSpec({ initializers: ["he_normal"], widths: [4], seeds: 2, epochs: 1 }), dataset);
 * const results = new Map<string, RunResult>();
 * for (const { id, config, run } of plan.runs) results.set(id, await trainRun(config, dataset, run));
 * sweepResult(plan, results).cells.length; // => 1
 */
export function sweepResult(plan: SweepPlan, results: ReadonlyMap<string, RunResult>): SweepResult {
  const { version, spec, dataset, cells } = plan;
  const byCell = new Map(cells.map((cell) => [cell, [] as RunResult[]]));
  const positions = new Map(cells.map((cell, position) => [cell, position]));
  const runs = plan.runs.map(({ id, cell, run: { initializer, seed } }): SweepRunSummary => {
    const result = results.get(id);
    if (!result) throw new RangeError(`runs: ${id} is missing`);
    byCell.get(cell)?.push(result);
    const { testAccuracy, testLoss, diverged, sha256 } = result;
    const position = positions.get(cell) ?? 0;
    return {
      id,
      cell: position,
      initializer,
      seed,
      testAccuracy,
      testLoss,
      lossAuc: lossAuc(result),
      diverged,
      sha256,
    };
  });
  const compared = compareResults(
    cells.map((cell) => ({ config: cell.config, runs: byCell.get(cell) ?? [] })),
    dataset,
  );
  return {
    schemaVersion: 1,
    version,
    spec,
    dataset,
    cells: cells.map(({ depth, width, config: { activation, optimizer, learningRate } }, i): SweepCellResult => {
      const { target = null, summary = [], comparisons = [] } = compared[i] ?? {};
      return { depth, width, activation, optimizer, learningRate, target, summary, comparisons };
    }),
    runs,
    theory: spec.activations.flatMap((activation) =>
      spec.widths.flatMap((width) =>
        spec.initializers.map((initializer) => depthScale(initializer, activation, width)),
      ),
    ),
  };
}
