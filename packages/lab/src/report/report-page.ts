// The page of a report: one HTML file without scripts, network access or other files.
// Source: CSP Level 3 for the policy, which allows only the page's own style sheet, by its hash.

import { escapeMarkup } from "@fanin/figures";
import { reportStyle, reportStyleSha256 } from "./report-style.ts";

/** Additional content of a report. */
export interface ReportExtras {
  /** The command line that reproduces the result. */
  readonly command: string;
  /** Defaults to the theme of the reader's system. */
  readonly theme?: "auto" | "light" | "dark";
}

/** The content of a page; `main` is markup, everything else is text. */
export interface ReportPage {
  readonly version: string;
  /** The kind of report, such as `comparison of initializers`. */
  readonly kind: string;
  readonly title: string;
  /** One sentence under the title. */
  readonly setup: string;
  readonly main: string;
}

/**
 * Returns the whole HTML file.
 *
 * @example
 * import { VERSION } from "@fanin/core";
 * const page = { version: VERSION, kind: "note", title: "Two runs", setup: "Seeds 0 and 1.", main: "<p>They agree.</p>" };
 * reportPage(page, { theme: "dark" }).startsWith("<!DOCTYPE html>"); // => true
 */
export function reportPage(
  { version, kind, title, setup, main }: ReportPage,
  extras: Pick<ReportExtras, "theme">,
): string {
  const theme = extras.theme === "light" || extras.theme === "dark" ? ` data-theme="${extras.theme}"` : "";
  const policy = `default-src 'none'; style-src 'sha256-${reportStyleSha256}'; img-src data:; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en"${theme}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeMarkup(title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<header>
<p class="eyebrow">Fanin ${escapeMarkup(version)}, ${escapeMarkup(kind)}</p>
<h1>${escapeMarkup(title)}</h1>
<p class="setup">${escapeMarkup(setup)}</p>
</header>
<main>
${main}
</main>
<footer>Fanin ${escapeMarkup(version)}</footer>
</body>
</html>
`;
}
