// The article about initial weights, with figures that are computed when the site is built. Runs in Node, at build time.
// Every number in the text comes from the run of the figure beside it.

import { depthSections } from "./depth-sections.ts";
import { drawFigures } from "./draw-figures.ts";
import { practiceSections } from "./practice-sections.ts";
import { startSections } from "./start-sections.ts";
import type { StorySection } from "./story-section.ts";

const WORDS_A_MINUTE = 220;

/** Counts the words of the text, without figures and references. */
function wordCount(sections: readonly StorySection[]): number {
  const text = sections
    .filter(({ id }) => id !== "references")
    .map((section) => `${section.title} ${section.text.replace(/<figure[\s\S]*?<\/figure>/g, " ")}`)
    .join(" ")
    .replace(/<[^>]*>/g, " ");
  return text.split(/\s+/).filter((word) => /\p{L}|\d/u.test(word)).length;
}

/** Makes the HTML of the reading time, the table of contents and the sections. */
export async function storySections(): Promise<string> {
  const drawn = await drawFigures();
  const sections = [...startSections(drawn), ...depthSections(drawn), ...(await practiceSections(drawn))];
  const words = wordCount(sections);
  const contents = sections.map(({ id, title }) => `<li><a href="#${id}">${title}</a></li>`).join("");
  const body = sections.map(
    ({ id, title, text }) => `<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title}</h2>
${text}
</section>`,
  );
  return `<p class="reading">${Math.round(words / WORDS_A_MINUTE)} minutes to read · ${words.toLocaleString("en")} words</p>
<nav class="contents" aria-label="Sections"><ol>${contents}</ol></nav>
${body.join("\n")}`;
}
