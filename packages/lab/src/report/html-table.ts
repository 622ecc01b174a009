// Tables for a report: a caption, scoped headers, and a region with keyboard scrolling for tables wider than the page.

import { escapeMarkup } from "@fanin/figures";

/** A cell: text to escape, or escaped markup. */
export type TableCell = string | { readonly markup: string };

/** The content of a table. The first cell of each row is its header. */
export interface HtmlTable {
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly TableCell[])[];
  /** Whether every column but the first holds numbers, which are right-aligned. */
  readonly numeric: boolean;
}

function cellMarkup(cell: TableCell): string {
  return typeof cell === "string" ? escapeMarkup(cell) : cell.markup;
}

/**
 * Returns the markup of a table in its scrolling region.
 *
 * @example
 * const rows = [["he_normal", "0.91"], ["zeros", "0.10"]];
 * htmlTable({ caption: "Accuracies", head: ["initializer", "accuracy"], rows, numeric: true }).includes("0.91"); // => true
 */
export function htmlTable({ caption, head, rows, numeric }: HtmlTable): string {
  const label = escapeMarkup(caption);
  const header = head.map((text) => `<th scope="col">${escapeMarkup(text)}</th>`).join("");
  const body = rows
    .map(([first = "", ...rest]) => {
      const cells = rest.map((cell) => `<td>${cellMarkup(cell)}</td>`).join("");
      return `<tr><th scope="row">${cellMarkup(first)}</th>${cells}</tr>`;
    })
    .join("\n");
  return `<div class="scroll" role="region" aria-label="${label}" tabindex="0"><table${numeric ? ' class="numeric"' : ""}><caption>${label}</caption>
<thead><tr>${header}</tr></thead>
<tbody>
${body}
</tbody></table></div>`;
}
