// The tables of a comparison report: results, configuration, and every run with the hash of its weights.

import { drawKey, escapeMarkup, formatCount, formatFixed, formatNumber } from "@fanin/figures";
import { hasLearned } from "../compare/learning-curve.ts";
import type { CompareResult, Comparison, InitializerSummary, RunResult } from "../compare/result.ts";
import { formatDifference } from "./compare-answer.ts";
import { htmlTable, type TableCell } from "./html-table.ts";
import { divergedCell, initializerCode, plural, settingsCard } from "./report-markup.ts";

function seriesCell(initializer: string, index: number): TableCell {
  const key = `<svg class="fanin-figure key" viewBox="0 0 26 10" aria-hidden="true">${drawKey(index, 0, 5)}</svg>`;
  return { markup: `<span class="series">${key}${initializerCode(initializer)}</span>` };
}

/**
 * Formats epochs to the target: `2`, `2 (7 of 8)` if some runs never reach it, or `never`.
 *
 * @example
 * import { compare, compareConfig } from "@fanin/lab";
 * import { proceduralDataset } from "@fanin/lab/data";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const config = compareConfig({ layers: [784, 4, 10], initializers: ["he_normal", "zeros"], seeds: [0, 1], epochs: 1 });
 * const [first] = (await compare(config, dataset)).summary;
 * first && epochsText(first); // => 'n/a'
 */
export function epochsText({ epochsToTarget, runs }: InitializerSummary): string {
  if (epochsToTarget === null) return "n/a";
  const { median, reached } = epochsToTarget;
  const shown = median === null ? "never" : String(median);
  return reached === runs || reached === 0 ? shown : `${shown} (${reached} of ${runs})`;
}

/** The results: one row per initializer with test metrics over its runs. */
export function resultsTable(result: CompareResult): string {
  const classes = result.dataset.classes.length;
  const epochs = result.target === null ? "Epochs to target" : `Epochs to ${formatFixed(result.target, 2)}`;
  const rows = result.summary.map((row, index): TableCell[] => {
    const { mean, standardDeviation, interval } = row.testAccuracy;
    const runs = result.runs.filter(({ initializer }) => initializer === row.initializer);
    const learned = runs.filter((run) => hasLearned(run, classes)).length;
    const spread = row.runs > 1 ? ` ± ${formatFixed(standardDeviation, 3)}` : "";
    return [
      seriesCell(row.initializer, index),
      { markup: `<span class="accuracy">${formatFixed(mean, 3)}</span>${spread}` },
      interval === null ? "n/a" : `[${formatFixed(interval[0], 3)}, ${formatFixed(interval[1], 3)}]`,
      row.testLoss === null ? "n/a" : formatNumber(row.testLoss.mean),
      row.lossAuc === null ? "n/a" : formatNumber(row.lossAuc.mean),
      epochsText(row),
      String(row.runs),
      String(learned),
      divergedCell(String(row.diverged), row.diverged > 0),
    ];
  });
  return htmlTable({
    caption: "Test accuracy after the last epoch, over the runs of each initializer",
    head: ["Initializer", "Accuracy ± sd", "95 % interval", "Loss", "Loss AUC", epochs, "Runs", "Learned", "Diverged"],
    rows,
    numeric: true,
  });
}

function comparisonCells(comparison: Comparison): TableCell[] {
  const { initializer, metric, adjustedPValue, pairs, leftOut, verdict } = comparison;
  const missing = leftOut.length > 0 ? ` (without ${leftOut.map((seed) => `seed ${seed}`).join(", ")})` : "";
  return [
    { markup: initializerCode(initializer) },
    metric === "testAccuracy" ? "test accuracy" : "loss AUC",
    formatDifference(comparison),
    formatNumber(adjustedPValue),
    `${pairs}${missing}`,
    verdict,
  ];
}

/** The differences: one row per comparison with the reference; empty without comparisons. */
export function comparisonsTable({ comparisons, config }: CompareResult): string {
  if (comparisons.length === 0) return "";
  const table = htmlTable({
    caption: `Differences from ${config.reference}, paired by seed: mean, 95 % BCa bootstrap interval, p-value of the sign-flip test after Holm's correction`,
    head: ["Initializer", "Metric", "Difference", "p", "Pairs", "Verdict"],
    rows: comparisons.map(comparisonCells),
    numeric: false,
  });
  return `<div class="card results">${table}</div>`;
}

/** The configuration: all parameters of the comparison. */
export function configuration({ config, dataset, version }: CompareResult): string {
  const examples = `${formatCount(dataset.trainCount)} to train, ${formatCount(dataset.validationCount)} held out, ${formatCount(dataset.testCount)} to test`;
  const code = (text: string): TableCell => ({ markup: `<code>${escapeMarkup(text)}</code>` });
  return settingsCard([
    ["Data set", dataset.name],
    ["Examples", examples],
    ["Features", formatCount(dataset.features)],
    ["Classes", dataset.classes.join(", ")],
    ["SHA-256 of the data", { markup: `<code class="hash">${escapeMarkup(dataset.sha256)}</code>` }],
    ["Layers", config.layers.join(" – ")],
    ["Activation", config.activation],
    ["Initializers of hidden layers", { markup: config.initializers.map(initializerCode).join("<br>") }],
    ["Initializer of the output layer", { markup: initializerCode(config.outputInitializer) }],
    ["Stream", code(config.stream)],
    ["Seeds", config.seeds.join(", ")],
    ["Epochs", String(config.epochs)],
    ["Batch", String(config.batch)],
    ["Optimizer", config.optimizer],
    ["Learning rate", String(config.learningRate)],
    ["Validation split", String(config.validationSplit)],
    ["Compared with", { markup: initializerCode(config.reference) }],
    ["Target accuracy", config.target === null ? "95 % of the best" : String(config.target)],
    ["Fanin", version],
  ]);
}

function runCells(run: RunResult): TableCell[] {
  return [
    { markup: initializerCode(run.initializer) },
    String(run.seed),
    formatFixed(run.testAccuracy, 4),
    formatNumber(run.testLoss, 4),
    run.diverged === null ? "no" : divergedCell(`at step ${run.diverged}`, true),
    { markup: `<code class="hash">${escapeMarkup(run.sha256)}</code>` },
  ];
}

/** The runs: one row each. */
export function everyRun(result: CompareResult): string {
  const table = htmlTable({
    caption: "Test metrics and the SHA-256 of the final weights and biases, as little-endian float32 in layer order",
    head: ["Initializer", "Seed", "Accuracy", "Loss", "Diverged", "SHA-256 of the weights"],
    rows: result.runs.map(runCells),
    numeric: false,
  });
  return `<details class="runs" open><summary>${plural(result.runs.length, "run")}</summary>${table}</details>`;
}
