// Histograms of activations by layer as columns of colour: shows networks that die, saturate or explode.
// Source: the "colorful dimension" of fastai's ActivationStats, with the log of the counts.

import { drawBottomAxis, drawLeftAxis, integerAxis, linearAxis } from "./axis.ts";
import { cividis, drawCells, drawColorBar } from "./color-map.ts";
import { fitText, textWidth } from "./fit-text.ts";
import { formatNumber } from "./format-number.ts";
import { svgElement, svgFigure, svgText } from "./svg-element.ts";

/** The content of a heat strip. */
export interface HeatStrip {
  /** Such as `Activations by layer, he_normal`. */
  readonly title: string;
  /** The common range of all histograms. */
  readonly low: number;
  readonly high: number;
  /** The counts of each layer, from layer 1, with the same number of bins. */
  readonly counts: readonly (readonly number[])[];
}

const WIDTH = 420;
const TOP = 24;
const BOTTOM = 190;
const RIGHT = WIDTH - 12;

function shareOfTallest(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total > 0 ? Math.max(...counts) / total : 0;
}

function describe({ title, low, high, counts }: HeatStrip): string {
  const shares = [counts[0], counts.at(-1)].map((layer) => formatNumber(100 * shareOfTallest(layer ?? []), 2));
  return (
    `Heat strip, ${title}: ${counts.length} layers, ${counts[0]?.length ?? 0} bins from ` +
    `${formatNumber(low, 2)} to ${formatNumber(high, 2)}. The fullest bin holds ${shares[0]} % of the first layer ` +
    `and ${shares[1]} % of the last.`
  );
}

/**
 * Draws one column of colour per layer as SVG, brighter for more values, on a scale of log(1 + count).
 *
 * @throws RangeError if layers differ in their bins, or the range is not finite and ascending.
 * @example
 * const counts = [[0, 3, 9, 2], [1, 6, 6, 1]];
 * heatStrip({ title: "Activations by layer", low: -1, high: 1, counts }).startsWith("<svg "); // => true
 */
export function heatStrip(strip: HeatStrip): string {
  const { title, low, high, counts } = strip;
  const bins = counts[0]?.length ?? 0;
  if (!(Number.isFinite(high - low) && low < high)) {
    throw new RangeError(`low, high: expected a finite, ascending range, got [${low}, ${high}]`);
  }
  counts.forEach((layer, l) => {
    if (layer.length !== bins) throw new RangeError(`counts[${l}]: expected ${bins} bins, got ${layer.length}`);
  });
  const axis = linearAxis([low, high], [BOTTOM, TOP], 5);
  const ticks = axis.ticks.filter((tick) => tick.value >= low && tick.value <= high);
  const place = (x: number): number => BOTTOM - ((x - low) / (high - low)) * (BOTTOM - TOP);
  const left = Math.max(...ticks.map(({ label }) => textWidth(label)), 16) + 10;
  const cell = (RIGHT - left) / Math.max(1, counts.length);
  const layers = integerAxis([1, Math.max(1, counts.length)], [left + cell / 2, RIGHT - cell / 2]);
  const tallest = Math.max(1, ...counts.map((layer) => Math.max(0, ...layer)));
  const columns = counts.map((layer) => layer.map((count) => Math.log1p(count) / Math.log1p(tallest)));
  // The rows of the drawing run down from the highest bin.
  const rows = Array.from({ length: bins }, (_, row) => columns.map((column) => column[bins - 1 - row] ?? 0));
  return svgFigure(WIDTH, BOTTOM + 78, describe(strip), [
    svgText(0, 13, fitText(title, WIDTH), { class: "title" }),
    svgElement("rect", { x: left, y: TOP, width: RIGHT - left, height: BOTTOM - TOP, fill: cividis(0) }),
    drawCells(rows, {
      x: (column) => left + column * cell,
      y: (row) => TOP + (row * (BOTTOM - TOP)) / Math.max(1, bins),
    }),
    drawLeftAxis({ ...axis, ticks, position: place }, left, left),
    drawBottomAxis(layers, left, RIGHT, BOTTOM),
    svgText((left + RIGHT) / 2, BOTTOM + 34, "layer", { "text-anchor": "middle" }),
    drawColorBar(left, BOTTOM + 46, RIGHT - left, ["0", "values in the bin, log scale", String(tallest)]),
  ]);
}
