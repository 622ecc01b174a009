// Two histograms over the same bins, before and after: a dashed outline over a filled one.

import { drawBottomAxis, linearAxis } from "./axis.ts";
import { figureFontSize, fitText } from "./fit-text.ts";
import { formatCoordinate, formatNumber } from "./format-number.ts";
import { seriesStyle } from "./palette.ts";
import { svgElement, svgFigure, svgText } from "./svg-element.ts";

/** Counts of values in bins of equal width on [low, high]. */
export interface HistogramData {
  readonly low: number;
  readonly high: number;
  readonly counts: readonly number[];
}

/** The content of a pair of histograms. */
export interface HistogramPair {
  /** Such as `he_normal`. */
  readonly name: string;
  /** The counted quantity, such as `weights of dense_1 (784x128)`. */
  readonly quantity: string;
  readonly before: HistogramData;
  readonly after: HistogramData;
  /** The index of its series in the other figures, which determines the colour. */
  readonly series: number;
}

const WIDTH = 270;
const TOP = 44;
const BOTTOM = 136;
// The size in a small figure, plus a tenth for semibold letters.
const TITLE_SIZE = figureFontSize.regular * 1.1;

/**
 * Returns the counts as shares of the total; zeros without counts.
 *
 * @example
 * histogramShares({ low: 0, high: 2, counts: [1, 3] }); // => [ 0.25, 0.75 ]
 */
export function histogramShares({ counts }: HistogramData): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total > 0 ? count / total : 0));
}

/** Mean and standard deviation estimated from bins; null without counts. */
export function histogramMoments(histogram: HistogramData): { mean: number; standardDeviation: number } | null {
  const shares = histogramShares(histogram);
  if (!shares.some((share) => share > 0)) return null;
  const width = (histogram.high - histogram.low) / shares.length;
  const center = (bin: number): number => histogram.low + (bin + 0.5) * width;
  const mean = shares.reduce((sum, share, bin) => sum + share * center(bin), 0);
  const variance = shares.reduce((sum, share, bin) => sum + share * (center(bin) - mean) ** 2, 0);
  return { mean, standardDeviation: Math.sqrt(variance) };
}

function outline(shares: readonly number[], x: (bin: number) => number, y: (share: number) => number): string {
  let d = `M${formatCoordinate(x(0))} ${BOTTOM}`;
  let level = "";
  shares.forEach((share, bin) => {
    const next = formatCoordinate(y(share));
    d += `${next === level ? "" : `V${next}`}H${formatCoordinate(x(bin + 1))}`;
    level = next;
  });
  return `${d}V${BOTTOM}`;
}

function describe({ name, quantity, before, after }: HistogramPair): string {
  const spread = (histogram: HistogramData): string => {
    const moments = histogramMoments(histogram);
    return moments === null
      ? "nothing counted"
      : `mean ${formatNumber(moments.mean, 2)}, standard deviation ${formatNumber(moments.standardDeviation, 2)}`;
  };
  return `Histograms of ${quantity}, ${name}. Before training: ${spread(before)}. After: ${spread(after)}.`;
}

/**
 * Draws two histograms as SVG, as shares of all values: `before` dashed, `after` filled.
 *
 * @throws RangeError if the two differ in their bins, or their bounds are not finite.
 * @example
 * const before = { low: -0.5, high: 0.5, counts: [0, 1, 2, 0] };
 * const after = { low: -0.5, high: 0.5, counts: [1, 1, 0, 1] };
 * histogramPair({ name: "he_normal", quantity: "weights", before, after, series: 0 }).startsWith("<svg "); // => true
 */
export function histogramPair(pair: HistogramPair): string {
  const { name, before, after } = pair;
  if (before.low !== after.low || before.high !== after.high || before.counts.length !== after.counts.length) {
    throw new RangeError(
      `after: expected the bins of before, ${before.counts.length} on [${before.low}, ${before.high}], ` +
        `got ${after.counts.length} on [${after.low}, ${after.high}]`,
    );
  }
  if (!Number.isFinite(before.low) || !Number.isFinite(before.high) || before.low > before.high) {
    throw new RangeError(`before: expected finite bounds in order, got [${before.low}, ${before.high}]`);
  }
  const bins = Math.max(1, before.counts.length);
  const axis = linearAxis([before.low, before.high], [20, WIDTH - 20], 4);
  const isPoint = before.low === before.high;
  // A single point has no width: draw a thin bar around it.
  const start = axis.position(before.low) - (isPoint ? 4 : 0);
  const end = axis.position(before.high) + (isPoint ? 4 : 0);
  const shares = [histogramShares(before), histogramShares(after)] as const;
  const title = fitText(name, WIDTH, TITLE_SIZE);
  const tallest = Math.max(0, ...shares[0], ...shares[1]);
  const top = tallest || 1;
  const x = (bin: number): number => start + ((end - start) * bin) / bins;
  const y = (share: number): number => BOTTOM - ((BOTTOM - TOP) * share) / top;
  const parts = [
    svgText(0, 13, title, { class: "title" }),
    svgText(0, 30, tallest > 0 ? `tallest bin ${formatNumber(tallest * 100, 2)} %` : "nothing counted"),
    svgElement("path", { class: `after ${seriesStyle(pair.series).className}`, d: outline(shares[1], x, y) }),
    svgElement("path", { class: "before", d: outline(shares[0], x, y) }),
    drawBottomAxis(axis, 4, WIDTH - 4, BOTTOM),
  ];
  return svgFigure(WIDTH, BOTTOM + 26, describe(pair), parts, "small");
}
