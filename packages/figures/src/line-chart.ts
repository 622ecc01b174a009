// A line chart of curves over steps or layers, each with a band: mean and spread over seeds.
// Source: d3-shape for paths. Log or linear; points instead of lines for a single step.

import { area, line, symbol, symbolTimes } from "d3-shape";
import { type Axis, drawBottomAxis, drawLeftAxis, extent, integerAxis, linearAxis, logAxis } from "./axis.ts";
import { escapeMarkup } from "./escape-markup.ts";
import { textWidth } from "./fit-text.ts";
import { formatNumber } from "./format-number.ts";
import { drawLegend, drawMarker } from "./legend.ts";
import { seriesStyle } from "./palette.ts";
import { svgElement, svgFigure, svgText } from "./svg-element.ts";

/** One step of a series; a null value leaves a gap. */
export interface LinePoint {
  readonly x: number;
  readonly mean: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** One curve. */
export interface LineSeries {
  readonly name: string;
  readonly points: readonly LinePoint[];
  /** The steps at which runs of this series ended early, one entry per run; each is a cross at the upper edge. */
  readonly lost: readonly number[];
}

/** The content of a line chart. */
export interface LineChart {
  /** Such as `Training loss`. */
  readonly quantity: string;
  /** The name of the integer steps, such as `epoch`. */
  readonly step: string;
  /** Labels below the steps 1, 2, ... if these are categories, such as learning rates. */
  readonly labels?: readonly string[];
  readonly scale: "linear" | "log";
  /** The meaning of the band, such as `range over 8 seeds`; null without a band. */
  readonly band: string | null;
  readonly series: readonly LineSeries[];
  /** The domain of the vertical axis, to compare charts. Defaults to the extent of the data. */
  readonly domain: readonly [number, number] | null;
  /** The position of a horizontal reference line. */
  readonly reference: { readonly value: number; readonly name: string } | null;
}

const WIDTH = 420;
const TOP = 30;
const PLOT_HEIGHT = 190;
const RIGHT = WIDTH - 12;
const MARKED_STEPS = 12;

/**
 * Returns every finite value of `series`, including bands; the vertical axis covers them.
 *
 * @example
 * lineValues([{ name: "loss", lost: [], points: [{ x: 1, mean: 2, low: 1, high: 4 }] }]); // => [ 2, 1, 4 ]
 */
export function lineValues(series: readonly LineSeries[]): number[] {
  const values = series.flatMap(({ points }) => points.flatMap(({ mean, low, high }) => [mean, low, high]));
  return values.filter((value) => value !== null && Number.isFinite(value)) as number[];
}

/** The chart in one or two sentences, for screen readers. */
function describe({ quantity, step, scale, band, series }: LineChart): string {
  const curves = series.map(({ name, points, lost }) => {
    const means = points.flatMap(({ mean }) => (mean === null ? [] : [mean]));
    const [first, last] = [means[0] ?? null, means.at(-1) ?? null];
    const range =
      first === null
        ? "no finite value"
        : means.length === 1
          ? formatNumber(first)
          : `from ${formatNumber(first)} to ${formatNumber(last)}`;
    return `${name} ${range}${lost.length > 0 ? `, ${lost.length} diverged` : ""}`;
  });
  const logarithmic = scale === "log" ? ", logarithmic axis" : "";
  return `Line chart of ${quantity.toLowerCase()} by ${step}${logarithmic}. ${curves.join("; ")}.${band === null ? "" : ` Bands: ${band}.`}`;
}

function drawSeries(series: LineSeries, index: number, count: number, xs: Axis, ys: Axis, isSingle: boolean): string {
  const style = seriesStyle(index);
  // All series share the only step: place them side by side within half the plot.
  const dodge = isSingle ? ((index + 0.5) / count - 0.5) * (RIGHT - WIDTH / 2) : 0;
  const x = (point: LinePoint): number => xs.position(point.x) + dodge;
  const y = (value: number | null): number => ys.position(value ?? Number.NaN);
  const drawn = series.points.filter(({ mean }) => mean !== null);
  const parts: string[] = [];
  if (isSingle) {
    for (const point of drawn) {
      if (point.low === null || point.high === null) continue;
      const [left, low, high] = [x(point), y(point.low), y(point.high)].map((value) => Math.round(value * 10) / 10);
      parts.push(svgElement("path", { class: "interval", d: `M${left} ${low}V${high}` }));
    }
  } else {
    const band = area<LinePoint>()
      .defined(({ mean, low, high }) => mean !== null && low !== null && high !== null)
      .x(x)
      .y0(({ low }) => y(low))
      .y1(({ high }) => y(high))
      .digits(1);
    const d = band(series.points);
    if (d !== null) parts.push(svgElement("path", { class: "band", d }));
    const curve = line<LinePoint>()
      .defined(({ mean }) => mean !== null)
      .x(x)
      .y(({ mean }) => y(mean))
      .digits(1);
    const path = curve(series.points);
    if (path !== null) parts.push(svgElement("path", { class: "curve", d: path, "stroke-dasharray": style.dash }));
  }
  const stride = drawn.length <= MARKED_STEPS ? 1 : Math.ceil(drawn.length / 8);
  for (let step = stride === 1 ? 0 : index % stride; step < drawn.length; step += stride) {
    const point = drawn[step];
    if (point) parts.push(drawMarker(style, x(point), y(point.mean)));
  }
  return svgElement("g", { class: style.className }, ...parts);
}

/** A cross for every run that ended early; crosses of one step stand side by side. */
function drawLost(series: readonly LineSeries[], step: string, xs: Axis): string {
  const d = symbol(symbolTimes, 42).digits(1)() ?? "";
  const taken = new Map<number, number>();
  return series
    .flatMap(({ name, lost }, index) =>
      lost.map((at) => {
        const before = taken.get(at) ?? 0;
        taken.set(at, before + 1);
        const x = Math.round(Math.min(RIGHT - 5, xs.position(at) + before * 9) * 10) / 10;
        const title = svgElement("title", {}, escapeMarkup(`${name}: a run diverged in ${step} ${at}`));
        const attributes = { class: `lost ${seriesStyle(index).className}`, d, transform: `translate(${x} ${TOP})` };
        return svgElement("path", attributes, title);
      }),
    )
    .join("");
}

function drawReference(reference: LineChart["reference"], ys: Axis, left: number): string {
  if (reference === null || reference.value < ys.domain[0] || reference.value > ys.domain[1]) return "";
  const y = Math.round(ys.position(reference.value) * 10) / 10;
  const above = y > TOP + 24;
  return (
    svgElement("path", { class: "reference", d: `M${left} ${y}H${RIGHT}` }) +
    svgText(RIGHT, above ? y - 6 : y + 15, reference.name, { class: "halo", "text-anchor": "end" })
  );
}

/** The horizontal axis: numbers, or labelled categories with a margin at the edges. */
function stepAxis(steps: readonly [number, number], left: number, labels: readonly string[] | undefined): Axis {
  if (!labels) return integerAxis(steps, [left + 8, RIGHT - 8]);
  const margin = (RIGHT - left) / (2 * Math.max(1, labels.length));
  const axis = integerAxis(steps, [left + margin, RIGHT - margin]);
  return { ...axis, ticks: labels.map((label, i) => ({ value: i + 1, label })) };
}

/**
 * Draws curves with bands and a legend below as SVG. Steps are integers; for a single step, points and bars replace lines.
 *
 * @throws RangeError for a log scale with non-positive values or a non-positive domain.
 * @example
 * lineChart({ quantity: "Loss", step: "epoch", scale: "linear", band: null, domain: null, reference: null,
 *   series: [{ name: "zeros", lost: [], points: [{ x: 1, mean: 2.303, low: null, high: null }] }] });
 */
export function lineChart(chart: LineChart): string {
  const { quantity, step, scale, series } = chart;
  const bottom = TOP + PLOT_HEIGHT;
  const finite = lineValues(series);
  const values = extent([...finite, ...(chart.domain ?? [])]) ?? [scale === "log" ? 0.1 : 0, 1];
  const ys = scale === "log" ? logAxis(values, [bottom, TOP]) : linearAxis(values, [bottom, TOP]);
  const left = Math.max(...ys.ticks.map(({ label }) => textWidth(label)), 16) + 10;
  const steps = extent(series.flatMap(({ points, lost }) => [...points.map(({ x }) => x), ...lost])) ?? [1, 1];
  const xs = stepAxis(steps, left, chart.labels);
  const legend = drawLegend(
    series.map(({ name }) => name),
    4,
    bottom + 44,
    WIDTH - 8,
  );
  return svgFigure(WIDTH, bottom + 48 + legend.height, describe(chart), [
    svgText(0, 13, scale === "log" ? `${quantity}, log scale` : quantity, { class: "title" }),
    drawLeftAxis(ys, left, RIGHT),
    drawBottomAxis(xs, left, RIGHT, bottom),
    svgText((left + RIGHT) / 2, bottom + 34, step, { "text-anchor": "middle" }),
    ...series.map((one, index) => drawSeries(one, index, series.length, xs, ys, steps[0] === steps[1])),
    drawReference(chart.reference, ys, left),
    finite.length > 0
      ? ""
      : svgText((left + RIGHT) / 2, TOP + PLOT_HEIGHT / 2, "no finite value", { "text-anchor": "middle" }),
    drawLost(series, step, xs),
    legend.markup,
  ]);
}
