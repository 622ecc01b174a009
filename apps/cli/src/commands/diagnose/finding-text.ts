// Formats findings for a terminal.

import type { Finding, Severity } from "@fanin/lab";
import { printable } from "../../terminal/printable.ts";
import { styled } from "../../terminal/style.ts";

const marks: Readonly<Record<Severity, string>> = { error: "✖", warning: "!", note: "·" };
const asciiMarks: Readonly<Record<Severity, string>> = { error: "x", warning: "!", note: "-" };
const colors = { error: "red", warning: "yellow", note: "dim" } as const;

/** The style of text. */
export interface TextStyle {
  readonly color: boolean;
  readonly ascii: boolean;
}

const MAX_PLACES = 4;

function places(where: readonly string[]): string {
  const shown = where.slice(0, MAX_PLACES).map((place) => printable(place));
  return `${shown.join(", ")}${where.length > MAX_PLACES ? ` and ${where.length - MAX_PLACES} more` : ""}`;
}

/** Formats a finding: what and where, cause, fix. */
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

/** Converts text to ASCII; characters without a counterpart become question marks. */
export function toAscii(text: string): string {
  return text.replace(/[\u0080-\u{10ffff}]/gu, (character) => plain[character] ?? "?");
}

/** Formats `1 error, 2 warnings, 1 note`; omits zero counts. */
export function countText(findings: readonly Finding[]): string {
  const counts = (["error", "warning", "note"] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? "" : "s"}`];
  });
  return counts.length === 0 ? "no findings" : counts.join(", ");
}
