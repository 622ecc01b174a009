// The report of a sweep: one HTML file without scripts, network access or other files.

import { escapeMarkup, formatFixed, formatNumber } from "@fanin/figures";
import { seedsToJudge } from "@fanin/lab";
import {
  formatDifference,
  htmlTable,
  initializerCode,
  plural,
  reportPage,
  settingsCard,
  type TableCell,
} from "@fanin/lab/report";
import { bestSetting, selectionWords } from "../grid/best-setting.ts";
import type { SweepCellResult, SweepResult } from "../grid/sweep-result.ts";
import { axisCharts, SCALES_THAT_TRAIN, trainabilityMaps } from "./sweep-figures.ts";

/** Options of a report. */
export interface SweepReportExtras {
  /** Defaults to the theme of the reader's system. */
  readonly theme?: "auto" | "light" | "dark";
}

function settingWords({ depth, width, activation, optimizer, learningRate }: SweepCellResult): string {
  return `${plural(depth, "hidden layer")} of ${width}, ${activation}, ${optimizer} at ${learningRate}`;
}

/** The chosen setting of each initializer, and the number of differences from the reference. */
function answer({ cells, spec, dataset }: SweepResult): string {
  const isChoice = cells.length > 1;
  const best = spec.initializers.flatMap((initializer) => {
    const found = bestSetting(cells, initializer);
    if (!found) return [];
    const { row, cell } = found;
    const name = initializerCode(initializer);
    // The chosen setting diverged in every run only if all settings did.
    if (row.diverged === row.runs) return [`${name} diverged in every run${isChoice ? " of every setting" : ""}.`];
    return [`${name} reaches a test accuracy of ${formatFixed(row.testAccuracy.mean, 3)} with ${settingWords(cell)}.`];
  });
  const choice = isChoice
    ? [`For each initializer, the report shows the setting that ${selectionWords(dataset)}.`]
    : [];
  return `<p class="answer">${[...choice, ...best, ...judgements(cells, spec)].join(" ")}</p>`;
}

function judgements(cells: readonly SweepCellResult[], spec: SweepResult["spec"]): string[] {
  const all = cells.flatMap(({ comparisons }) => comparisons.filter(({ metric }) => metric === "testAccuracy"));
  if (all.length === 0) return [];
  if (all.every(({ verdict }) => verdict === "too few seeds to judge")) {
    const needed = seedsToJudge(all.length);
    return [
      `${plural(spec.seeds.length, "seed")} each: too few to judge differences (${needed} are needed for ${plural(all.length, "comparison")}).`,
    ];
  }
  return spec.initializers.flatMap((initializer) => {
    const own = all.filter((comparison) => comparison.initializer === initializer);
    if (own.length === 0) return [];
    const counts = new Map<string, number>();
    for (const { verdict } of own) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    const words = [...counts].map(([verdict, count]) => `${verdict} in ${count}`).join(", ");
    return [
      `${initializerCode(initializer)} against ${initializerCode(spec.reference)}, seed by seed in ${plural(own.length, "setting")}: ${words}.`,
    ];
  });
}

function resultsTable({ cells, spec }: SweepResult): string {
  const rows = cells.flatMap((cell) =>
    cell.summary.map(({ initializer, testAccuracy, testLoss, lossAuc, runs, diverged }): TableCell[] => {
      const comparison = cell.comparisons.find(
        (one) => one.initializer === initializer && one.metric === "testAccuracy",
      );
      const spread = runs > 1 ? ` ± ${formatFixed(testAccuracy.standardDeviation, 3)}` : "";
      return [
        { markup: initializerCode(initializer) },
        String(cell.depth),
        String(cell.width),
        `${cell.activation}, ${cell.optimizer} ${cell.learningRate}`,
        { markup: `<span class="accuracy">${formatFixed(testAccuracy.mean, 3)}</span>${spread}` },
        testLoss === null ? "n/a" : formatNumber(testLoss.mean),
        lossAuc === null ? "n/a" : formatNumber(lossAuc.mean),
        diverged > 0
          ? { markup: `<span class="diverged">${diverged} of ${runs}</span>` }
          : { markup: `<span>${diverged}</span>` },
        comparison ? formatDifference(comparison) : "reference",
        comparison?.verdict ?? "",
      ];
    }),
  );
  const table = htmlTable({
    caption: `Test accuracy after the last epoch, over ${plural(spec.seeds.length, "seed")}, and its difference from ${spec.reference} at the same setting, paired by seed: mean, 95 % BCa bootstrap interval`,
    head: [
      "Initializer",
      "Depth",
      "Width",
      "Setting",
      "Accuracy ± sd",
      "Loss",
      "Loss AUC",
      "Diverged",
      "Difference",
      "Verdict",
    ],
    rows,
    numeric: false,
  });
  return `<details class="runs card results"${rows.length <= 60 ? " open" : ""}><summary>${plural(rows.length, "row")}</summary>${table}</details>`;
}

