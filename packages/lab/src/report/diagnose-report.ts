// The report of a diagnosis: the findings with their fixes, then the signal or the tensors.
// Source: WCAG 2.2 AA for labels, tables and contrast; the findings are those of diagnose.

import { VERSION } from "@fanin/core";
import { escapeMarkup } from "@fanin/figures";
import type { NetworkDiagnosis } from "../diagnose/diagnose-network.ts";
import type { WeightsDiagnosis } from "../diagnose/diagnose-weights.ts";
import { findingCards, findingsSentence } from "./finding-cards.ts";
import { layersText, plural } from "./report-markup.ts";
import { type ReportExtras, reportPage } from "./report-page.ts";
import { signalFigures, signalTable, summaryTable } from "./signal-sections.ts";
import { tensorHistograms, tensorTable } from "./tensor-sections.ts";

/** Additional content of the report of a diagnosis. */
export interface DiagnoseReportExtras extends ReportExtras {
  /** The name of the weight file. */
  readonly file?: string | undefined;
}

const section = (heading: string, content: string): string => `<section>\n<h2>${heading}</h2>\n${content}\n</section>`;

function networkSections(diagnosis: NetworkDiagnosis): string[] {
  const { signals } = diagnosis.signal;
  if (signals.length < 2) return [];
  const note =
    "Measured on one draw of the weights, with a random readout of the last layer, without residual connections and normalization. The findings cover these by theory.";
  return [
    section("Per layer and in total", `<div class="card results rates">${summaryTable(diagnosis)}</div>`),
    section(
      "The signal by layer",
      `<p class="note">${note}</p>\n${signalFigures(diagnosis)}\n${signalTable(diagnosis)}`,
    ),
  ];
}

function weightsSections(diagnosis: WeightsDiagnosis): string[] {
  return [
    section("Tensors", `<div class="card results tensors">${tensorTable(diagnosis)}</div>`),
    section("Histograms", tensorHistograms(diagnosis)),
  ];
}

/**
 * The report of a diagnosis as one self-contained HTML file: findings, reasons and fixes; the signal by layer of a network,
 * or every tensor of a weight file; the data of each figure; the command. Every string is escaped.
 *
 * @example
 * import { diagnose, diagnoseNetwork } from "@fanin/lab";
 * const network = { layers: [16, 32, 32, 4], activation: "relu", initializer: "he_normal" } as const;
 * const command = "fanin diagnose --layers 16,32x2,4 --activation relu --init he_normal";
 * diagnoseReport(diagnoseNetwork(network, { seed: 0 }), { command }).startsWith("<!DOCTYPE html>"); // => true
 */
export function diagnoseReport(diagnosis: NetworkDiagnosis | WeightsDiagnosis, extras: DiagnoseReportExtras): string {
  const isNetwork = diagnosis.kind === "network";
  const title = isNetwork
    ? `${layersText(diagnosis.layers)} ${diagnosis.activation}, ${diagnosis.initializer}`
    : (extras.file ?? "Weights");
  const setup = isNetwork
    ? `Seed ${diagnosis.seed}, ${diagnosis.stream}, ${plural(diagnosis.signal.batch, "input")} at once${diagnosis.optimizer === null ? "" : `, to be trained with ${diagnosis.optimizer}`}.`
    : `${plural(diagnosis.tensors.length, "tensor")}, ${plural(diagnosis.parameters, "value")}, ${diagnosis.layout} layout.`;
  const sections = [
    section("Findings", findingCards(diagnosis.findings)),
    ...(isNetwork ? networkSections(diagnosis) : weightsSections(diagnosis)),
    section("Reproduce", `<pre class="card"><code>${escapeMarkup(extras.command)}</code></pre>`),
  ];
  const main = `<p class="answer">${escapeMarkup(findingsSentence(diagnosis.findings))}</p>\n${sections.join("\n")}`;
  const kind = isNetwork ? "diagnosis of a network" : "diagnosis of weights";
  return reportPage({ version: VERSION, kind, title, setup, main }, extras);
}
