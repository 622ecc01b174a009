// The legend of a chart: a line segment, a marker and a name per series, in columns if they fit.

import { symbol } from "d3-shape";
import { escapeMarkup } from "./escape-markup.ts";
import { fitText, textWidth } from "./fit-text.ts";
import { type SeriesStyle, seriesStyle } from "./palette.ts";
import { svgElement } from "./svg-element.ts";

const ROW = 20;
const KEY = 34;
const GAP = 14;

/** The markup of a legend and its height. */
export interface Legend {
  readonly markup: string;
  readonly height: number;
}

/** A marker of `area` square units at (x, y). */
export function drawMarker(style: SeriesStyle, x: number, y: number, area = 44): string {
  const d = symbol(style.marker, area).digits(1)() ?? "";
  const transform = `translate(${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10})`;
  return svgElement("path", { class: "marker", d, transform });
}

/**
 * Draws line and marker of series `index`, 26 wide, for the legend and the tables of a report.
 *
 * @example
 * `<svg viewBox="0 0 26 12">${drawKey(0, 0, 6)}</svg>`.includes('class="marker"'); // => true
 */
export function drawKey(index: number, x: number, y: number, dash: string | null = seriesStyle(index).dash): string {
  const style = seriesStyle(index);
  return svgElement(
    "g",
    { class: style.className },
    svgElement("path", { class: "curve", d: `M${x} ${y}h26`, "stroke-dasharray": dash }),
    drawMarker(style, x + 13, y),
  );
}

/** The place of each entry as [x, row, width of its name]: in columns, or in sequence if the names differ much in length. */
function place(widths: readonly number[], width: number): [number, number, number][] {
  const columns = Math.min(widths.length, 4, Math.floor((width + GAP) / (KEY + Math.max(...widths) + GAP)));
  if (columns >= 2) {
    const column = (width + GAP) / columns;
    return widths.map((_, index) => [(index % columns) * column, Math.floor(index / columns), column - KEY - GAP]);
  }
  let [x, row] = [0, 0];
  return widths.map((natural) => {
    const room = Math.min(natural, width - KEY);
    if (x > 0 && x + KEY + room > width) [x, row] = [0, row + 1];
    const start = x;
    x += KEY + room + GAP;
    return [start, row, room];
  });
}

/**
 * Draws the legend of `names` in `width` units from (`left`, `top`), in the order and the styles of the series. `key` can
 * draw other symbols.
 */
export function drawLegend(
  names: readonly string[],
  left: number,
  top: number,
  width: number,
  key: typeof drawKey = drawKey,
): Legend {
  const places = place(
    names.map((name) => textWidth(name)),
    width,
  );
  const entries = places.map(([offset, row, room], index) => {
    const name = names[index] ?? "";
    const x = left + offset;
    const y = top + row * ROW + ROW / 2;
    const fitted = fitText(name, room);
    const text = svgElement(
      "text",
      { class: "name", x: x + KEY, y: y + 4 },
      fitted === name ? "" : svgElement("title", {}, escapeMarkup(name)),
      escapeMarkup(fitted),
    );
    return key(index, x, y) + text;
  });
  return { markup: entries.join(""), height: ((places.at(-1)?.[1] ?? -1) + 1) * ROW };
}
