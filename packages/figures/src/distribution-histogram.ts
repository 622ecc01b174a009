// A histogram against its expected distribution: bars for the counts, the density dashed over them.
// Source: the initializers' own distributions; Marchenko and Pastur 1967 for singular values.

import { line } from "d3-shape";
import { drawBottomAxis, linearAxis } from "./axis.ts";
import { fitText, textWidth } from "./fit-text.ts";
import { formatCoordinate, formatNumber } from "./format-number.ts";
import type { HistogramData } from "./histogram-pair.ts";
import { histogramMoments, histogramShares } from "./histogram-pair.ts";
import { seriesStyle } from "./palette.ts";
import { svgElement, svgFigure, svgText } from "./svg-element.ts";

/** The counts and the expected distribution. */
export interface DistributionHistogram {
  /** Such as `dense_1 (784x128), he_normal`. */
  readonly name: string;
  /** The counted quantity, such as `weights` or `singular values`. */
  readonly quantity: string;
  readonly histogram: HistogramData;
  /** The cumulative distribution function; null without a closed form. */
  readonly cdf: ((x: number) => number) | null;
  /** Such as `truncated normal, standard deviation 0.0505`. */
  readonly distribution: string;
}

const WIDTH = 270;
const TOP = 44;
const BOTTOM = 136;
const TITLE_SIZE = 11 * 1.1; // the size in a small figure, plus a tenth for semibold letters

/** The largest distance between the empirical and the expected distribution function, at the edges of the bins. */
export function distributionDistance({
  histogram,
  cdf,
}: Pick<DistributionHistogram, "histogram" | "cdf">): number | null {
  if (cdf === null) return null;
  const shares = histogramShares(histogram);
  const width = (histogram.high - histogram.low) / shares.length;
  let [below, distance] = [0, 0];
  shares.forEach((share, bin) => {
    below += share;
    distance = Math.max(distance, Math.abs(below - cdf(histogram.low + (bin + 1) * width)));
  });
  return distance;
}

function describe(figure: DistributionHistogram): string {
  const { name, quantity, histogram, distribution } = figure;
  const found = histogramMoments(histogram);
  const distance = distributionDistance(figure);
  const measured =
    found === null
      ? "nothing counted"
      : `mean ${formatNumber(found.mean, 2)}, standard deviation ${formatNumber(found.standardDeviation, 2)}`;
  const against =
    distance === null ? "" : ` Greatest distance from it: ${formatNumber(100 * distance, 2)} % of the values.`;
  return `Histogram of ${quantity}, ${name}: ${measured}. Distribution: ${distribution}.${against}`;
}

/**
 * Draws a histogram with its expected distribution as SVG.
 *
 * @throws RangeError if the bounds are not finite and ascending, or there is no bin.
 * @example
 * const drawn = { low: 0, high: 1, counts: [26, 24, 27, 23] };
 * const cdf = (x: number): number => Math.min(1, Math.max(0, x));
 * distributionHistogram({ name: "drawn", quantity: "weights", histogram: drawn, cdf, distribution: "uniform" }).startsWith("<svg "); // => true
 */
export function distributionHistogram(figure: DistributionHistogram): string {
  const { name, quantity, histogram, cdf, distribution } = figure;
  const { low, high, counts } = histogram;
  if (!(Number.isFinite(high - low) && low < high)) {
    throw new RangeError(`histogram: expected finite, ascending bounds, got [${low}, ${high}]`);
  }
  if (counts.length === 0) throw new RangeError("histogram: expected at least one bin, got none");
  const axis = linearAxis([low, high], [20, WIDTH - 20], 4);
  const width = (high - low) / counts.length;
  const shares = histogramShares(histogram);
  const expected = counts.map((_, bin) => (cdf === null ? 0 : cdf(low + (bin + 1) * width) - cdf(low + bin * width)));
  const top = Math.max(0, ...shares, ...expected) || 1;
  const tallest = `tallest bin ${formatNumber(100 * Math.max(0, ...shares), 2)} %`;
  const x = (bin: number): number => axis.position(low + bin * width);
  const y = (share: number): number => BOTTOM - ((BOTTOM - TOP) * share) / top;
  let outline = `M${formatCoordinate(x(0))} ${BOTTOM}`;
  shares.forEach((share, bin) => {
    outline += `V${formatCoordinate(y(share))}H${formatCoordinate(x(bin + 1))}`;
  });
  const curve = line<number>((_, bin) => x(bin + 0.5), y).digits(1)(expected);
  return svgFigure(
    WIDTH,
    BOTTOM + 42,
    describe(figure),
    [
      svgText(0, 13, fitText(name, WIDTH - textWidth(tallest, 11) - 8, TITLE_SIZE), { class: "title" }),
      svgText(WIDTH, 13, tallest, { "text-anchor": "end" }),
      svgText(0, 30, fitText(cdf === null ? distribution : `dashed: ${distribution}`, WIDTH, 11)),
      svgElement("path", { class: `after ${seriesStyle(0).className}`, d: `${outline}V${BOTTOM}` }),
      cdf === null || curve === null ? "" : svgElement("path", { class: "before", d: curve }),
      drawBottomAxis(axis, 4, WIDTH - 4, BOTTOM),
      svgText(WIDTH / 2, BOTTOM + 34, quantity, { "text-anchor": "middle" }),
    ],
    "small",
  );
}
