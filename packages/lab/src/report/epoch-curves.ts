// The curves of a comparison: for each initializer mean and range over its runs, epoch by epoch.

import type { LinePoint, LineSeries } from "@fanin/figures";
import type { CompareResult, EpochMetrics, RunResult } from "../compare/result.ts";

/** The metric of one epoch; null where it is missing, not finite, or was lost on the way through JSON. */
function metricAt(run: RunResult, epoch: number, metric: keyof EpochMetrics): number | null {
  const value = run.epochs[epoch - 1]?.[metric] ?? null;
  return value === null || !Number.isFinite(value) ? null : value;
}

/** The epoch in which a diverged run lost its loss: the one after its last finite one. */
function lostEpoch(run: RunResult, epochs: number): number {
  const lost = run.epochs.findIndex(({ loss }) => !Number.isFinite(loss ?? Number.NaN));
  return Math.min(epochs, (lost === -1 ? run.epochs.length : lost) + 1);
}

/** One series per initializer; the band is null where fewer than two runs have a value. */
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
