// A table of a paper: an experiment whose rows compare published or derived numbers with ours.
// Source: the tolerances follow from the statistics in each row's reason; none is fitted to the measurements.

/** One number to reproduce. */
export interface PaperRow {
  readonly what: string;
  /** The value that is published, or derived from the paper's formula. */
  readonly expected: number;
  readonly ours: number;
  /** The greatest passing |ours - expected|. */
  readonly tolerance: number;
  /** The reason for the tolerance. */
  readonly reason: string;
  readonly pass: boolean;
}

/** One table of one paper. */
export interface PaperTable {
  readonly title: string;
  readonly paper: string;
  /** Runs the experiment in a few seconds at most; the rows are the same every time. */
  run(): readonly PaperRow[];
}

/** The two-sided 1-in-1,000 quantile of the normal: the meaning of "1 in 1,000" in every table. */
export const CHANCE = 3.29;

/** Makes a row and judges it. */
export function paperRow(what: string, expected: number, ours: number, tolerance: number, reason: string): PaperRow {
  return { what, expected, ours, tolerance, reason, pass: Math.abs(ours - expected) <= tolerance };
}

/** The mean of one or more values. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
