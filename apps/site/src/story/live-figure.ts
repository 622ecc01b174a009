// Makes a figure of the story interactive: its controls call the worker, which starts with the first interaction.

import { phaseRequest, raceRequest, signalRequest } from "../state/requests.ts";
import { hashFromState, type SiteState } from "../state/url-state.ts";
import { trustedFigure } from "../trusted.ts";
import type { FigureData } from "../worker/figure.ts";
import type { RaceAnswer } from "../worker/race-task.ts";
import { tableMarkup, verdictText } from "./figure-markup.ts";
import { type Control, type StoryFigure, type StoryFigureName, storyFigures } from "./story-figures.ts";

const client = (): Promise<typeof import("../worker/client.ts")> => import("../worker/client.ts");
const isCalm = matchMedia("(prefers-reduced-motion: reduce)");
const ANNOUNCE_AFTER = 600;

// The worker holds one race: a figure that starts one ends the race of another figure.
let racing: object | null = null;
let announcing: ReturnType<typeof setTimeout> | undefined;

/** Announces milestones only: of many moves, the last result. */
function announce(text: string): void {
  clearTimeout(announcing);
  announcing = setTimeout(() => {
    const voice = document.querySelector("#announcement");
    if (voice) voice.textContent = text;
  }, ANNOUNCE_AFTER);
}

/** The parts of an answer that a figure shows. */
interface Shown {
  readonly figure: FigureData;
  readonly text: string;
}

async function askOnce({ part }: StoryFigure, state: SiteState): Promise<Shown | null> {
  const { ask } = await client();
  if (part === "phase") {
    const { figure, sentence } = await ask("phase", phaseRequest(state));
    return { figure, text: sentence };
  }
  const answer = await ask("signal", signalRequest(state));
  const [figure] = part === "strip" ? answer.strips : answer.profiles;
  return figure ? { figure, text: verdictText(answer.verdicts) } : null;
}

/** Shows the controls of `element` and reacts to them. */
export function makeLive(element: HTMLElement, name: StoryFigureName): void {
  const figure: StoryFigure = storyFigures[name];
  const part = <T extends Element>(selector: string): T => {
    const found = element.querySelector<T>(selector);
    if (!found) throw new Error(`story figure ${name}: expected ${selector}, found none`);
    return found;
  };
  const drawing = part(".drawing");
  const readout = part(".readout");
  const table = part(".data .scroll");
  const link = part<HTMLAnchorElement>("a.open");
  const train = element.querySelector<HTMLButtonElement>("[data-train]");
  let state = figure.state;
  let isAsking = false;
  let isOutdated = false;

  function say(text: string): void {
    if (readout.textContent === text) return;
    readout.textContent = text;
    announce(text);
  }
  function draw(data: FigureData): void {
    drawing.innerHTML = trustedFigure(data.svg);
    table.innerHTML = trustedFigure(tableMarkup(data));
  }
  const fail = (error: unknown): void => say(error instanceof Error ? error.message : String(error));

  /** Runs one request at a time, then the latest that arrived in the meantime. */
  async function follow(): Promise<void> {
    isOutdated = true;
    if (isAsking) return;
    isAsking = true;
    try {
      while (isOutdated) {
        isOutdated = false;
        const shown = await askOnce(figure, state);
        if (!shown) continue;
        draw(shown.figure);
        say(shown.text);
      }
    } catch (error) {
      fail(error);
    } finally {
      isAsking = false;
    }
  }

  async function run(): Promise<void> {
    const mine = {};
    racing = mine;
    if (train) train.textContent = "Stop";
    const show = (answer: RaceAnswer): void => {
      if (answer.isOver || !isCalm.matches) draw(answer.loss);
      if (answer.isOver) say(answer.answer ?? "");
      else readout.textContent = `Training: step ${answer.step} of ${answer.steps}.`;
    };
    try {
      const { ask } = await client();
      let answer = await ask("raceStart", raceRequest(state));
      while (racing === mine && !answer.isOver) {
        answer = await ask("raceAdvance", { once: false });
        if (racing === mine) show(answer);
      }
      if (!answer.isOver) readout.textContent = `Stopped at step ${answer.step} of ${answer.steps}.`;
    } catch (error) {
      fail(error);
    }
    if (racing === mine) racing = null;
    if (train) train.textContent = "Train";
  }

  let last: Promise<void> = Promise.resolve();
  function start(): void {
    if (figure.view !== "race") {
      follow();
      return;
    }
    racing = null;
    // The previous run must notice its end before the next one starts.
    last = last.then(run);
  }
  function change(patch: Partial<SiteState>): void {
    state = { ...state, ...patch };
    link.href = `./${hashFromState(state)}`;
    start();
  }

  function bind(control: Control): void {
    const fields = [
      ...element.querySelectorAll<HTMLInputElement | HTMLSelectElement>(`[data-control="${control.name}"]`),
    ];
    for (const field of fields) {
      // A race starts when a slider is released; other figures follow the slider.
      const event = field.getAttribute("type") === "range" && figure.view !== "race" ? "input" : "change";
      field.addEventListener(event, () => {
        let { value } = field;
        if (control.range) {
          const { min, max, step } = control.range;
          const number = Number(value);
          if (value === "" || !Number.isFinite(number)) value = control.read(state);
          else value = String(Math.min(max, Math.max(min, step === 1 ? Math.round(number) : number)));
        }
        for (const other of fields) other.value = value;
        change(control.write(state, value));
      });
    }
  }
  for (const control of figure.controls) bind(control);
  train?.addEventListener("click", () => {
    if (racing && train.textContent === "Stop") racing = null;
    else start();
  });
  element.querySelector("[data-seed]")?.addEventListener("click", () => change({ seed: (state.seed + 1) % 2 ** 32 }));
  const warm = (): void => {
    client().catch(fail);
  };
  element.querySelector(".tuning")?.addEventListener("pointerover", warm, { once: true });
  element.querySelector(".tuning")?.addEventListener("focusin", warm, { once: true });
  element.querySelector(".tuning")?.classList.remove("later");
}
