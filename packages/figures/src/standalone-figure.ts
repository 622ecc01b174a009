// A figure as a standalone file: the SVG with its namespace and the style sheet.

import { figureStyle } from "./figure-style.ts";

const START = "<svg ";

/**
 * The text of an .svg file for `figure`, a figure of this package. It follows the viewer's theme.
 *
 * @throws RangeError for text that is not such a figure.
 * @example
 * const before = { low: -0.5, high: 0.5, counts: [0, 1, 2, 0] };
 * standaloneFigure(histogramPair({ name: "a", quantity: "b", before, after: before, series: 0 })).includes("<style>"); // => true
 */
export function standaloneFigure(figure: string): string {
  const end = figure.indexOf(">") + 1;
  if (!figure.startsWith(START) || end === 0) {
    throw new RangeError(`figure: expected an SVG of this package, got ${JSON.stringify(figure.slice(0, 40))}`);
  }
  const tag = figure.slice(START.length, end);
  const style = `<style>${figureStyle}.fanin-figure{background:var(--surface)}</style>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${tag}${style}${figure.slice(end)}\n`;
}
