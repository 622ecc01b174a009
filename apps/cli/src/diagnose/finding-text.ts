// Findings as a terminal shows them.

import type { Finding, Severity } from "@fanin/lab";
import { printable } from "../terminal/printable.ts";
import { styled } from "../terminal/style.ts";

const marks: Readonly<Record<Severity, string>> = { error: "✖", warning: "!", note: "·" };
const asciiMarks: Readonly<Record<Severity, string>> = { error: "x", warning: "!", note: "-" };
const colors = { error: "red", warning: "yellow", note: "dim" } as const;

/** How text is drawn. */
export interface TextStyle {
  readonly color: boolean;
  readonly ascii: boolean;
}

const MOST_PLACES = 4;

function places(where: readonly string[]): string {
  const shown = where.slice(0, MOST_PLACES).map((place) => printable(place));
  return `${shown.join(", ")}${where.length > MOST_PLACES ? ` and ${where.length - MOST_PLACES} more` : ""}`;
}

/** One finding: what and where, why, what to do. */
export function findingText(finding: Finding, { color, ascii }: TextStyle): string {
  const { code, severity, title, where, found, why, fix, notes, confidence } = finding;
  const mark = (ascii ? asciiMarks : marks)[severity];
  const head = `${mark} ${code} ${title}`;
  const sure = confidence < 0.995 ? `  (${Math.round(100 * confidence)} % of draws)` : "";
  const lines = [
    `${color ? styled(colors[severity], head) : head}   ${places(where)}${sure}`,
    `  found ${printable(found, 1000)}`,
    `  why   ${why}`,
    `  fix   ${fix}   fanin explain ${code}`,
    ...notes.map((note) => `  note  ${note}`),
  ];
  return ascii ? toAscii(lines.join("\n")) : lines.join("\n");
}

const plain: Readonly<Record<string, string>> = {
  "×": "x",
  "√": "sqrt ",
  "±": "+-",
  "²": "^2",
  "–": "-",
  ξ: "xi",
  "·": "*",
  σ: "std",
  "…": "...",
};

/** The same text in ASCII, for terminals that have no more; what has no counterpart becomes a question mark. */
export function toAscii(text: string): string {
  return text.replace(/[\u0080-\u{10ffff}]/gu, (character) => plain[character] ?? "?");
}

/** `1 error, 2 warnings, 1 note`; what there is none of is left out. */
export function countText(findings: readonly Finding[]): string {
  const counts = (["error", "warning", "note"] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? "" : "s"}`];
  });
  return counts.length === 0 ? "no findings" : counts.join(", ");
}
