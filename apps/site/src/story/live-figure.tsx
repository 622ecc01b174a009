// Makes a figure of the story live: its controls, and what the worker answers in place of what the build drew.
// The worker is started by the first change; until then the page is its HTML.

import { render, type VNode } from "preact";
import { useState } from "preact/hooks";
import { SelectField, SliderField } from "../components/fields.tsx";
import { FigureView } from "../components/figure-view.tsx";
import { initializerNames } from "../state/initializer-names.ts";
import { hiddenLayers, hiddenWidth } from "../state/layers-text.ts";
import { activationNames, hashFromState, optimizerNames, type SiteState, stateFromHash } from "../state/url-state.ts";
import { chosen, type Drawn, drawnBy, type FieldName, requestBy, type StoryTask } from "./story-figure.ts";

interface FieldProps {
  readonly state: SiteState;
  readonly isBusy: boolean;
  change(patch: Partial<SiteState>): void;
  train(): void;
}

const decimal = (name: "bias" | "sb" | "sw", label: string, high: number, step: number) =>
  function Decimal({ state, change }: FieldProps): VNode {
    const take = (value: number): void => change({ [name]: Number(value.toFixed(3)) });
    return <SliderField label={label} value={state[name]} min={step} max={high} step={step} onChange={take} />;
  };

const learningRates = ["0.0003", "0.001", "0.003", "0.01", "0.02", "0.05", "0.1", "0.3"];

const fields: Readonly<Record<FieldName, (props: FieldProps) => VNode>> = {
  act: ({ state, change }) => (
    <SelectField label="Activation" value={state.act} options={activationNames} onChange={(act) => change({ act })} />
  ),
  bias: decimal("bias", "Bias, standard deviation", 2, 0.05),
  depth: ({ state: { net }, change }) => (
    <SliderField
      label="Hidden layers"
      value={net.length - 2}
      min={1}
      max={100}
      step={1}
      onChange={(depth) => change({ net: hiddenLayers(net, Math.round(depth), hiddenWidth(net)) })}
    />
  ),
  init: ({ state: { init }, change }) => (
    <SelectField
      label="Initializer"
      value={init[0] ?? "he_normal"}
      options={initializerNames}
      onChange={(name) => change({ init: [...new Set([name, ...init.slice(1)])] })}
    />
  ),
  lr: ({ state: { lr }, change }) => (
    <SelectField
      label="Learning rate"
      value={String(lr)}
      options={learningRates}
      onChange={(text) => change({ lr: Number(text) })}
    />
  ),
  opt: ({ state: { opt }, change }) => (
    <SelectField
      label="Optimizer"
      value={opt}
      options={optimizerNames}
      onChange={(next) => change({ opt: next, lr: next === "adam" || next === "rmsprop" ? 0.001 : 0.02 })}
    />
  ),
  sb: decimal("sb", "Bias variance", 0.5, 0.01),
  seed: ({ state: { seed }, change }) => (
    <button type="button" onClick={() => change({ seed: seed + 1 })}>
      Another seed (now {seed})
    </button>
  ),
  sw: decimal("sw", "Weight variance × fan-in", 4, 0.05),
  train: ({ isBusy, train }) => (
    <button type="button" class="primary" disabled={isBusy} onClick={train}>
      {isBusy ? "Training…" : "Train it here"}
    </button>
  ),
  width: ({ state: { net }, change }) => (
    <SliderField
      label="Width"
      value={hiddenWidth(net)}
      min={8}
      max={256}
      step={8}
      onChange={(width) => change({ net: hiddenLayers(net, Math.max(1, net.length - 2), Math.round(width)) })}
    />
  ),
};

type Show = (drawn: Drawn) => void;

// The worker holds one race: that of the figure whose button was pressed last.
let race = 0;

/** Draws the state in the worker; a newer call makes an older one idle. */
async function asker(task: StoryTask, show: Show, fail: (message: string) => void): Promise<(s: SiteState) => void> {
  const { ask, latest } = await import("../worker/client.ts");
  if (task === "signal") {
    const update = latest("signal", { onAnswer: (answer) => show(drawnBy.signal(answer)), onError: fail });
    return (state) => update(requestBy.signal(state));
  }
  if (task === "phase") {
    const update = latest("phase", { onAnswer: (answer) => show(drawnBy.phase(answer)), onError: fail });
    return (state) => update(requestBy.phase(state));
  }
  return async (state) => {
    const own = ++race;
    try {
      let answer = await ask("raceStart", requestBy.race(state));
      while (!answer.isOver && own === race) {
        show(drawnBy.race(answer));
        answer = await ask("raceAdvance", { once: false });
      }
      if (own === race) show(drawnBy.race(answer));
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error));
    }
  };
}

/** The parts of a figure's HTML. */
interface Places {
  readonly figures: Element;
  readonly reading: Element;
  readonly link: HTMLAnchorElement;
}

function LiveControls(props: {
  readonly task: StoryTask;
  readonly names: readonly FieldName[];
  readonly first: SiteState;
  readonly ask: (state: SiteState) => void;
  readonly isBusy: boolean;
}): VNode {
  const { task, names, first, ask, isBusy } = props;
  const [state, setState] = useState(first);
  const change = (patch: Partial<SiteState>): void => {
    const next = { ...state, ...patch };
    setState(next);
    // A race is run when its button is pressed.
    if (task !== "race") ask(next);
  };
  return (
    <>
      {names.map((name) => {
        const Field = fields[name];
        return <Field key={name} state={state} isBusy={isBusy} change={change} train={() => ask(state)} />;
      })}
    </>
  );
}

/** Gives the figure in `root`, which the build wrote, its controls. */
export function makeLive(root: HTMLElement): void {
  const { task, hash = "", show = "", fields: list = "" } = root.dataset as { task: StoryTask } & DOMStringMap;
  const controls = root.querySelector(".live-controls");
  const places: Places = {
    figures: root.querySelector(".figures") as Element,
    reading: root.querySelector(".reading") as Element,
    link: root.querySelector(".live a") as HTMLAnchorElement,
  };
  if (!controls) return;
  const names = list.split(" ") as FieldName[];
  const first = stateFromHash(hash).state;
  let isBusy = false;
  let isFresh = true;
  const draw: Show = ({ figures, reading }) => {
    if (isFresh) places.figures.textContent = "";
    isFresh = false;
    const wanted = chosen(figures, show.split(" "));
    render(
      wanted.map((figure) => <FigureView key={figure.key} figure={figure} />),
      places.figures,
    );
    places.reading.textContent = reading;
  };
  const fail = (message: string): void => {
    places.reading.textContent = message;
  };
  let asking: ReturnType<typeof asker> | undefined;
  const ask = async (state: SiteState): Promise<void> => {
    places.link.href = `./${hashFromState({ ...state, view: task })}`;
    asking ??= asker(task, draw, fail);
    isBusy = task === "race";
    paint();
    try {
      await (await asking)(state);
    } catch (error) {
      fail(error instanceof Error ? error.message : String(error));
    }
    isBusy = false;
    paint();
  };
  const paint = (): void =>
    render(<LiveControls task={task} names={names} first={first} ask={ask} isBusy={isBusy} />, controls);
  // What the build wrote there keeps the place.
  controls.textContent = "";
  paint();
  // Spoken when it changes, and not when the page is read.
  places.reading.setAttribute("role", "status");
}
