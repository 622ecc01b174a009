// A figure from the worker: its SVG, and its numbers as a table.

/** A cell of a table; null appears as a dash. */
export type Cell = string | number | null;

/** A figure with its data. */
export interface FigureData {
  /** Constant while sliders move, so that an open table stays open. */
  readonly key: string;
  readonly svg: string;
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}
