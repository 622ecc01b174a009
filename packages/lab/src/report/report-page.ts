// The page of a report: one HTML file that needs no script, no network and no other file.
// Source: WCAG 2.2 AA; CSP Level 3 for the policy, which allows the one style sheet by its hash.

import { escapeMarkup } from "../figures/escape-markup.ts";
import { reportStyle, reportStyleSha256 } from "./report-style.ts";

/** What a page shows. Texts are escaped; `body` is markup already. */
export interface ReportPage {
  readonly title: string;
  readonly eyebrow: string;
  readonly setup: string;
  readonly body: string;
  readonly version: string;
  /** `auto` leaves it to the reader's system. */
  readonly theme: "auto" | "light" | "dark";
}

/** The text of a report's HTML file. */
export function reportPage(page: ReportPage): string {
  const { title, eyebrow, setup, body, version } = page;
  const theme = page.theme === "auto" ? "" : ` data-theme="${page.theme}"`;
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
<p class="eyebrow">${escapeMarkup(eyebrow)}</p>
<h1>${escapeMarkup(title)}</h1>
<p class="setup">${escapeMarkup(setup)}</p>
</header>
<main>
${body}
</main>
<footer>Fanin ${escapeMarkup(version)}</footer>
</body>
</html>
`;
}
