// The curves of a comparison: mean and range over the runs of each initializer, by epoch.

import type { LinePoint, LineSeries } from "@fanin/figures";
import type { CompareResult, EpochMetrics, RunResult } from "../compare/result.ts";

/** The metric of one epoch; null if it is missing or not finite, or if JSON turned it into null. */
function metricAt(run: RunResult, epoch: number, metric: keyof EpochMetrics): number | null {
  const value = run.epochs[epoch - 1]?.[metric] ?? null;
  return value === null || !Number.isFinite(value) ? null : value;
}

/** The epoch in which a run diverged: the one after its last finite loss. */
function lostEpoch(run: RunResult, epochs: number): number {
  const lost = run.epochs.findIndex(({ loss }) => !Number.isFinite(loss ?? Number.NaN));
  return Math.min(epochs, (lost === -1 ? run.epochs.length : lost) + 1);
}

/** One series per initializer; the band is null if fewer than two runs have a value. */
export function epochCurves(result: CompareResult, metric: keyof EpochMetrics): LineSeries[] {
  const { epochs } = result.config;
  return result.summary.map(({ initializer }) => {
    const runs = result.runs.filter((run) => run.initializer === initializer);
    const points = Array.from({ length: epochs }, (_, index): LinePoint => {
      const values = runs.map((run) => metricAt(run, index + 1, metric)).filter((value) => value !== null);
      const isBand = values.length > 1;
      return {
        x: index + 1,
        mean: values.length === 0 ? null : values.reduce((sum, value) => sum + value / values.length, 0),
        low: isBand ? Math.min(...values) : null,
        high: isBand ? Math.max(...values) : null,
      };
    });
    const lost = runs.filter(({ diverged }) => diverged !== null).map((run) => lostEpoch(run, epochs));
    return { name: initializer, points, lost };
  });
}
