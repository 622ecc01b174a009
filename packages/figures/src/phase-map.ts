// The depth scale over the variances of weights and biases, with the edge of chaos and one network.
// Source: Schoenholz et al. 2017, figures 2 and 5.

import { line } from "d3-shape";
import { drawBottomAxis, drawLeftAxis, linearAxis } from "./axis.ts";
import { drawCells, drawColorBar } from "./color-map.ts";
import { textWidth } from "./fit-text.ts";
import { formatNumber } from "./format-number.ts";
import { drawMarker } from "./legend.ts";
import { seriesStyle } from "./palette.ts";
import { svgElement, svgFigure, svgText } from "./svg-element.ts";

/** A point of the edge of chaos. */
export interface EdgePoint {
  readonly weightVariance: number;
  readonly biasVariance: number;
}

/** Depth scales over a grid of variances. */
export interface PhaseGrid {
  readonly activation: string;
  readonly weightVariances: readonly number[];
  readonly biasVariances: readonly number[];
  /** xiC[row][column], a row per bias variance; null at the edge of chaos and where nothing is stable. */
  readonly xiC: readonly (readonly (number | null)[])[];
  /** chi1 at the same points: below 1 is ordered, above chaotic. */
  readonly chi1: readonly (readonly number[])[];
  /** By ascending bias variance. */
  readonly criticalLine: readonly EdgePoint[];
}

/** A network in the diagram. */
export interface PhasePoint {
  readonly name: string;
  readonly weightVariance: number;
  readonly biasVariance: number;
  /** Its depth scale, for the description; null if infinite. */
  readonly xiC: number | null;
}

const WIDTH = 420;
const TOP = 24;
const BOTTOM = 250;
const RIGHT = WIDTH - 12;
// In layers; a larger scale is effectively infinite.
const [MIN, MAX] = [1, 100];

function describe(
  { activation, criticalLine }: PhaseGrid,
  count: number,
  holes: number,
  point: PhasePoint | null,
): string {
  const [first, last] = [criticalLine[0], criticalLine.at(-1)];
  const empty = holes === 0 ? "" : ` Nothing is stable at ${holes} of ${count} points, left blank.`;
  const edge =
    first && last
      ? ` The edge of chaos runs from weight variance ${formatNumber(first.weightVariance)} at bias variance ` +
        `${formatNumber(first.biasVariance, 2)} to ${formatNumber(last.weightVariance)} at ${formatNumber(last.biasVariance, 2)}.`
      : " There is no edge of chaos in this range.";
  const here = point
    ? ` ${point.name} lies at weight variance ${formatNumber(point.weightVariance)} and bias variance ` +
      `${formatNumber(point.biasVariance, 2)}, depth scale ${point.xiC === null ? "infinite" : `${formatNumber(point.xiC)} layers`}.`
    : "";
  return `Phase diagram of ${activation}: depth scale of correlations by variances of weights and biases.${edge}${empty}${here}`;
}

/**
 * Draws the depth scale over an ascending, evenly spaced grid of variances as SVG, on a log scale from 1 to 100 layers.
 *
 * @throws RangeError for fewer than two variances on an axis.
 * @example
 * const variances = { weightVariances: [0.5, 2], biasVariances: [0, 0.1] };
 * const scales = { xiC: [[1.4, 3.1], [1.2, 10]], chi1: [[0.5, 2], [0.4, 0.9]] };
 * phaseMap({ activation: "tanh", ...variances, ...scales, criticalLine: [] }, null).startsWith("<svg "); // => true
 */
