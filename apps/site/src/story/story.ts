// The article: what a start does, told with figures that are computed when the site is built and live where there is JavaScript.
// Source: papers-and-ux.md sections 3 and 4.1; every number in the text is taken from the run beside it, or from the paper named.

import type { Section } from "./section.ts";
import { chance, edge } from "./sections/depth.ts";
import { advice, bits, defaults, sources } from "./sections/practice.ts";
import { tooLarge, tooSmall } from "./sections/scale.ts";
import { fairness, optimizers, shortcuts } from "./sections/training.ts";
import { glorotOrHe, rule } from "./sections/variance.ts";
import { zeros } from "./sections/zeros.ts";

const sections: readonly (() => Section | Promise<Section>)[] = [
  zeros,
  tooSmall,
  tooLarge,
  rule,
  glorotOrHe,
  chance,
  edge,
  optimizers,
  shortcuts,
  fairness,
  defaults,
  bits,
  advice,
  sources,
];

const WORDS_A_MINUTE = 220;

/** Words of running text: figures are looked at, and sources looked up. */
function countWords(html: string): number {
  const text = html
    .replace(/<div class="live-figure"[\s\S]*?<p class="live">/g, " ")
    .replace(/<ol class="sources">[\s\S]*<\/ol>/, " ")
    .replace(/<[^>]*>/g, " ");
  return text.split(/\s+/).filter((word) => /[\p{L}\d]/u.test(word)).length;
}

/** How long it takes, what there is, and the sections, as HTML. */
export async function storySections(): Promise<string> {
  const all: Section[] = [];
  // One after the other: a race is the worker's only one.
  for (const section of sections) all.push(await section());
  const words = all.reduce((sum, { html }) => sum + countWords(html), 0);
  const figures = all.reduce((sum, { html }) => sum + html.split("<figure").length - 1, 0);
  const contents = all.map(({ id, title }) => `<li><a href="#${id}">${title}</a></li>`).join("\n");
  const bodies = all.map(
    ({ id, title, html }) => `<section aria-labelledby="${id}">\n<h2 id="${id}">${title}</h2>\n${html}\n</section>`,
  );
  return `<p class="hint">${Math.round(words / WORDS_A_MINUTE)} minutes, ${figures} figures<span class="scripted">, each with controls of its own</span>.</p>
<nav class="contents" aria-label="Sections"><ol>
${contents}
</ol></nav>
${bodies.join("\n")}`;
}
