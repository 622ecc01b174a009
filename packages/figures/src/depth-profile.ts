// Mean squares by layer on a logarithmic axis: dots for measurements, dashes for theory, a band for the variation at this width.
// Source: Glorot and Bengio 2010, figures 6 and 7, for forward and backward signals by depth.

import { area, line } from "d3-shape";
import { type Axis, decadeAxis, drawBottomAxis, drawLeftAxis, extent, integerAxis } from "./axis.ts";
import { fitText, textWidth } from "./fit-text.ts";
import { formatPower } from "./format-number.ts";
import { drawKey, drawLegend, drawMarker } from "./legend.ts";
import { seriesStyle } from "./palette.ts";
import { svgElement, svgFigure, svgText } from "./svg-element.ts";

/** What theory expects of one layer: log10 of the mean, and of the ends of the band around it. */
export interface TheoryBand {
  readonly log10: number;
  readonly low: number;
  readonly high: number;
}

/** One quantity by layer, such as `forward, he_normal`, from a propagate report. */
export interface DepthCurve {
  readonly name: string;
  /** log10 by layer, from layer 1, also beyond the range of doubles; null for 0 and non-finite values. */
  readonly measured: readonly (number | null)[];
  /** As long as `measured`, or null without theory. */
  readonly theory: readonly TheoryBand[] | null;
}

/** The content of a depth profile. */
export interface DepthProfile {
  /** Such as `Mean square by layer`. */
  readonly title: string;
  readonly curves: readonly DepthCurve[];
}

const WIDTH = 420;
const TOP = 46;
const BOTTOM = 250;
const RIGHT = WIDTH - 12;
const THEORY_DASH = "6 4";
const NOTHING = "0 or not finite in every layer";

function describe({ title, curves }: DepthProfile): string {
  const descriptions = curves.map(({ name, measured, theory }) => {
    const found = measured.flatMap((log10) => log10 ?? []);
    const [first, last] = [found[0], found.at(-1)];
    if (first === undefined || last === undefined) return `${name}: ${NOTHING}`;
    const outside = measured.filter((log10, l) => {
      const band = theory?.[l];
      return log10 !== null && band !== undefined && (log10 < band.low || log10 > band.high);
    }).length;
    const theoryText = theory === null ? "" : `, ${outside} of ${measured.length} layers outside the band`;
    const lost = measured.length - found.length;
    const lostText = lost === 0 ? "" : `, ${lost} layers 0 or not finite`;
    return `${name} from ${formatPower(first, 2)} to ${formatPower(last, 2)}${theoryText}${lostText}`;
  });
  return `${title}, dots measured, dashed line theory, logarithmic axis. ${descriptions.join("; ")}.`;
}

function drawCurve({ measured, theory }: DepthCurve, index: number, xs: Axis, ys: Axis): string {
  const style = seriesStyle(index);
  const parts: string[] = [];
  if (theory) {
    const x = (_: TheoryBand, l: number): number => xs.position(l + 1);
    const y = (log10: number): number => ys.position(log10);
    const band = area<TheoryBand>(
      x,
      ({ low }) => y(low),
      ({ high }) => y(high),
    ).digits(1)(theory);
    const curve = line<TheoryBand>(x, ({ log10 }) => y(log10)).digits(1)(theory);
    if (band !== null) parts.push(svgElement("path", { class: "band", d: band }));
    if (curve !== null) parts.push(svgElement("path", { class: "curve", d: curve, "stroke-dasharray": THEORY_DASH }));
  }
  const size = measured.length > 60 ? 9 : measured.length > 25 ? 16 : 30;
  measured.forEach((log10, l) => {
    if (log10 !== null) parts.push(drawMarker(style, xs.position(l + 1), ys.position(log10), size));
  });
  return svgElement("g", { class: style.className }, ...parts);
}

/** The key of a curve: dashed with theory, a marker alone without. */
function drawDepthKey({ theory }: DepthCurve, index: number, x: number, y: number): string {
  if (theory) return drawKey(index, x, y, THEORY_DASH);
  const style = seriesStyle(index);
  return svgElement("g", { class: style.className }, drawMarker(style, x + 13, y));
}

/**
 * Draws mean squares by layer as SVG.
 *
 * @throws RangeError if theory and measurement differ in their number of layers.
 * @example
 * const curve = { name: "forward", measured: [0.1, 0, -0.2], theory: null };
 * depthProfile({ title: "Mean square by layer", curves: [curve] }).startsWith("<svg "); // => true
 */
export function depthProfile(profile: DepthProfile): string {
  const { title, curves } = profile;
  for (const { name, measured, theory } of curves) {
    if (theory && theory.length !== measured.length) {
      throw new RangeError(`curves: expected ${measured.length} layers of theory for ${name}, got ${theory.length}`);
    }
  }
  const all = curves.flatMap(({ measured, theory }) => [
    ...measured.flatMap((log10) => log10 ?? []),
    ...(theory ?? []).flatMap(({ low, high }) => [low, high]),
  ]);
  const ys = decadeAxis(extent(all) ?? [-1, 1], [BOTTOM, TOP]);
  const left = Math.max(...ys.ticks.map(({ label }) => textWidth(label)), 16) + 10;
  const depth = Math.max(1, ...curves.map(({ measured }) => measured.length));
  const xs = integerAxis([1, depth], [left + 8, RIGHT - 8]);
  const hasTheory = curves.some(({ theory }) => theory !== null);
  const key = hasTheory ? "dots measured, dashes theory, band 95 % at this width" : "as measured";
  const names = curves.map(({ name }) => name);
  const legend = drawLegend(names, 4, BOTTOM + 42, WIDTH - 8, (index, x, y) => {
    const curve = curves[index];
    return curve ? drawDepthKey(curve, index, x, y) : "";
  });
  const isEmpty = all.length === 0;
  return svgFigure(WIDTH, BOTTOM + 46 + legend.height, describe(profile), [
    svgText(0, 13, `${fitText(title, WIDTH - 80)}, log scale`, { class: "title" }),
    svgText(0, 30, key),
    isEmpty ? "" : drawLeftAxis(ys, left, RIGHT),
    isEmpty ? svgText((left + RIGHT) / 2, (TOP + BOTTOM) / 2, NOTHING, { "text-anchor": "middle" }) : "",
    drawBottomAxis(xs, left, RIGHT, BOTTOM),
    svgText((left + RIGHT) / 2, BOTTOM + 34, "layer", { "text-anchor": "middle" }),
    ...curves.map((curve, index) => drawCurve(curve, index, xs, ys)),
    legend.markup,
  ]);
}
