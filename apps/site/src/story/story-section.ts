// A section of the story, and what its text takes from the figures: numbers of the run, written as people read them.

import type { FigureData } from "../worker/figure.ts";
import type { DrawnFigure } from "./draw-figures.ts";
import type { StoryFigureName } from "./story-figures.ts";

/** One section; its id is what the table of contents links to. */
export interface StorySection {
  readonly id: string;
  readonly title: string;
  /** HTML. */
  readonly text: string;
}

/** All figures, by name. */
export type Drawn = Readonly<Record<StoryFigureName, DrawnFigure>>;

/** The number in `column` of a figure's row; from the end where `row` is negative. */
export function numberOf({ columns, rows }: FigureData, column: string, row: number): number {
  const value = rows.at(row)?.[columns.indexOf(column)];
  if (typeof value !== "number") throw new Error(`story: expected a number in row ${row} of ${column}, got ${value}`);
  return value;
}

/** A power of ten by its logarithm. */
export const power = (log10: number): string => `10<sup>${log10.toFixed(1).replace("-", "−")}</sup>`;
/** A number to two decimals, or to as many digits. */
export const two = (value: number): string => value.toFixed(2).replace("-", "−");
export const digits = (value: number, count: number): string => String(Number(value.toPrecision(count)));
export const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
