// A figure of the story: what it asks of the worker's tasks, which of the answer it shows, and what a reader may change.
// The same at build time, where the tasks run in Node, and on the page, where they run in the worker.

import { phaseRequest, raceRequest, signalRequest } from "../state/requests.ts";
import type { SiteState } from "../state/url-state.ts";
import type { FigureData } from "../worker/figure.ts";
import type { PhaseAnswer } from "../worker/phase-task.ts";
import type { RaceAnswer } from "../worker/race-task.ts";
import type { SignalAnswer } from "../worker/signal-task.ts";

/** What a reader may change; `train` and `seed` are buttons. */
export type FieldName = "act" | "bias" | "depth" | "init" | "lr" | "opt" | "sb" | "seed" | "sw" | "train" | "width";

/** The view that the figure is a part of. */
export type StoryTask = "signal" | "phase" | "race";

/** One figure, or two beside each other. */
export interface StoryFigure {
  readonly task: StoryTask;
  /** The state as a link of the site writes it, without `#v=1&`. */
  readonly hash: string;
  /** The keys of the answer's figures that are shown, or how they begin. */
  readonly show: readonly string[];
  readonly fields: readonly FieldName[];
  readonly caption: string;
}

/** What is seen of an answer. */
export interface Drawn {
  readonly figures: readonly FigureData[];
  /** What the figures say, in a sentence. */
  readonly reading: string;
}

/** What each view's answer shows. */
export const drawnBy: {
  readonly signal: (answer: SignalAnswer) => Drawn;
  readonly phase: (answer: PhaseAnswer) => Drawn;
  readonly race: (answer: RaceAnswer) => Drawn;
} = {
  signal: ({ profiles, strips, verdicts }) => ({
    figures: [...profiles, ...strips],
    reading: verdicts.map(({ initializer, title, found }) => `${initializer}: ${title}; ${found}.`).join(" "),
  }),
  phase: ({ figure, sentence }) => ({ figures: [figure], reading: sentence }),
  race: ({ loss, accuracy, final, answer, step, steps }) => ({
    figures: [loss, accuracy, ...(final ? [final] : [])],
    reading: answer ?? `Step ${step} of ${steps}.`,
  }),
};

/** What each view's task is asked. */
export const requestBy: {
  readonly signal: typeof signalRequest;
  readonly phase: typeof phaseRequest;
  readonly race: (state: SiteState) => ReturnType<typeof raceRequest>;
} = { signal: signalRequest, phase: phaseRequest, race: (state) => raceRequest(state) };

/** Those of the figures that `show` names. */
export function chosen(figures: readonly FigureData[], show: readonly string[]): FigureData[] {
  return figures.filter(({ key }) => show.some((name) => key === name || key.startsWith(`${name} `)));
}
