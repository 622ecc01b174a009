// The colours of magnitudes: cividis. Its lightness rises evenly, and it looks alike with and without red-green vision.
// Source: Nunez, Anderton and Renslow 2018 (PLoS ONE 13). Within 4 of 255 of all 256 colours of matplotlib 3.6.3.

import { formatCoordinate } from "./format-number.ts";
import { svgElement, svgText } from "./svg-element.ts";

// Every fifth of the 256, which keeps the bend near the 22nd; linear in between.
const published =
  "00224e002656002a5f002d68003070083370163770203a6f273e6e2e416d34456c3a486c3f4c6c" +
  "444f6c49536c4e566c535a6d575d6d5c616e60646f656870696b716d6f727272747676767a7a78" +
  "7e7d788381798885788d8878928c789690779b9476a09875a59c74aaa073afa471b5a86fbaac6d" +
  "bfb06bc4b468c9b965cfbd62d4c15fdac65bdfca57e5cf52ead34cf0d846f6dd3ffce236fee838";
const anchors: readonly (readonly number[])[] = (published.match(/.{6}/g) ?? []).map((color) =>
  [0, 2, 4].map((at) => Number.parseInt(color.slice(at, at + 2), 16)),
);

/** The number of steps of a drawn colour map; neighbouring cells of one step share a path. */
const COLOR_STEPS = 32;

/** The colour at `share` of the range, 0 to 1; values outside are clamped. */
export function cividis(share: number): string {
  const at = Math.min(1, Math.max(0, share)) * (anchors.length - 1);
  const index = Math.min(anchors.length - 2, Math.floor(at));
  const [from = [], to = []] = [anchors[index], anchors[index + 1]];
  const channels = from.map((channel, i) => Math.round(channel + (at - index) * ((to[i] ?? 0) - channel)));
  return `#${channels.map((channel) => channel.toString(16).padStart(2, "0")).join("")}`;
}

/** The grid of a heat map: edges of columns and rows, in the units of the figure. */
export interface CellGrid {
  x(column: number): number;
  y(row: number): number;
}

/** Draws the cells of a heat map by their shares[row][column] of the range; null leaves a hole. One path per colour. */
export function drawCells(shares: readonly (readonly (number | null)[])[], { x, y }: CellGrid): string {
  const paths = new Map<number, string>();
  shares.forEach((row, r) => {
    // Shared edges must round alike, so that no seam opens between rows.
    const [top, bottom] = [formatCoordinate(y(r)), formatCoordinate(y(r + 1))];
    for (let c = 0; c < row.length; ) {
      const step = colorStep(row[c] ?? null);
      let end = c + 1;
      while (end < row.length && colorStep(row[end] ?? null) === step) end++;
      if (step !== null) {
        const [left, right] = [formatCoordinate(x(c)), formatCoordinate(x(end))];
        paths.set(step, `${paths.get(step) ?? ""}M${left} ${top}H${right}V${bottom}H${left}z`);
      }
      c = end;
    }
  });
  const cells = [...paths]
    .sort(([a], [b]) => a - b)
    .map(([step, d]) => svgElement("path", { fill: cividis(step / (COLOR_STEPS - 1)), d }));
  return svgElement("g", { class: "cells" }, ...cells);
}

function colorStep(share: number | null): number | null {
  if (share === null || Number.isNaN(share)) return null;
  return Math.round(Math.min(1, Math.max(0, share)) * (COLOR_STEPS - 1));
}

/** The key of a colour map: a bar of `width` at (x, y), with the labels of its ends and its quantity. */
export function drawColorBar(x: number, y: number, width: number, labels: readonly [string, string, string]): string {
  const [low, name, high] = labels;
  const step = width / COLOR_STEPS;
  const bar = drawCells([Array.from({ length: COLOR_STEPS }, (_, i) => i / (COLOR_STEPS - 1))], {
    x: (column) => x + column * step,
    y: (row) => y + row * 9,
  });
  return (
    bar +
    svgText(x, y + 24, low) +
    svgText(x + width / 2, y + 24, name, { "text-anchor": "middle" }) +
    svgText(x + width, y + 24, high, { "text-anchor": "end" })
  );
}
