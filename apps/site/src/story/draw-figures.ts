// Draws the figures of the story with the same tasks as their live forms. Runs in Node, at build time.

import { phaseRequest, raceRequest, signalRequest } from "../state/requests.ts";
import type { FigureData } from "../worker/figure.ts";
import { phaseTask } from "../worker/phase-task.ts";
import { type RaceAnswer, raceAdvanceTask, raceStartTask } from "../worker/race-task.ts";
import { signalTask } from "../worker/signal-task.ts";
import { unwatched } from "../worker/task-context.ts";
import { figureMarkup, verdictText } from "./figure-markup.ts";
import { type StoryFigure, type StoryFigureName, storyFigures } from "./story-figures.ts";

/** A figure with the numbers that the text takes from it. */
export interface DrawnFigure {
  readonly html: string;
  readonly data: FigureData;
  /** The text under the figure. */
  readonly readout: string;
  /** At the end of a race: test accuracy by initializer, in the order of the figure. */
  readonly accuracies: readonly string[];
}

async function race({ state }: StoryFigure): Promise<RaceAnswer> {
  let answer = await raceStartTask(raceRequest(state));
  while (!answer.isOver) answer = await raceAdvanceTask({ once: false });
  return answer;
}

async function answerOf(figure: StoryFigure): Promise<Omit<DrawnFigure, "html">> {
  const { part, state } = figure;
  if (part === "loss") {
    const { loss, answer, standings } = await race(figure);
    return { data: loss, readout: answer ?? "", accuracies: standings?.map(({ accuracy }) => accuracy) ?? [] };
  }
  if (part === "phase") {
    const answer = phaseTask(phaseRequest(state));
    return { data: answer.figure, readout: answer.sentence, accuracies: [] };
  }
  const answer = await signalTask(signalRequest(state), unwatched);
  const data = part === "strip" ? answer?.strips[0] : answer?.profiles[0];
  if (!answer || !data) throw new Error(`story: expected a ${part}, got none`);
  return { data, readout: verdictText(answer.verdicts), accuracies: [] };
}

/** Draws all figures, by name. */
export async function drawFigures(): Promise<Readonly<Record<StoryFigureName, DrawnFigure>>> {
  const drawn: [string, DrawnFigure][] = [];
  // Sequential, because there is one race at a time.
  for (const [name, figure] of Object.entries<StoryFigure>(storyFigures)) {
    const answer = await answerOf(figure);
    drawn.push([name, { ...answer, html: figureMarkup(name, figure, answer.data, answer.readout) }]);
  }
  return Object.fromEntries(drawn) as Record<StoryFigureName, DrawnFigure>;
}
