// Mean squares by layer on a logarithmic axis: dots as measured, theory dashed, a band for what width lets vary.
// Source: Glorot and Bengio 2010, figures 6 and 7, for forward and backward by depth.

import { area, line } from "d3-shape";
import type { TheoryBand } from "../signal/propagate-theory.ts";
import { type Axis, drawBottomAxis, drawLeftAxis, extent, integerAxis, logAxis } from "./axis.ts";
import { escapeMarkup } from "./escape-markup.ts";
import { fitText, textWidth } from "./fit-text.ts";
import { formatNumber } from "./format-number.ts";
import { drawMarker } from "./legend.ts";
import { seriesStyle } from "./palette.ts";
import { svgElement, svgFigure, svgText } from "./svg-element.ts";

/** One quantity by layer, such as `forward, he_normal`; a propagate report has its numbers. */
export interface DepthCurve {
  readonly name: string;
  /** log10 by layer, from layer 1; null where it is 0 or not finite. */
  readonly measured: readonly (number | null)[];
  /** As long as `measured`, or null where there is no theory. */
  readonly theory: readonly TheoryBand[] | null;
}

/** What a depth profile shows. */
export interface DepthProfile {
  /** Such as `Mean square by layer`. */
  readonly title: string;
  readonly curves: readonly DepthCurve[];
}

const WIDTH = 420;
const TOP = 46;
const BOTTOM = 250;
const RIGHT = WIDTH - 12;
const ROW = 20;
// The ratio of both ends is still a double, which the log axis needs; what is further out is drawn at the edge.
const LIMIT = 150;

const value = (log10: number): number => 10 ** Math.min(LIMIT, Math.max(-LIMIT, log10));

function describe({ title, curves }: DepthProfile): string {
  const courses = curves.map(({ name, measured, theory }) => {
    const found = measured.flatMap((log10) => log10 ?? []);
    const [first, last] = [found[0], found.at(-1)];
    if (first === undefined || last === undefined) return `${name}: nothing measured`;
    const outside = measured.filter((log10, l) => {
      const band = theory?.[l];
      return log10 !== null && band !== undefined && (log10 < band.low || log10 > band.high);
    }).length;
    const theoryText = theory === null ? "" : `, ${outside} of ${measured.length} layers outside the band`;
    return `${name} from ${power(first)} to ${power(last)}${theoryText}`;
  });
  return `${title}, dots measured, dashed line theory, logarithmic axis. ${courses.join("; ")}.`;
}

/** 10^log10 to two digits, also where a double could not hold it. */
function power(log10: number): string {
  if (Math.abs(log10) < LIMIT) return formatNumber(10 ** log10, 2);
  const exponent = Math.floor(log10);
  return `${(10 ** (log10 - exponent)).toFixed(1)}e${exponent}`.replace("-", "\u2212");
}

function drawCurve({ measured, theory }: DepthCurve, index: number, xs: Axis, ys: Axis): string {
  const style = seriesStyle(index);
  const parts: string[] = [];
  if (theory) {
    const x = (_: TheoryBand, l: number): number => xs.position(l + 1);
    const y = (log10: number): number => ys.position(value(log10));
    const band = area<TheoryBand>(
      x,
      ({ low }) => y(low),
      ({ high }) => y(high),
    ).digits(1)(theory);
    const curve = line<TheoryBand>(x, ({ log10 }) => y(log10)).digits(1)(theory);
    if (band !== null) parts.push(svgElement("path", { class: "band", d: band }));
    if (curve !== null) parts.push(svgElement("path", { class: "curve", d: curve, "stroke-dasharray": "6 4" }));
  }
  const size = measured.length > 60 ? 9 : measured.length > 25 ? 16 : 30;
  measured.forEach((log10, l) => {
    if (log10 !== null) parts.push(drawMarker(style, xs.position(l + 1), ys.position(value(log10)), size));
  });
  return svgElement("g", { class: style.className }, ...parts);
}

function drawNames(curves: readonly DepthCurve[], top: number): string {
  return curves
    .map(({ name, theory }, index) => {
      const style = seriesStyle(index);
      const [x, y] = [4 + (index % 2) * (WIDTH / 2), top + Math.floor(index / 2) * ROW + ROW / 2];
      const dashed = theory
        ? svgElement("path", { class: "curve", d: `M${x} ${y}h26`, "stroke-dasharray": "6 4" })
        : "";
      const key = svgElement("g", { class: style.className }, dashed, drawMarker(style, x + 13, y, 30));
      const fitted = fitText(name, WIDTH / 2 - 44);
      const full = fitted === name ? "" : svgElement("title", {}, escapeMarkup(name));
      return key + svgElement("text", { class: "name", x: x + 34, y: y + 4 }, full, escapeMarkup(fitted));
    })
    .join("");
}

/**
 * An SVG of mean squares by layer.
 *
 * @throws RangeError where theory and measurement differ in their number of layers.
 * @example
 * const { signals } = propagate(network, { seed: 0 });
 * depthProfile({ title: "Mean square by layer", curves: [{ name: "forward",
 *   measured: signals.map(({ forward }) => forward.log10), theory: signals.flatMap(({ forward }) => forward.theory ?? []) }] });
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
  const ys = logAxis(extent(all.map(value)) ?? [0.1, 10], [BOTTOM, TOP]);
  const left = Math.max(...ys.ticks.map(({ label }) => textWidth(label)), 16) + 10;
  const depth = Math.max(1, ...curves.map(({ measured }) => measured.length));
  const xs = integerAxis([1, depth], [left + 8, RIGHT - 8]);
  const rows = Math.ceil(curves.length / 2);
  const hasTheory = curves.some(({ theory }) => theory !== null);
  const key = hasTheory ? "dots measured, dashes theory, band 95 % at this width" : "as measured";
  return svgFigure(WIDTH, BOTTOM + 46 + rows * ROW, describe(profile), [
    svgText(0, 13, `${fitText(title, WIDTH - 80)}, log scale`, { class: "title" }),
    svgText(0, 30, key),
    drawLeftAxis(ys, left, RIGHT),
    drawBottomAxis(xs, left, RIGHT, BOTTOM),
    svgText((left + RIGHT) / 2, BOTTOM + 34, "layer", { "text-anchor": "middle" }),
    ...curves.map((curve, index) => drawCurve(curve, index, xs, ys)),
    drawNames(curves, BOTTOM + 42),
  ]);
}
