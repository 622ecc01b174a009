// A curve in a terminal, drawn in braille characters of 2 by 4 dots.
// Source: Unicode 16, block Braille Patterns (U+2800), where the bits of the code point are the dots.

import { extent } from "./axis.ts";

/** Options of a curve. */
export interface BrailleCurveOptions {
  /** Width in characters. Defaults to 24. */
  readonly columns?: number;
  /** Height in lines. Defaults to 2. */
  readonly rows?: number;
  /** The values at the lower and the upper edge. Defaults to the extent of the values. */
  readonly low?: number;
  readonly high?: number;
  /** Whether to use only ASCII characters, for terminals without Unicode. */
  readonly ascii?: boolean;
}

// dots[y][x] of a cell: Unicode numbers the first three rows down the columns, then the fourth row.
const dots: readonly (readonly number[])[] = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
];
const asciiHeights = ["'", "-", "-", "."];

function expectSize(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1 || value > 1000) {
    throw new RangeError(`${name}: expected an integer from 1 to 1000, got ${value}`);
  }
  return value;
}

/** The range of heights, in dots from the upper edge, of the curve in each column of dots; null in a gap. */
function trace(
  values: readonly number[],
  width: number,
  height: number,
  low: number,
  high: number,
): ([number, number] | null)[] {
  const place = (value: number): number => {
    const share = high > low ? (value - low) / (high - low) : 0.5;
    return Math.round((1 - Math.min(1, Math.max(0, share))) * (height - 1));
  };
  const columns: ([number, number] | null)[] = [];
  let previous: number | null = null;
  for (let column = 0; column < width; column++) {
    const index = values.length === 1 || width === 1 ? 0 : (column * (values.length - 1)) / (width - 1);
    const [left, right] = [values[Math.floor(index)], values[Math.ceil(index)]] as [number, number];
    const value = left === right ? left : left + (right - left) * (index - Math.floor(index));
    if (!Number.isFinite(value)) {
      columns.push(null);
      previous = null;
      continue;
    }
    const y = place(value);
    // A steep segment fills the dots up to its neighbour, so that the curve stays connected.
    const from: number = previous === null || Math.abs(previous - y) <= 1 ? y : previous + Math.sign(y - previous);
    columns.push([Math.min(from, y), Math.max(from, y)]);
    previous = y;
  }
  return columns;
}

/**
 * Draws `values`, evenly spaced and joined by straight lines, as `rows` lines of `columns` characters. Values beyond the
 * edges are clamped, non-finite values leave a gap, and a constant runs through the middle.
 *
 * @throws RangeError for a size that is not an integer from 1 to 1000.
 * @example
 * brailleCurve([0, 1, 2, 3], { columns: 4, rows: 1 }); // => '⣀⠤⠒⠉'
 */
export function brailleCurve(values: readonly number[], options: BrailleCurveOptions = {}): string {
  const columns = expectSize("columns", options.columns ?? 24);
  const rows = expectSize("rows", options.rows ?? 2);
  const [least, greatest] = extent(values) ?? [0, 0];
  const cells = Array.from({ length: rows }, () => new Array<number>(columns).fill(0));
  const path = trace(values, columns * 2, rows * 4, options.low ?? least, options.high ?? greatest);
  path.forEach((span, column) => {
    if (span === null) return;
    for (let y = span[0]; y <= span[1]; y++) {
      const row = cells[y >> 2];
      const cell = column >> 1;
      if (row) row[cell] = (row[cell] ?? 0) | (dots[y & 3]?.[column & 1] ?? 0);
    }
  });
  const character = options.ascii ? asciiCell : (bits: number) => String.fromCharCode(0x2800 + bits);
  return cells.map((row) => row.map(character).join("")).join("\n");
}

/** The closest ASCII character to a cell: a bar if three or more rows of dots are set, else a dash at their height. */
function asciiCell(bits: number): string {
  const set = dots.flatMap(([left = 0, right = 0], y) => ((bits & (left | right)) === 0 ? [] : [y]));
  if (set.length === 0) return " ";
  return set.length >= 3 ? "|" : (asciiHeights[set[set.length >> 1] ?? 0] ?? " ");
}
