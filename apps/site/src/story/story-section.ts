// The type of a section of the story, and formatting of the numbers that its text takes from the figures.

import type { FigureData } from "../worker/figure.ts";
import type { DrawnFigure } from "./draw-figures.ts";
import type { StoryFigureName } from "./story-figures.ts";

/** A section; the table of contents links to its id. */
export interface StorySection {
  readonly id: string;
  readonly title: string;
  /** HTML. */
  readonly text: string;
}

/** All figures by name. */
export type Drawn = Readonly<Record<StoryFigureName, DrawnFigure>>;

/** Returns the number in a column of a figure's row; a negative `row` counts from the end. */
export function numberOf({ columns, rows }: FigureData, column: string, row: number): number {
  const value = rows.at(row)?.[columns.indexOf(column)];
  if (typeof value !== "number") throw new Error(`story: expected a number in row ${row} of ${column}, got ${value}`);
  return value;
}

/** Formats a power of ten, given its logarithm. */
export const power = (log10: number): string => `10<sup>${log10.toFixed(1).replace("-", "−")}</sup>`;
/** Formats a number with two decimals, or with a given number of digits. */
export const two = (value: number): string => value.toFixed(2).replace("-", "−");
export const digits = (value: number, count: number): string => String(Number(value.toPrecision(count)));
export const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
