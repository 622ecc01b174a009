// A histogram on one line of a terminal, in blocks of eight heights.
// Source: Unicode 16, block Block Elements (U+2581 to U+2588).

/** Options of a histogram. */
export interface BlocksHistogramOptions {
  /** Width in characters; neighbouring bins are merged to fit. Defaults to one character per bin. */
  readonly columns?: number;
  /** Whether to use only ASCII characters, for terminals without Unicode. */
  readonly ascii?: boolean;
}

const blocks = "▁▂▃▄▅▆▇█";
const asciiBlocks = ".:-=+*#@";

/**
 * Draws `counts` as one character per bin, with a height in proportion to the greatest. A nonempty bin has at least the
 * lowest block, an empty one is a space.
 *
 * @throws RangeError for columns that are not an integer from 1 to 1000, or a count that is negative or not finite.
 * @example
 * blocksHistogram([0, 1, 4, 8, 4, 1, 0]); // => ' ▁▄█▄▁ '
 */
export function blocksHistogram(counts: readonly number[], options: BlocksHistogramOptions = {}): string {
  for (const [bin, count] of counts.entries()) {
    if (!(count >= 0 && count < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`counts[${bin}]: expected a finite number that is not negative, got ${count}`);
    }
  }
  const { columns = Math.max(1, counts.length) } = options;
  if (!Number.isInteger(columns) || columns < 1 || (options.columns !== undefined && columns > 1000)) {
    throw new RangeError(`columns: expected an integer from 1 to 1000, got ${columns}`);
  }
  const heights = merge(counts, Math.min(columns, counts.length));
  const greatest = Math.max(0, ...heights);
  const levels = options.ascii ? asciiBlocks : blocks;
  return heights
    .map((height) => (height === 0 ? " " : (levels[Math.max(1, Math.round((height / greatest) * 8)) - 1] ?? " ")))
    .join("");
}

/** The mean height of the bins in each of `columns`; a bin on a border is shared in proportion. */
function merge(counts: readonly number[], columns: number): number[] {
  const width = counts.length / columns;
  return Array.from({ length: columns }, (_, column) => {
    const [start, end] = [column * width, (column + 1) * width];
    let sum = 0;
    for (let bin = Math.floor(start); bin < Math.min(counts.length, Math.ceil(end)); bin++) {
      sum += (counts[bin] ?? 0) * (Math.min(bin + 1, end) - Math.max(bin, start));
    }
    return sum / width;
  });
}
