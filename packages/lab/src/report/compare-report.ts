// The report of a comparison: the answer, then tables and figures with their data.
// Source: WCAG 2.2 AA for labels, tables and contrast.

import { escapeMarkup, formatNumber } from "@fanin/figures";
import { learnedAccuracy } from "../compare/learning-curve.ts";
import type { CompareResult } from "../compare/result.ts";
import { compareAnswerParts } from "./compare-answer.ts";
import { accuracyDots, learningCurves, weightHistograms } from "./compare-figures.ts";
import { comparisonsTable, configuration, everyRun, resultsTable } from "./compare-tables.ts";
import { initializerCode, plural } from "./report-markup.ts";
import { type ReportExtras, reportPage } from "./report-page.ts";

function answer(result: CompareResult): string {
  const sentences = compareAnswerParts(result).map((sentence) =>
    sentence
      .map((part) => (typeof part === "string" ? escapeMarkup(part) : initializerCode(part.initializer)))
      .join(""),
  );
  return `<p class="answer">${sentences.join(" ")}</p>`;
}

/**
 * The report of `result` as one self-contained HTML file: the answer in words, the table, curves, test accuracies, weight
 * histograms, the data of each figure, and the settings that reproduce the same bytes. Every string is escaped.
 *
 * @throws RangeError if the result has no initializer, or a layer's histograms have different bins.
 * @example
 * import { compare, compareConfig } from "@fanin/lab";
 * import { proceduralDataset } from "@fanin/lab/data";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const config = compareConfig({ layers: [784, 4, 10], initializers: ["he_normal", "zeros"], seeds: [0, 1], epochs: 1 });
 * compareReport(await compare(config, dataset), { command: "fanin compare" }).startsWith("<!doctype html>"); // => false
 */
export function compareReport(result: CompareResult, extras: ReportExtras): string {
  const { config, dataset, summary } = result;
  if (summary.length === 0) throw new RangeError("result.summary: expected at least one initializer, got none");
  const title = `${dataset.name}: ${plural(summary.length, "initializer")} compared`;
  const network = `${config.layers.join("–")} ${config.activation}`;
  const training = `${config.optimizer} at learning rate ${config.learningRate}, batch ${config.batch}, ${plural(config.epochs, "epoch")}`;
  const threshold = formatNumber(learnedAccuracy(dataset.classes.length));
  const main = `${answer(result)}
<p class="note">A run has learned if its test accuracy is above ${threshold}, a tenth of the way from a uniform guess to 1. The report says “higher” or “lower” only if the 95 % BCa bootstrap interval of the paired difference excludes 0 and a sign-flip permutation test is significant at 5 %, after Holm's correction.</p>
<section>
<h2>Results</h2>
<div class="card results">${resultsTable(result)}</div>
${comparisonsTable(result)}
${accuracyDots(result)}
</section>
<section>
<h2>Learning curves</h2>
<div class="figures">
${learningCurves(result)}
</div>
</section>
<section>
<h2>Weights before and after training</h2>
${weightHistograms(result)}
</section>
<section>
<h2>Configuration</h2>
${configuration(result)}
</section>
<section>
<h2>Reproduce</h2>
<pre class="card"><code>${escapeMarkup(extras.command)}</code></pre>
<p class="note">The same configuration gives the same bytes. The hashes are those of the final weights.</p>
${everyRun(result)}
</section>`;
  const setup = `${network}; ${training}; ${plural(config.seeds.length, "seed")} each.`;
  return reportPage({ version: result.version, kind: "comparison of initializers", title, setup, main }, extras);
}
