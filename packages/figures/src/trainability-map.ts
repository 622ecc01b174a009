// The accuracy of networks over depth and another setting, with the depth limits of theory drawn over it.
// Source: Schoenholz et al. 2017, figure 5: networks train up to about six depth scales.

import { drawBottomAxis, drawLeftAxis } from "./axis.ts";
import { drawCells, drawColorBar } from "./color-map.ts";
import { fitText, textWidth } from "./fit-text.ts";
import { formatNumber } from "./format-number.ts";
import { svgElement, svgFigure, svgText } from "./svg-element.ts";

/** A line over the map: its depth in each column; null if infinite or unknown. */
export interface MapLine {
  readonly name: string;
  readonly depths: readonly (number | null)[];
}

/** The content of a trainability map. */
export interface TrainabilityMap {
  readonly title: string;
  /** Ascending; one evenly spaced row each. */
  readonly depths: readonly number[];
  /** The other setting: its name and a label per column. */
  readonly columns: { readonly name: string; readonly labels: readonly string[] };
  /** values[row][column]; null leaves a hole. */
  readonly values: readonly (readonly (number | null)[])[];
  readonly quantity: string;
  /** The range of the colours; share it between maps to compare them. */
  readonly domain: readonly [number, number];
  readonly lines: readonly MapLine[];
}

const WIDTH = 420;
const TOP = 24;
const RIGHT = WIDTH - 12;
const [MIN_ROW, MAX_ROWS] = [14, 166];

/** The position of `depth`, in rows from the first, by linear interpolation of the logarithm; null outside the rows. */
function rowOf(depths: readonly number[], depth: number): number | null {
  const last = depths.length - 1;
  const [low, high] = [depths[0] ?? 0, depths[last] ?? 0];
  // A row extends half way to the next one.
  const margin = (a: number, b: number): number => (a === b ? Math.SQRT2 : Math.sqrt(b / a));
  const [below, above] = [low / margin(low, depths[1] ?? low), high * margin(depths[last - 1] ?? high, high)];
  if (depth < below || depth > above) return null;
  if (depth <= low) return -0.5 * (Math.log(low / depth) / Math.log(low / below));
  if (depth >= high) return last + 0.5 * (Math.log(depth / high) / Math.log(above / high));
  const next = depths.findIndex((one) => one >= depth);
  const [a, b] = [depths[next - 1] ?? low, depths[next] ?? high];
  return next - 1 + Math.log(depth / a) / Math.log(b / a);
}

function describe({ title, depths, columns, values, quantity, lines }: TrainabilityMap): string {
  const known = values.flat().filter((value) => value !== null);
  const range =
    known.length === 0 ? "no value" : `from ${formatNumber(Math.min(...known))} to ${formatNumber(Math.max(...known))}`;
  const drawn = lines.map(({ name, depths: at }) => {
    const finite = at.filter((depth) => depth !== null);
    if (finite.length === 0) return `${name} infinite or unknown`;
    const [least, most] = [formatNumber(Math.min(...finite)), formatNumber(Math.max(...finite))];
    return `${name} at ${least === most ? least : `${least} to ${most}`} layers`;
  });
  const theory = drawn.length > 0 ? ` Lines: ${drawn.join("; ")}.` : "";
  return (
    `Map of ${quantity}, ${title}: ${depths.length} depths from ${depths[0]} to ${depths.at(-1)} by ` +
    `${columns.labels.length} of ${columns.name} from ${columns.labels[0]} to ${columns.labels.at(-1)}, ${range}.${theory}`
  );
}

/**
 * Draws one cell per depth and column as SVG, deep networks at the top, with lines at the depths of theory.
 *
 * @throws RangeError if there is not one value per depth and column, or the depths are not positive and ascending.
 * @example
 * trainabilityMap({ title: "he_normal", depths: [2, 8, 32], columns: { name: "learning rate", labels: ["0.01", "0.1"] },
 *   values: [[0.8, 0.7], [0.8, 0.6], [0.7, 0.1]], quantity: "test accuracy", domain: [0.1, 0.8], lines: [] });
 */
export function trainabilityMap(map: TrainabilityMap): string {
  const { title, depths, columns, values, quantity, domain, lines } = map;
  if (!depths.every((depth, i) => depth > (i === 0 ? 0 : (depths[i - 1] ?? 0)))) {
    throw new RangeError(`depths: expected positive, ascending numbers, got ${depths.join(", ")}`);
  }
  const count = columns.labels.length;
  if (values.length !== depths.length || !values.every((row) => row.length === count)) {
    throw new RangeError(`values: expected ${depths.length} rows of ${count}, got another shape`);
  }
  const row = Math.max(MIN_ROW, Math.min(34, MAX_ROWS / depths.length));
  const bottom = TOP + row * depths.length;
  const left = Math.max(...depths.map((depth) => textWidth(String(depth))), 16) + 28;
  const column = (RIGHT - left) / count;
  const x = (index: number): number => left + (index + 0.5) * column;
  const y = (index: number): number => bottom - (index + 0.5) * row;
  const [low, high] = domain;
  const shares = [...values]
    .reverse()
    .map((cells) => cells.map((value) => (value === null ? null : high > low ? (value - low) / (high - low) : 0.5)));
  // Only the first and every n-th label are kept, so that labels do not overlap.
  const stride = Math.ceil((Math.max(...columns.labels.map((label) => textWidth(label))) + 8) / column);
  const ticks = columns.labels.flatMap((label, value) => (value % stride === 0 ? [{ value, label }] : []));
  const drawn = lines.flatMap(({ name, depths: at }) => {
    const places = at.map((depth) => (depth === null ? null : rowOf(depths, depth)));
    let d = "";
    places.forEach((place, i) => {
      if (place === null) return;
      const [start, height] = [Math.round(left + i * column), Math.round(y(place) * 10) / 10];
      const isJoined = i > 0 && places[i - 1] !== null;
      d += `${isJoined ? `L${start}` : `M${start}`} ${height}H${Math.round(left + (i + 1) * column)}`;
    });
    const last = places.findLastIndex((place) => place !== null);
    if (last < 0) return [];
    const atY = y(places[last] ?? 0);
    const label = svgText(left + (last + 1) * column - 5, atY < TOP + 16 ? atY + 13 : atY - 5, name, {
      class: "name halo",
      "text-anchor": "end",
    });
    return [svgElement("path", { class: "edge", d }), label];
  });
  return svgFigure(WIDTH, bottom + 78, describe(map), [
    svgText(0, 13, fitText(title, WIDTH), { class: "title" }),
    drawCells(shares, { x: (index) => left + index * column, y: (index) => TOP + index * row }),
    drawLeftAxis(
      {
        domain: [0, depths.length - 1],
        ticks: depths.map((depth, value) => ({ value, label: String(depth) })),
        position: y,
      },
      left,
      left,
    ),
    drawBottomAxis({ domain: [0, count - 1], ticks, position: x }, left, RIGHT, bottom),
    svgText((left + RIGHT) / 2, bottom + 34, columns.name, { "text-anchor": "middle" }),
    svgText(0, 0, "hidden layers", {
      "text-anchor": "middle",
      transform: `translate(11 ${(TOP + bottom) / 2}) rotate(-90)`,
    }),
    ...drawn,
    drawColorBar(left, bottom + 46, RIGHT - left, [formatNumber(low), quantity, formatNumber(high)]),
  ]);
}
