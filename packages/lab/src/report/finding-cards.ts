// The findings of a diagnosis in a report: a summary sentence, then a card each.

import { escapeMarkup, formatNumber } from "@fanin/figures";
import type { Severity } from "../diagnose/codes.ts";
import type { Finding } from "../diagnose/finding.ts";
import { someOf } from "../diagnose/some-of.ts";
import { htmlTable } from "./html-table.ts";
import { plural } from "./report-markup.ts";

const words: Readonly<Record<Severity, string>> = { error: "Error", warning: "Warning", note: "Note" };
const MAX_PLACES = 12;

/** `1 error, 2 warnings: vanishing signal (layers 8–30); ...`. */
export function findingsSentence(findings: readonly Finding[]): string {
  if (findings.length === 0) return "No findings: nothing speaks against training from this initialization.";
  const counts = (["error", "warning", "note"] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [plural(count, severity)];
  });
  const titles = findings.slice(0, 3).map(({ title, where }) => `${title} (${someOf(where, 2)})`);
  const more = findings.length > 3 ? `; and ${findings.length - 3} more` : "";
  return `${counts.join(", ")}: ${titles.join("; ")}${more}.`;
}

function numbersTable({ code, numbers }: Finding): string {
  const rows = Object.entries(numbers).map(([name, value]) => [name, formatNumber(value, 6)]);
  if (rows.length === 0) return "";
  const table = htmlTable({ caption: `The figures of ${code}`, head: ["figure", "value"], rows, numeric: true });
  return `<details><summary>Show figures</summary>${table}</details>`;
}

function card(finding: Finding): string {
  const { code, severity, title, where, found, why, fix, notes, confidence } = finding;
  const sure = confidence < 0.995 ? ` ${Math.round(100 * confidence)} % of fresh draws show it.` : "";
  const rows: readonly (readonly [string, string])[] = [
    ["Where", someOf(where, MAX_PLACES)],
    ["Found", `${found}.${sure}`],
    ["Why", why],
    ["Fix", fix],
    ...notes.map((note) => ["Note", note] as const),
  ];
  const facts = rows.map(([term, text]) => `<dt>${term}</dt><dd>${escapeMarkup(text)}</dd>`).join("\n");
  return `<article class="card finding ${severity}">
<h3><span class="severity">${words[severity]}</span> ${escapeMarkup(title)} <code>${escapeMarkup(code)}</code></h3>
<dl>${facts}</dl>
${numbersTable(finding)}</article>`;
}

/** A card for each finding, in order. */
export function findingCards(findings: readonly Finding[]): string {
  if (findings.length === 0) return '<p class="note">None.</p>';
  return `<div class="findings">\n${findings.map(card).join("\n")}\n</div>`;
}
