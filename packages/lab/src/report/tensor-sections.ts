// The sections on the tensors of a diagnosed weight file: a table of all, and a histogram of each that has one.

import { distributionHistogram, formatCount, formatNumber, type HistogramData } from "@fanin/figures";
import { sizeOf } from "@fanin/tensor";
import type { WeightsDiagnosis } from "../diagnose/diagnose-weights.ts";
import type { TensorReport } from "../diagnose/inspect-tensor.ts";
import { htmlTable } from "./html-table.ts";
import { figure, plural } from "./report-markup.ts";

/** The greatest number of figures on a page; the table has every tensor. */
const MAX_FIGURES = 60;

const shapeText = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

function familyText({ family, statistics }: TensorReport): string {
  if (family !== null) {
    const sure = family.confidence < 0.99 ? ` (${Math.round(100 * family.confidence)} %)` : "";
    return family.description + sure;
  }
  return statistics === null ? "not inspected" : "none: not all values are finite";
}

/** The table of tensors. */
export function tensorTable({ tensors }: WeightsDiagnosis): string {
  return htmlTable({
    caption: "Every tensor; σ·√fan_in is 1 for LeCun's and 1.414 for He's initializers",
    head: ["tensor", "looks like", "shape", "type", "role", "values", "mean", "σ", "σ·√fan_in", "min", "max"],
    rows: tensors.map((tensor) => {
      const { statistics: found } = tensor;
      const size = sizeOf(tensor.shape);
      return [
        tensor.name,
        familyText(tensor),
        shapeText(tensor.shape),
        tensor.dtype,
        tensor.role,
        formatCount(size),
        formatNumber(found?.mean ?? null),
        formatNumber(found?.standardDeviation ?? null),
        formatNumber(tensor.scaledDeviation),
        formatNumber(found && found.count > 0 ? found.min : null),
        formatNumber(found && found.count > 0 ? found.max : null),
      ];
    }),
    numeric: false,
  });
}

function binsTable(name: string, { low, high, counts }: HistogramData): string {
  const width = (high - low) / Math.max(1, counts.length);
  return htmlTable({
    caption: `Values of ${name} in each bin`,
    head: ["from", "to", "values"],
    rows: counts.map((count, bin) => [
      formatNumber(low + bin * width, 4),
      formatNumber(low + (bin + 1) * width, 4),
      formatCount(count),
    ]),
    numeric: true,
  });
}

/** The histograms of tensors with different values; those of findings come first if there are many. */
export function tensorHistograms({ tensors, findings }: WeightsDiagnosis): string {
  const isFound = new Set(findings.flatMap(({ where }) => where));
  const drawn = tensors.flatMap((tensor) =>
    tensor.histogram === null ? [] : [{ tensor, histogram: tensor.histogram }],
  );
  if (drawn.length === 0) return '<p class="note">No tensor has finite, unequal values.</p>';
  const first =
    drawn.length <= MAX_FIGURES
      ? drawn
      : drawn.toSorted((a, b) => Number(isFound.has(b.tensor.name)) - Number(isFound.has(a.tensor.name)));
  const figures = first.slice(0, MAX_FIGURES).map(({ tensor, histogram }) => {
    const { name } = tensor;
    const distribution = familyText(tensor);
    const svg = distributionHistogram({ name, quantity: "values", histogram, cdf: null, distribution });
    return figure(svg, `${name} ${shapeText(tensor.shape)}: ${distribution}.`, binsTable(name, histogram));
  });
  const left = drawn.length - figures.length;
  const note = left > 0 ? `<p class="note">${plural(left, "more tensor")} in the table above.</p>\n` : "";
  return `${note}<div class="histograms">\n${figures.join("\n")}\n</div>`;
}