export function phaseMap(diagram: PhaseGrid, point: PhasePoint | null): string {
  const { activation, weightVariances, biasVariances, xiC, chi1 } = diagram;
  for (const [name, values] of Object.entries({ weightVariances, biasVariances })) {
    if (values.length < 2) throw new RangeError(`${name}: expected two or more, got ${values.length}`);
  }
  const half = (values: readonly number[]): number =>
    ((values.at(-1) ?? 1) - (values[0] ?? 0)) / (values.length - 1) / 2;
  const [dx, dy] = [half(weightVariances), half(biasVariances)];
  const [x0, x1] = [(weightVariances[0] ?? 0) - dx, (weightVariances.at(-1) ?? 1) + dx];
  const [y0, y1] = [(biasVariances[0] ?? 0) - dy, (biasVariances.at(-1) ?? 1) + dy];
  const ys = linearAxis([y0, y1], [BOTTOM, TOP], 6);
  const yTicks = ys.ticks.filter(({ value }) => value >= Math.max(0, y0) && value <= y1);
  const left = Math.max(...yTicks.map(({ label }) => textWidth(label)), 16) + 28;
  const xs = linearAxis([x0, x1], [left, RIGHT], 8);
  const xTicks = xs.ticks.filter(({ value }) => value >= Math.max(0, x0) && value <= x1);
  const x = (value: number): number => left + ((value - x0) / (x1 - x0)) * (RIGHT - left);
  const y = (value: number): number => BOTTOM - ((value - y0) / (y1 - y0)) * (BOTTOM - TOP);
  const shares = [...xiC].reverse().map((row, r) =>
    row.map((xi, column) => {
      if (xi !== null) return Math.log(xi / MIN) / Math.log(MAX / MIN);
      // Without a scale: infinite at the edge, unstable elsewhere.
      return Math.abs((chi1[chi1.length - 1 - r]?.[column] ?? 0) - 1) < 1e-6 ? 1 : null;
    }),
  );
  const holes = shares.flat().filter((share) => share === null).length;
  const visible = diagram.criticalLine.filter((at) => at.weightVariance >= x0 && at.weightVariance <= x1);
  const edge = line<EdgePoint>(
    (at) => x(at.weightVariance),
    (at) => y(at.biasVariance),
  ).digits(1)(visible);
  const isInside =
    point &&
    x(point.weightVariance) >= left &&
    x(point.weightVariance) <= RIGHT &&
    point.biasVariance >= y0 &&
    point.biasVariance <= y1;
  const parts = [
    svgText(0, 13, `Depth scale of ${activation} networks`, { class: "title" }),
    holes > 0 ? svgText(RIGHT, 13, "blank: grows forever", { "text-anchor": "end" }) : "",
    drawCells(shares, {
      x: (column) => left + (column * (RIGHT - left)) / weightVariances.length,
      y: (row) => TOP + (row * (BOTTOM - TOP)) / biasVariances.length,
    }),
    drawLeftAxis({ ...ys, ticks: yTicks, position: y }, left, left),
    drawBottomAxis({ ...xs, ticks: xTicks, position: x }, left, RIGHT, BOTTOM),
    svgText((left + RIGHT) / 2, BOTTOM + 34, "weight variance times fan-in", { "text-anchor": "middle" }),
    svgText(0, 0, "bias variance", {
      "text-anchor": "middle",
      transform: `translate(11 ${(TOP + BOTTOM) / 2}) rotate(-90)`,
    }),
    // Black below white: visible on every colour of the map and on the background of both themes.
    edge === null
      ? ""
      : svgElement("path", { class: "edge ground", d: edge }) + svgElement("path", { class: "edge", d: edge }),
    drawColorBar(left, BOTTOM + 46, RIGHT - left, [`${MIN} layer`, "log scale", `${MAX} and more`]),
  ];
  const last = visible.at(-1);
  // A single point, as for ReLU, is not a line to label.
  if (last && visible.length > 1) {
    const [atX, atY] = [x(last.weightVariance), Math.max(TOP + 12, y(last.biasVariance) + 12)];
    const isRight = atX > (left + RIGHT) / 2;
    parts.push(
      svgText(isRight ? atX - 8 : atX + 8, atY, "edge of chaos", {
        class: "name halo",
        "text-anchor": isRight ? "end" : "start",
      }),
    );
  }
  if (point && isInside) {
    const [atX, atY] = [x(point.weightVariance), y(point.biasVariance)];
    const isRight = atX > (left + RIGHT) / 2;
    const isLow = atY > BOTTOM - 12;
    parts.push(
      svgElement("g", { class: seriesStyle(1).className }, drawMarker(seriesStyle(1), atX, atY, 90)),
      svgText(isRight ? atX - 10 : atX + 10, isLow ? atY - 8 : atY + 4, point.name, {
        class: "name halo",
        "text-anchor": isRight ? "end" : "start",
      }),
    );
  }
  return svgFigure(WIDTH, BOTTOM + 78, describe(diagram, shares.flat().length, holes, point), parts);
}
