// Makes the HTML of a figure of the story, at build time and in the browser.

import { escapeMarkup } from "@fanin/figures";
import { hashFromState } from "../state/url-state.ts";
import type { FigureData } from "../worker/figure.ts";
import { type Control, linkText, type StoryFigure } from "./story-figures.ts";

/** Makes the table of a figure's numbers. */
export function tableMarkup({ caption, columns, rows }: FigureData): string {
  const head = columns.map((name) => `<th scope="col">${escapeMarkup(name)}</th>`).join("");
  const body = rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escapeMarkup(String(cell ?? "–"))}</td>`).join("")}</tr>`)
    .join("");
  const label = escapeMarkup(caption);
  return `<table><caption>${label}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`;
}

function controlMarkup(figure: string, { state }: StoryFigure, control: Control): string {
  const { name, label, range, options } = control;
  const id = `${figure}-${name}`;
  const value = control.read(state);
  const field = options
    ? `<select id="${id}" data-control="${name}" autocomplete="off">${options.map((option) => `<option${option === value ? " selected" : ""}>${option}</option>`).join("")}</select>`
    : `<input id="${id}" data-control="${name}" type="range" min="${range?.min}" max="${range?.max}" step="${range?.step}" value="${value}" autocomplete="off" /><input data-control="${name}" type="number" aria-label="${label}, exact" min="${range?.min}" max="${range?.max}" step="any" value="${value}" autocomplete="off" />`;
  return `<div class="field${options ? "" : " slider"}"><label for="${id}">${label}</label>${field}</div>`;
}

/** Makes a figure with hidden controls, which the script shows. */
export function figureMarkup(name: string, figure: StoryFigure, data: FigureData, readout: string): string {
  const { controls, caption, hasSeed, state, view } = figure;
  const train = view === "race" ? '<button type="button" class="primary" data-train>Train</button>' : "";
  const seed = hasSeed ? '<button type="button" data-seed>Another seed</button>' : "";
  const buttons = train + seed ? `<div class="buttons">${train}${seed}</div>` : "";
  return `<figure class="figure" id="figure-${name}" data-figure="${name}">
<div class="tuning later" role="group" aria-label="Controls of this figure">${controls.map((control) => controlMarkup(name, figure, control)).join("")}${buttons}</div>
<div class="drawing">${data.svg}</div>
<p class="readout">${escapeMarkup(readout)}</p>
<figcaption>${caption} <a class="open" href="./${escapeMarkup(hashFromState(state))}">${linkText(figure)}</a></figcaption>
<details class="data"><summary>Show data</summary><section class="scroll" tabindex="0" aria-label="Data of the figure ${name}: ${escapeMarkup(data.caption)}">${tableMarkup(data)}</section></details>
</figure>`;
}

/** Makes the text under a figure of the signal. */
export function verdictText(verdicts: readonly { readonly initializer: string; readonly title: string }[]): string {
  return `${verdicts.map(({ initializer, title }) => `${initializer}: ${title}`).join("; ")}.`;
}
