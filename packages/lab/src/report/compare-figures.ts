// The figures of a comparison report: curves over epochs, test accuracies, and weights before and after training.

import {
  escapeMarkup,
  extent,
  formatFixed,
  formatNumber,
  type HistogramData,
  histogramPair,
  histogramShares,
  type IntervalDots,
  intervalDots,
  type LineChart,
  lineChart,
  lineValues,
} from "@fanin/figures";
import { guessAccuracy } from "../compare/learning-curve.ts";
import type { CompareResult, EpochMetrics } from "../compare/result.ts";
import { epochCurves } from "./epoch-curves.ts";
import { htmlTable, type TableCell } from "./html-table.ts";
import { divergedCell, figure, initializerCode, plural } from "./report-markup.ts";

/** Losses that differ by more than this factor get a log axis. */
const LOG_RATIO = 25;

function curveTable({ quantity, step, series }: LineChart): string {
  const steps = series[0]?.points ?? [];
  return htmlTable({
    caption: `${quantity} by ${step}: mean over runs, and their range in brackets`,
    head: [step, ...series.map(({ name }) => name)],
    rows: steps.map(({ x }, index) => [
      String(x),
      ...series.map(({ points, lost }): TableCell => {
        const { mean = null, low = null, high = null } = points[index] ?? {};
        if (mean === null) return divergedCell(lost.length > 0 ? "diverged" : "n/a", lost.length > 0);
        return formatNumber(mean) + (low === null ? "" : ` [${formatNumber(low)}, ${formatNumber(high)}]`);
      }),
    ]),
    numeric: true,
  });
}

function curveCaption(chart: LineChart, kind: string): string {
  const lost = chart.series.reduce((sum, { lost }) => sum + lost.length, 0);
  const band = chart.band === null ? "One run each." : `Line: mean over the seeds. Band: ${chart.band}.`;
  const crosses =
    lost === 0
      ? ""
      : ` A cross at the upper edge marks the epoch in which a run diverged (${plural(lost, "run")}); the mean continues without it.`;
  return `${chart.quantity} ${kind}. ${band}${crosses}`;
}

/** Charts of loss and accuracy, training beside validation on the same vertical axis. */
export function learningCurves(result: CompareResult): string {
  const seeds = result.config.seeds.length;
  const band = seeds > 1 ? `range over ${seeds} seeds` : null;
  const classes = result.dataset.classes.length;
  const pair = (metrics: readonly (keyof EpochMetrics)[], noun: string, guess: number): string => {
    const kinds = ["Training", "Validation"].map((kind, index) => ({ kind, metric: metrics[index] ?? "loss" }));
    const drawn = kinds
      .map(({ kind, metric }) => ({ kind, series: epochCurves(result, metric) }))
      .filter(({ kind, series }) => kind === "Training" || lineValues(series).length > 0);
    const domain = extent(drawn.flatMap(({ series }) => lineValues(series)));
    const isLog = noun === "loss" && domain !== null && domain[0] > 0 && domain[1] / domain[0] > LOG_RATIO;
    const name = `uniform guess ${formatNumber(guess)}`;
    return drawn
      .map(({ kind, series }) => {
        const chart: LineChart = {
          quantity: `${kind} ${noun}`,
          step: "epoch",
          scale: isLog ? "log" : "linear",
          band,
          series,
          domain,
          reference: classes > 1 ? { value: guess, name } : null,
        };
        const source = kind === "Training" ? "the mean over the batches of each epoch" : "on the held-out examples";
        return figure(lineChart(chart), curveCaption(chart, source), curveTable(chart));
      })
      .join("\n");
  };
  return (
    pair(["loss", "validationLoss"], "loss", Math.log(Math.max(classes, 1))) +
    pair(["accuracy", "validationAccuracy"], "accuracy", guessAccuracy(classes))
  );
}