function configuration({ spec, dataset, version, runs }: SweepResult): string {
  return settingsCard([
    ["Data set", dataset.name],
    ["Examples", `${dataset.trainCount} to train, ${dataset.validationCount} held out, ${dataset.testCount} to test`],
    ["SHA-256 of the data", { markup: `<code class="hash">${escapeMarkup(dataset.sha256)}</code>` }],
    ["Initializers of hidden layers", { markup: spec.initializers.map(initializerCode).join("<br>") }],
    ["Initializer of the output layer", { markup: initializerCode(spec.outputInitializer) }],
    ["Hidden layers", spec.depths.join(", ")],
    ["Units of each", spec.widths.join(", ")],
    ["Activations", spec.activations.join(", ")],
    ["Optimizers", spec.optimizers.join(", ")],
    ["Learning rates", spec.learningRates?.join(", ") ?? "Keras's for each optimizer"],
    ["Seeds", spec.seeds.join(", ")],
    ["Epochs, batch", `${spec.epochs}, ${spec.batch}`],
    ["Validation split", String(spec.validationSplit)],
    ["Stream", { markup: `<code>${escapeMarkup(spec.stream)}</code>` }],
    ["Compared with", { markup: initializerCode(spec.reference) }],
    ["Runs", String(runs.length)],
    ["Fanin", version],
  ]);
}

/** The spec as a file that reproduces the sweep, without the path of the data on this machine. */
function specText({ spec, dataset }: SweepResult): string {
  const data = spec.data.includes("/") ? dataset.name : spec.data;
  return JSON.stringify({ ...spec, data }, null, 2).replace(
    /\[\n\s+([^[\]{}]*?)\n\s+\]/g,
    (_, items: string) => `[${items.replace(/\n\s+/g, " ")}]`,
  );
}

function section(heading: string, body: string): string {
  return body === "" ? "" : `<section>\n<h2>${heading}</h2>\n${body}\n</section>`;
}

/**
 * The report of `result` as one self-contained HTML file: the answer in words, trainability maps, accuracy over each axis
 * of the grid, the table, and the spec. Every string is escaped.
 *
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
import { type RunResult, trainRun } from "@fanin/lab";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const plan = await sweepPlan(sweepSpec({ initializers: ["he_normal"], widths: [4], seeds: 2, epochs: 1 }), dataset);
 * const results = new Map<string, RunResult>();
 * for (const { id, config, run } of plan.runs) results.set(id, await trainRun(config, dataset, run));
 * sweepReport(sweepResult(plan, results)).startsWith("<!DOCTYPE html>"); // => true
 */
export function sweepReport(result: SweepResult, extras: SweepReportExtras = {}): string {
  const { cells, runs, spec, dataset, version } = result;
  const theory = `<p class="note">ξ is the number of layers in which a signal changes by a factor e, for the weights before training. Networks train up to about ${SCALES_THAT_TRAIN} ξ (Schoenholz et al. 2017). Brighter is more accurate; all maps share one scale.</p>`;
  const maps = trainabilityMaps(result);
  const main = [
    answer(result),
    `<p class="note">The report says “better” or “worse” only if the 95 % BCa bootstrap interval of the paired difference excludes 0 and a sign-flip permutation test is significant at 5 %, after Holm's correction over all settings.</p>`,
    section("What trains", maps === "" ? "" : theory + maps),
    section("Over the axes of the grid", axisCharts(result)),
    section("Results", resultsTable(result)),
    section("Configuration", configuration(result)),
    section(
      "Reproduce",
      `<pre class="card"><code>${escapeMarkup(specText(result))}</code></pre>\n<p class="note">Save it as sweep.json and run: fanin sweep sweep.json. The file name of each run is the SHA-256 of its inputs; result.json lists the runs with the hashes of their final weights.</p>`,
    ),
  ].join("\n");
  const setup = `${plural(spec.initializers.length, "initializer")}, ${plural(spec.seeds.length, "seed")} each, ${plural(spec.epochs, "epoch")}, batch ${spec.batch}.`;
  const title = `${dataset.name}: ${plural(runs.length, "run")} of ${plural(cells.length, "setting")}`;
  return reportPage({ version, kind: "sweep", title, setup, main }, extras);
}
