// A dot chart with a row per group: one dot per seed, the mean, and its 95 % interval.
// Source: Cumming & Finch 2005 for intervals shown with their data.

import { symbol, symbolTimes } from "d3-shape";
import { drawBottomAxis, extent, linearAxis } from "./axis.ts";
import { fitText, textWidth } from "./fit-text.ts";
import { formatFixed } from "./format-number.ts";
import { drawMarker } from "./legend.ts";
import { seriesStyle } from "./palette.ts";
import { svgElement, svgFigure, svgText } from "./svg-element.ts";

/** One group of runs. */
export interface DotGroup {
  readonly name: string;
  readonly mean: number;
  readonly interval: readonly [number, number] | null;
  /** One dot per seed; `diverged` draws a cross instead of a circle. */
  readonly dots: readonly { readonly value: number; readonly diverged: boolean }[];
}

/** The content of the chart. */
export interface IntervalDots {
  /** Such as `Test accuracy`. */
  readonly quantity: string;
  readonly groups: readonly DotGroup[];
  readonly decimals: number;
  /** The position of a vertical reference line. */
  readonly reference: { readonly value: number; readonly name: string } | null;
}

const WIDTH = 420;
const TOP = 22;
const ROW = 54;

function describe({ quantity, groups, decimals }: IntervalDots): string {
  const rows = groups.map(({ name, mean, interval, dots }) => {
    const bounds =
      interval === null
        ? "no interval"
        : `95 % interval ${formatFixed(interval[0], decimals)} to ${formatFixed(interval[1], decimals)}`;
    const diverged = dots.filter((dot) => dot.diverged).length;
    const ending = diverged > 0 ? `, ${diverged} diverged` : "";
    return `${name} ${formatFixed(mean, decimals)}, ${bounds}, ${dots.length} ${dots.length === 1 ? "run" : "runs"}${ending}`;
  });
  return `Dot chart of ${quantity.toLowerCase()}: ${rows.join("; ")}.`;
}

/**
 * Draws a row per group as SVG: name and mean, the interval as a bar with the mean's marker, and below it a dot per seed.
 *
 * @example
 * intervalDots({ quantity: "Test accuracy", decimals: 3, reference: null,
 *   groups: [{ name: "zeros", mean: 0.1, interval: null, dots: [{ value: 0.1, diverged: false }] }] });
 */
export function intervalDots(chart: IntervalDots): string {
  const { quantity, groups, decimals, reference } = chart;
  const values = groups.flatMap(({ mean, interval, dots }) => [
    mean,
    ...(interval ?? []),
    ...dots.map(({ value }) => value),
  ]);
  const axis = linearAxis(extent([...values, reference?.value ?? null]) ?? [0, 1], [16, WIDTH - 16], 6);
  const bottom = TOP + groups.length * ROW + 6;
  const cross = symbol(symbolTimes, 30).digits(1)() ?? "";
  const at = (value: number): number => Math.round(axis.position(value) * 10) / 10;
  // Lines must not cross the strip with the names.
  const strips = (x: number): string =>
    groups.map((_, index) => `M${x} ${TOP + index * ROW + 20}v${ROW - 20}`).join("");
  const ticks = axis.ticks.map(({ value }) => strips(at(value))).join("");
  const parts = [
    svgText(0, 13, quantity, { class: "title" }),
    svgElement("path", { class: "grid", d: ticks }),
    drawBottomAxis(axis, 4, WIDTH - 4, bottom),
  ];
  if (reference !== null) {
    const x = at(reference.value);
    parts.push(svgElement("path", { class: "reference", d: `${strips(x)}V${bottom}` }));
    const isLeft = x < WIDTH / 2;
    parts.push(
      svgText(isLeft ? x - 4 : x + 4, bottom + 35, reference.name, { "text-anchor": isLeft ? "start" : "end" }),
    );
  }
  groups.forEach(({ name, mean, interval, dots }, index) => {
    const style = seriesStyle(index);
    const top = TOP + index * ROW;
    const y = top + 30;
    const value = formatFixed(mean, decimals);
    const row = [
      svgText(4, top + 14, fitText(name, WIDTH - textWidth(value) - 24), { class: "name" }),
      svgText(WIDTH - 4, top + 14, value, { class: "name", "text-anchor": "end" }),
    ];
    if (interval?.every(Number.isFinite)) {
      const [low, high] = [at(interval[0]), at(interval[1])];
      row.push(
        svgElement("path", { class: "interval", d: `M${low} ${y}H${high}M${low} ${y - 7}v14M${high} ${y - 7}v14` }),
      );
    }
    dots.forEach((dot, seed) => {
      // For one run, the mean is that run.
      if (!Number.isFinite(dot.value) || (dots.length === 1 && !dot.diverged)) return;
      // Three rows, so that equal values stay countable.
      const lane = y + 11 + (seed % 3) * 4;
      row.push(
        dot.diverged
          ? svgElement("path", { class: "lost", d: cross, transform: `translate(${at(dot.value)} ${lane})` })
          : svgElement("circle", { class: "seed", cx: at(dot.value), cy: lane, r: 2.6 }),
      );
    });
    if (Number.isFinite(mean)) row.push(drawMarker(style, at(mean), y, 40));
    parts.push(svgElement("g", { class: style.className }, ...row));
  });
  return svgFigure(WIDTH, bottom + (reference === null ? 24 : 42), describe(chart), parts);
}
