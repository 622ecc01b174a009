// Formats the diagnosis of a network for a terminal: two curves over depth, a line of figures, the findings.

import { brailleCurve } from "@fanin/figures";
import type { NetworkDiagnosis, RateReport } from "@fanin/lab";
import { layersText } from "@fanin/lab/report";
import { countText, findingText, type TextStyle, toAscii } from "./finding-text.ts";

const COLUMNS = 24;

const factor = (value: number | null): string => {
  if (value === null) return "?";
  if (value === 0) return "×0";
  return value >= 0.01 && value < 1000 ? `×${value.toFixed(2)}` : `×${value.toExponential(0).replace("+", "")}`;
};
const power = (log10: number): string => `1e${Math.round(log10)}`;
const percent = (share: number | null): string => (share === null ? "n/a" : `${(100 * share).toFixed(1)} %`);

/** Draws a curve of log10 over the layers, with powers at its edges and a text beside each line. */
function curve(
  label: string,
  values: readonly (number | null)[],
  sides: readonly [string, string],
  ascii: boolean,
): string[] {
  const logs = values.map((value) => value ?? Number.NaN);
  const finite = logs.filter(Number.isFinite);
  if (finite.length === 0) return [`${label}0 at every layer`];
  // Integer powers of ten at the edges, so that a flat signal looks flat.
  const [low, high] = [Math.floor(Math.min(...finite)), Math.ceil(Math.max(...finite) + 1e-9)];
  const [above = "", below = ""] = brailleCurve(logs, { columns: COLUMNS, rows: 2, low, high, ascii }).split("\n");
  const width = Math.max(power(low).length, power(high).length);
  const line = (head: string, edge: number, drawn: string, side: string) =>
    `${head}${power(edge).padStart(width)} ${drawn.padEnd(COLUMNS)}  ${side}`.trimEnd();
  return [line(label, high, above, sides[0]), line(" ".repeat(label.length), low, below, sides[1])];
}

function rate({ factorPerLayer, theoryPerLayer }: RateReport): string {
  const theory = theoryPerLayer === null ? "" : ` (theory ${theoryPerLayer.toPrecision(2)})`;
  return `${factor(factorPerLayer)} per layer${theory}`;
}

/** Formats the diagnosis. */
export function networkText(diagnosis: NetworkDiagnosis, style: TextStyle): string {
  const { layers, activation, initializer, seed, forward, gradient, dead, saturated, correlation, symmetric } =
    diagnosis;
  const hidden = diagnosis.signal.signals.slice(0, layers.length - 2);
  const change = (report: RateReport, what: string) =>
    report.log10Change === null ? "" : `10^${report.log10Change.toFixed(1)} ${what}`;
  const lines = [
    `${toAscii(layersText(layers))} ${activation}, ${initializer}, seed ${seed}`,
    ...(hidden.length === 0
      ? ["no hidden layers"]
      : [
          ...curve(
            "forward   variance by layer  ",
            hidden.map((layer) => layer.forward.log10),
            [rate(forward), change(forward, `at layer ${hidden.length}`)],
            style.ascii,
          ),
          ...curve(
            "gradient  square by layer    ",
            hidden.map((layer) => layer.gradient.log10),
            [rate(gradient), change(gradient, "first/last")],
            style.ascii,
          ),
          `dead units ${percent(dead)}   saturation ${percent(saturated)}   symmetry ${symmetric ? "of units" : "ok"}   correlation of two inputs at the end ${correlation === null ? "n/a" : correlation.toFixed(3)}`,
        ]),
  ];
  const head = style.ascii ? toAscii(lines.join("\n")) : lines.join("\n");
  const findings = diagnosis.findings.map((finding) => `${findingText(finding, style)}\n`);
  return `${head}\n${findings.join("")}${countText(diagnosis.findings)}\n`;
}
