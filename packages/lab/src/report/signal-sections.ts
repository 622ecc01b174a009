// The sections on the signal of a diagnosed network: rates, profiles over depth, activations, and a table of all values.

import { depthProfile, formatFixed, formatNumber, heatStrip } from "@fanin/figures";
import type { NetworkDiagnosis, RateReport } from "../diagnose/diagnose-network.ts";
import type { LayerSignal, Measured } from "../signal/propagate.ts";
import { htmlTable, type TableCell } from "./html-table.ts";
import { figure } from "./report-markup.ts";

const percent = (share: number | null): string => (share === null ? "n/a" : `${formatFixed(100 * share, 1)} %`);

/** Formats 10 to the power log10, also beyond the range of doubles. */
function power(log10: number | null, decimals: number): TableCell {
  return log10 === null ? "n/a" : { markup: `10<sup>${formatFixed(log10, decimals)}</sup>` };
}

/** The rates of the signal per layer, and its values at the last layer. */
export function summaryTable({ forward, gradient, dead, saturated, correlation, signal }: NetworkDiagnosis): string {
  const hidden = signal.signals.length - 1;
  const rate = (name: string, { factorPerLayer, theoryPerLayer, log10Change }: RateReport): TableCell[] => [
    name,
    formatNumber(factorPerLayer),
    formatNumber(theoryPerLayer),
    power(log10Change, 1),
  ];
  const rates = htmlTable({
    caption: `Mean square of pre-activations (forward) and of gradients (backward): factor per layer over the last half of the ${hidden} hidden layers, and in total`,
    head: ["direction", "per layer", "theory", "in all"],
    rows: [rate("forward", forward), rate("backward", gradient)],
    numeric: true,
  });
  const worst = htmlTable({
    caption: "The worst hidden layer",
    head: ["quantity", "value"],
    rows: [
      ["dead units", percent(dead)],
      ["saturated activations", percent(saturated)],
      ["correlation of two inputs at the last layer", correlation === null ? "n/a" : formatFixed(correlation, 3)],
    ],
    numeric: true,
  });
  return `${rates}${worst}`;
}

function measuredTable(caption: string, measured: readonly Measured[]): string {
  return htmlTable({
    caption,
    head: ["layer", "measured", "theory", "95 % at this width"],
    rows: measured.map(({ log10, theory }, l) => [
      String(l + 1),
      formatFixed(log10, 3),
      formatFixed(theory?.log10 ?? null, 3),
      theory === null ? "n/a" : `[${formatFixed(theory.low, 2)}, ${formatFixed(theory.high, 2)}]`,
    ]),
    numeric: true,
  });
}

function profile(name: string, caption: string, measured: readonly Measured[]): string {
  const title = `Mean square of ${name}`;
  const theory = measured.flatMap((one) => one.theory ?? []);
  const curve = {
    name,
    measured: measured.map(({ log10 }) => log10),
    theory: theory.length === measured.length ? theory : null,
  };
  const svg = depthProfile({ title, curves: [curve] });
  return figure(svg, caption, measuredTable(`${title}, as log10`, measured));
}

function activationsFigure({ signal, activation }: NetworkDiagnosis, layers: readonly LayerSignal[]): string {
  const { low, high } = signal.histogram;
  const counts = layers.map((layer) => layer.counts);
  if (!(Number.isFinite(high - low) && low < high)) return "";
  const bins = counts[0]?.length ?? 0;
  const width = (high - low) / Math.max(1, bins);
  const table = htmlTable({
    caption: "Activations in each bin, by layer",
    head: ["from", ...layers.map(({ layer }) => `layer ${layer}`)],
    rows: Array.from({ length: bins }, (_, bin) => [
      formatNumber(low + bin * width),
      ...counts.map((layer) => String(layer[bin] ?? 0)),
    ]),
    numeric: true,
  });
  const caption = `Each column is the histogram of a layer's ${activation} activations: one bright row means that all activations are alike. Values out of range count in the outer rows.`;
  return figure(heatStrip({ title: "Activations by layer", low, high, counts }), caption, table);
}

/** Figures of the forward and the backward signal over depth, and of the activations. */
export function signalFigures(diagnosis: NetworkDiagnosis): string {
  const hidden = diagnosis.signal.signals.slice(0, -1);
  return `<div class="figures">
${profile(
  "pre-activations",
  "Forward: the signal at each hidden layer. A straight line that falls or rises is a vanishing or exploding signal. The dashes are the median of networks of this width. If the mean is constant, the median falls slowly, and faster in narrow networks.",
  hidden.map(({ forward }) => forward),
)}
${profile(
  "gradients",
  "Backward: the gradient of the output with respect to the pre-activations of each hidden layer.",
  hidden.map(({ gradient }) => gradient),
)}
${activationsFigure(diagnosis, hidden)}
</div>`;
}

/** The table of every quantity of every layer. */
export function signalTable({ signal }: NetworkDiagnosis): string {
  const table = htmlTable({
    caption: "Measurements of every layer",
    head: ["layer", "units", "pre-activation²", "gradient²", "dead", "saturated", "correlation", "effective rank"],
    rows: signal.signals.map((layer) => [
      String(layer.layer),
      String(layer.units),
      power(layer.forward.log10, 2),
      power(layer.gradient.log10, 2),
      percent(layer.dead),
      percent(layer.saturated),
      formatFixed(layer.correlation.measured, 3),
      formatFixed(layer.effectiveRank, 1),
    ]),
    numeric: true,
  });
  return `<details class="card results"><summary>Show every layer</summary>${table}</details>`;
}
