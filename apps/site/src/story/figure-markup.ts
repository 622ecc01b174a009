// The story's figures as HTML, computed when the site is built: what is read without JavaScript, and before a control is moved.

import { escapeMarkup } from "@fanin/lab";
import { stateFromHash } from "../state/url-state.ts";
import { unwatched } from "../worker/course.ts";
import type { FigureData } from "../worker/figure.ts";
import { type PhaseAnswer, phaseTask } from "../worker/phase-task.ts";
import { type RaceAnswer, raceAdvanceTask, raceStartTask } from "../worker/race-task.ts";
import { type SignalAnswer, signalTask } from "../worker/signal-task.ts";
import { chosen, type Drawn, drawnBy, requestBy, type StoryFigure } from "./story-figure.ts";

/** What each task answers. */
interface Answers {
  readonly signal: SignalAnswer;
  readonly phase: PhaseAnswer;
  readonly race: RaceAnswer;
}

/** A figure's HTML with the answer that it was drawn from, for the numbers in the text. */
export interface Made<A> {
  readonly html: string;
  readonly answer: A;
}

const viewNames = { signal: "Signal", phase: "the phase diagram", race: "Race" };

/** As FigureView makes it. */
function figureMarkup({ svg, caption, columns, rows }: FigureData): string {
  const head = columns.map((name) => `<th scope="col">${escapeMarkup(name)}</th>`).join("");
  const body = rows
    .map((row) => `<tr>${row.map((cell) => `<td>${escapeMarkup(String(cell ?? "–"))}</td>`).join("")}</tr>`)
    .join("");
  return `<figure class="figure regular"><div class="drawing">${svg}</div>
<details class="data"><summary>Show data</summary><section class="scroll" tabindex="0" aria-label="Data: ${escapeMarkup(caption)}">
<table><caption>${escapeMarkup(caption)}</caption><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></section></details></figure>`;
}

function markup({ task, hash, show, fields, caption }: StoryFigure, drawn: Drawn): string {
  const link = `./#v=1&view=${task}&${hash}`;
  return `<div class="live-figure" role="group" aria-label="${escapeMarkup(caption)}" data-task="${task}" data-hash="${escapeMarkup(hash)}" data-show="${show.join(" ")}" data-fields="${fields.join(" ")}">
<div class="figures">${chosen(drawn.figures, show).map(figureMarkup).join("\n")}</div>
<div class="beside"><p class="caption">${escapeMarkup(caption)}</p>
<p class="reading">${escapeMarkup(drawn.reading)}</p>
<div class="live-controls">${fields.map(() => "<div></div>").join("")}</div>
<p class="live"><a href="${escapeMarkup(link)}">Open in ${viewNames[task]}</a></p></div>
</div>`;
}

function stateOf({ hash }: StoryFigure): ReturnType<typeof stateFromHash>["state"] {
  const { state, problems } = stateFromHash(hash);
  if (problems.length > 0) throw new Error(`story: ${problems.join(" ")}`);
  return state;
}

const run: { readonly [K in keyof Answers]: (figure: StoryFigure) => Promise<Answers[K]> } = {
  async signal(figure) {
    const answer = await signalTask(requestBy.signal(stateOf(figure)), unwatched);
    if (answer === null) throw new Error("story: an answer was outdated, which nothing can make it");
    return answer;
  },
  phase: async (figure) => phaseTask(requestBy.phase(stateOf(figure))),
  async race(figure) {
    let answer = await raceStartTask(requestBy.race(stateOf(figure)));
    while (!answer.isOver) answer = await raceAdvanceTask({ once: false });
    return answer;
  },
};

/** Computes a figure and writes it. */
export async function make<K extends keyof Answers>(
  figure: StoryFigure & { readonly task: K },
): Promise<Made<Answers[K]>> {
  const answer = await run[figure.task](figure);
  const draw = drawnBy[figure.task] as (answer: Answers[K]) => Drawn;
  return { html: markup(figure, draw(answer)), answer };
}

/** The number in a column of a figure's table, counted rows from the end. */
export function cell(figures: readonly FigureData[], key: string, column: string, fromEnd = 1): number {
  const figure = figures.find((one) => one.key === key);
  const value = figure?.rows.at(-fromEnd)?.[figure.columns.indexOf(column)];
  if (typeof value !== "number") throw new Error(`story: expected a number in ${key}, ${column}, got ${value}`);
  return value;
}

/** 10 to the power of `log10`. */
export function power(log10: number): string {
  return `10<sup>${log10.toFixed(1).replace("-", "−")}</sup>`;
}
