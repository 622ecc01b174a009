// Markup that the sections of reports share.

import { escapeMarkup, formatCount } from "@fanin/figures";
import { htmlTable, type TableCell } from "./html-table.ts";

/**
 * Formats a count with its noun: `1 run`, `8 runs`.
 *
 * @example
 * plural(1, "run"); // => '1 run'
 * plural(8, "run"); // => '8 runs'
 */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/**
 * A figure on a card: the drawing, its caption and its data.
 *
 * @example
 * const table = htmlTable({ caption: "Losses", head: ["epoch", "loss"], rows: [["1", "2.30"]], numeric: true });
 * figure("<svg></svg>", "Loss & epochs", table).includes("Loss &amp; epochs"); // => true
 */
export function figure(svg: string, caption: string, table: string): string {
  return `<figure class="card">${svg}<figcaption>${escapeMarkup(caption)}</figcaption><details><summary>Show data</summary>${table}</details></figure>`;
}

/**
 * An initializer as code that can wrap after a parenthesis or a comma.
 *
 * @example
 * initializerCode("constant(value=1)"); // => '<code>constant(<wbr>value=1)</code>'
 */
export function initializerCode(initializer: string): string {
  return `<code>${escapeMarkup(initializer).replace(/[(,]/g, "$&<wbr>")}</code>`;
}

/**
 * The sizes of layers, with consecutive equal ones joined.
 *
 * @example
 * layersText([784, 64, 64, 64, 10]); // => '784–64×3–10'
 */
export function layersText(layers: readonly number[]): string {
  const runs: { readonly size: number; count: number }[] = [];
  for (const size of layers) {
    const last = runs.at(-1);
    if (last?.size === size) last.count++;
    else runs.push({ size, count: 1 });
  }
  return runs.map(({ size, count }) => (count === 1 ? `${size}` : `${size}×${count}`)).join("–");
}

/**
 * The card with all settings that a result depends on.
 *
 * @example
 * settingsCard([["Epochs", "5"], ["Stream", { markup: "<code>keras/jax</code>" }]]).includes("Epochs"); // => true
 */
export function settingsCard(rows: readonly (readonly [setting: string, value: TableCell])[]): string {
  const caption = "Everything the result depends on";
  return `<div class="card facts">${htmlTable({ caption, head: ["Setting", "Value"], rows, numeric: false })}</div>`;
}

/** A cell that is highlighted if a run diverged. */
export function divergedCell(text: string, isDiverged: boolean): TableCell {
  return isDiverged ? { markup: `<span class="diverged">${escapeMarkup(text)}</span>` } : text;
}