/** The test accuracies: every run as a dot, by initializer, with means and intervals. */
export function accuracyDots(result: CompareResult): string {
  const guess = guessAccuracy(result.dataset.classes.length);
  const chart: IntervalDots = {
    quantity: "Test accuracy",
    decimals: 3,
    reference: { value: guess, name: `uniform guess ${formatNumber(guess)}` },
    groups: result.summary.map(({ initializer, testAccuracy }) => ({
      name: initializer,
      mean: testAccuracy.mean,
      interval: testAccuracy.interval,
      dots: result.runs
        .filter((run) => run.initializer === initializer)
        .map((run) => ({ value: run.testAccuracy, diverged: run.diverged !== null })),
    })),
  };
  const table = htmlTable({
    caption: "Test accuracy of every run",
    head: ["Initializer", ...result.config.seeds.map((seed) => `seed ${seed}`)],
    rows: result.summary.map(({ initializer }) => [
      initializer,
      ...result.config.seeds.map((seed): TableCell => {
        const run = result.runs.find((one) => one.initializer === initializer && one.seed === seed);
        if (run === undefined) return "n/a";
        return divergedCell(formatFixed(run.testAccuracy, 4), run.diverged !== null);
      }),
    ]),
    numeric: true,
  });
  const crosses = result.runs.some(({ diverged }) => diverged !== null) ? ", a cross if it diverged" : "";
  const caption =
    result.config.seeds.length === 1
      ? `Test accuracy by initializer, one run each${crosses}.`
      : `Test accuracy by initializer: marker and bar are the mean and its 95 % interval, below them a circle for each seed${crosses}.`;
  return `<div class="wide">${figure(intervalDots(chart), caption, table)}</div>`;
}

function histogramTable(before: HistogramData, after: HistogramData, caption: string): string {
  const width = (before.high - before.low) / Math.max(1, before.counts.length);
  const shares = [histogramShares(before), histogramShares(after)] as const;
  const percent = (share: number | undefined): string => formatFixed((share ?? 0) * 100, 2);
  return htmlTable({
    caption,
    head: ["from", "to", "before %", "after %"],
    rows: before.counts.map((_, bin) => [
      formatNumber(before.low + bin * width, 4),
      formatNumber(before.low + (bin + 1) * width, 4),
      percent(shares[0][bin]),
      percent(shares[1][bin]),
    ]),
    numeric: true,
  });
}

/** Whether a histogram can be drawn: non-finite weights have no bounds. */
function hasBounds({ low, high }: HistogramData): boolean {
  return Number.isFinite(low) && Number.isFinite(high);
}

/** The weights of the layers in the runs with the first seed: a section per layer, a pair of histograms per initializer. */
export function weightHistograms(result: CompareResult): string {
  const seed = result.config.seeds[0];
  const runs = result.summary.map(({ initializer }) =>
    result.runs.find((run) => run.initializer === initializer && run.seed === seed),
  );
  const layers = [...new Set(runs.flatMap((run) => run?.weights.map(({ layer }) => layer) ?? []))];
  if (layers.length === 0) return '<p class="note">No histograms were recorded.</p>';
  return layers
    .map((layer) => {
      const figures = runs.map((run, series) => {
        const pair = run?.weights.find((one) => one.layer === layer);
        const name = result.summary[series]?.initializer ?? "";
        if (!run || !pair || ![pair.before, pair.after].every(hasBounds)) {
          const isDiverged = run !== undefined && run.diverged !== null;
          const reason = isDiverged ? `none, the run diverged at step ${run.diverged}` : "not recorded";
          return `<div class="card"><p>${initializerCode(name)}</p><p class="note">Histogram: ${escapeMarkup(reason)}.</p></div>`;
        }
        const { before, after } = pair;
        const svg = histogramPair({ name, quantity: `weights of ${layer}`, before, after, series });
        const ending = run.diverged === null ? "" : ` The run diverged at step ${run.diverged}.`;
        const caption = `Seed ${seed}: dashed before training, filled after.${ending}`;
        return figure(
          svg,
          caption,
          histogramTable(before, after, `Share of the weights of ${layer} in each bin, ${name}`),
        );
      });
      return `<h3>${escapeMarkup(layer)}</h3>\n<div class="histograms">\n${figures.join("\n")}\n</div>`;
    })
    .join("\n");
}
