// Scales with ticks, and their drawing below and at the left of a plot.

import { nice, ticks } from "d3-array";
import { formatNumber, formatPower, formatTick } from "./format-number.ts";
import { svgElement, svgText } from "./svg-element.ts";

/** A tick with its label. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** A scale: the positions of values between two coordinates, and its ticks. */
export interface Axis {
  readonly domain: readonly [number, number];
  readonly ticks: readonly Tick[];
  position(value: number): number;
}

/**
 * Returns the least and the greatest finite value; null if there is none.
 *
 * @example
 * extent([3, null, 1, Number.NaN]); // => [ 1, 3 ]
 */
export function extent(values: Iterable<number | null>): [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : null;
}

/** Values with a smaller relative difference count as one value: the difference is rounding, which no label can show. */
const EQUAL = 1e-6;

/** An interval around one value, if low and high differ only by rounding. */
function widen([low, high]: readonly [number, number]): [number, number] {
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (high - low > EQUAL * size) return [low, high];
  const margin = size * 0.1 || 0.5;
  return [low - margin, high + margin];
}

/** Maps `domain` linearly onto `range`. */
function linearPosition([low, high]: readonly [number, number], [start, end]: readonly [number, number]) {
  return (value: number): number => {
    const share = (value - low) / (high - low);
    return start * (1 - share) + end * share;
  };
}

/** A linear axis over `domain`, widened to round numbers, with about `count` ticks. */
export function linearAxis(domain: readonly [number, number], range: readonly [number, number], count = 5): Axis {
  const [low, high] = nice(...widen(domain), count);
  const values = ticks(low, high, count);
  const step = Math.abs((values[1] ?? 1) - (values[0] ?? 0));
  return {
    domain: [low, high],
    ticks: values.map((value) => ({ value, label: formatTick(value, step) })),
    position: linearPosition([low, high], range),
  };
}

/** A linear axis over the integers from low to high, with at most `count` ticks at round integers; not widened. */
export function integerAxis(domain: readonly [number, number], range: readonly [number, number], count = 8): Axis {
  const [low, high] = domain;
  if (low === high) {
    const center = (range[0] + range[1]) / 2;
    return { domain, ticks: [{ value: low, label: String(low) }], position: () => center };
  }
  const all = high - low < count ? Array.from({ length: high - low + 1 }, (_, index) => low + index) : null;
  const values = all ?? ticks(low, high, count - 2).filter((value) => Number.isInteger(value));
  return {
    domain,
    ticks: values.map((value) => ({ value, label: String(value) })),
    position: linearPosition(domain, range),
  };
}

const mantissas: readonly (readonly number[])[] = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5], [1, 3], [1]];

/** The finest ticks of the form m * 10^k, at most `count`; linear ticks within a fraction of a decade. */
function logTicks(low: number, high: number, count: number): number[] {
  const first = Math.floor(Math.log10(low) + 1e-9);
  const last = Math.ceil(Math.log10(high) - 1e-9);
  for (const candidates of mantissas) {
    const values: number[] = [];
    for (let power = first; power <= last && values.length <= 20 * count; power++) {
      for (const mantissa of candidates) {
        const value = Number(`${mantissa}e${power}`);
        if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) values.push(value);
      }
    }
    if (values.length < 2) break;
    if (values.length <= count) return values;
  }
  if (last - first <= 2) return ticks(low, high, count - 2);
  return decades(Math.log10(low), Math.log10(high), count)
    .map((power) => Number(`1e${power}`))
    .filter((value) => value >= low && value <= high);
}

/** The powers of ten between `low` and `high`, at most `count`, at multiples of 1, 2, 5, 10, 20 and so on. */
function decades(low: number, high: number, count: number): number[] {
  for (let scale = 1; ; scale *= 10) {
    for (const step of [scale, 2 * scale, 5 * scale]) {
      const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
      if (last - first < count) return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
    }
  }
}

/**
 * A logarithmic axis over `domain` with a margin of 4 % at both ends and at most `count` ticks.
 *
 * @throws RangeError if the domain is not positive.
 */
export function logAxis(domain: readonly [number, number], range: readonly [number, number], count = 6): Axis {
  if (!(domain[0] > 0)) throw new RangeError(`domain: expected positive values for a log axis, got ${domain[0]}`);
  const [low, high] = widen(domain);
  const margin = 0.04 * (Math.log10(high) - Math.log10(low));
  const padded: [number, number] = [
    Math.max(low * 10 ** -margin, Number.MIN_VALUE),
    Math.min(high * 10 ** margin, Number.MAX_VALUE),
  ];
  const position = linearPosition([Math.log(padded[0]), Math.log(padded[1])], range);
  const values = logTicks(padded[0], padded[1], count);
  const step = Math.abs((values[1] ?? 1) - (values[0] ?? 0));
  const isDecimal = values.every((value) => Number(value.toPrecision(1)) === value);
  return {
    domain: padded,
    ticks: values.map((value) => ({ value, label: isDecimal ? formatNumber(value, 1) : formatTick(value, step) })),
    position: (value) => position(Math.log(value)),
  };
}

// The largest log10 whose value, with the margin of an axis, is a normal double.
const DOUBLE_DECADES = 280;

/** A logarithmic axis for values beyond doubles: domain, ticks and positions are log10 of the values. */
export function decadeAxis(domain: readonly [number, number], range: readonly [number, number], count = 6): Axis {
  const isDouble = domain.every((log10) => Math.abs(log10) <= DOUBLE_DECADES);
  if (isDouble) {
    const { domain: padded, ticks: powers } = logAxis([10 ** domain[0], 10 ** domain[1]], range, count);
    const log10: [number, number] = [Math.log10(padded[0]), Math.log10(padded[1])];
    return {
      domain: log10,
      ticks: powers.map(({ value, label }) => ({ value: Math.log10(value), label })),
      position: linearPosition(log10, range),
    };
  }
  const [low, high] = widen(domain);
  const margin = 0.04 * (high - low);
  const padded: [number, number] = [low - margin, high + margin];
  return {
    domain: padded,
    ticks: decades(...padded, count).map((power) => ({ value: power, label: formatPower(power, 1) })),
    position: linearPosition(padded, range),
  };
}

/** The horizontal axis: a line at `y` from `left` to `right`, short ticks, labels below. */
export function drawBottomAxis(axis: Axis, left: number, right: number, y: number): string {
  let lines = `M${left} ${y}H${right}`;
  const labels = axis.ticks.map(({ value, label }) => {
    const x = Math.round(axis.position(value) * 10) / 10;
    lines += `M${x} ${y}v4`;
    return svgText(x, y + 17, label);
  });
  return (
    svgElement("path", { class: "axis", d: lines }) + svgElement("g", { "text-anchor": "middle" }, labels.join(""))
  );
}

/** The vertical axis: a grid line from `left` to `right` at each tick, labels at the left. */
export function drawLeftAxis(axis: Axis, left: number, right: number): string {
  let lines = "";
  const labels = axis.ticks.map(({ value, label }) => {
    const y = Math.round(axis.position(value) * 10) / 10;
    lines += `M${left} ${y}H${right}`;
    return svgText(left - 7, y + 4, label);
  });
  return svgElement("path", { class: "grid", d: lines }) + svgElement("g", { "text-anchor": "end" }, labels.join(""));
}
