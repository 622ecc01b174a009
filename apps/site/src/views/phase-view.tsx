// The phase diagram: how far information travels, with the network as a point that keys, mouse and numbers move.

import { type Signal, signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { CopyBar } from "../components/copy-bar.tsx";
import { Controls, SelectField, SliderField } from "../components/fields.tsx";
import { FigureView } from "../components/figure-view.tsx";
import { Results } from "../components/results.tsx";
import { phaseCommand } from "../state/command.ts";
import { hiddenLayers, hiddenWidth } from "../state/layers-text.ts";
import { phaseRequest } from "../state/requests.ts";
import { change, state } from "../state/state.ts";
import { activationNames, type SiteState } from "../state/url-state.ts";
import { latest } from "../worker/client.ts";
import type { PhaseAnswer } from "../worker/phase-task.ts";

const answer: Signal<PhaseAnswer | null> = signal(null);
const failure: Signal<string> = signal("");
const update = latest("phase", {
  onAnswer: (next) => {
    answer.value = next;
    failure.value = "";
  },
  onError: (message) => {
    failure.value = message;
  },
});

const RANGES = { sw: { low: 0.05, high: 4, step: 0.05 }, sb: { low: 0, high: 0.5, step: 0.01 } };
type Axis = keyof typeof RANGES;

function hold(axis: Axis, value: number): number {
  const { low, high } = RANGES[axis];
  return Number(Math.min(high, Math.max(low, value)).toFixed(3));
}

const moves: Readonly<Record<string, readonly [Axis, number]>> = {
  ArrowLeft: ["sw", -1],
  ArrowRight: ["sw", 1],
  ArrowDown: ["sb", -1],
  ArrowUp: ["sb", 1],
};

function moveByKey(event: KeyboardEvent): void {
  const move = moves[event.key];
  // Shortcuts with modifiers belong to the browser; Alt with an arrow goes back.
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  // Keys from the table inside the map belong to the table.
  if (!move || event.target !== event.currentTarget) return;
  event.preventDefault();
  const [axis, sign] = move;
  const step = RANGES[axis].step * (event.shiftKey ? 5 : 1);
  change({ [axis]: hold(axis, state.value[axis] + sign * step) } as Partial<SiteState>);
}

// Geometry of the drawing in its own units: the map is as wide as its lower axis.
const MAP_HEIGHT = 226;
const MAP = { sw: [0, 4.05], sb: [-0.0109, 0.5109] } as const;

/** Returns the point under the pointer. */
function moveByPointer(event: PointerEvent & { readonly currentTarget: HTMLElement }): void {
  if (event.type === "pointermove" && event.buttons !== 1) return;
  const svg = event.currentTarget.querySelector("svg");
  const axis = event.currentTarget.querySelector(".axis")?.getBoundingClientRect();
  if (!svg || !axis || axis.width === 0) return;
  const height = (MAP_HEIGHT * svg.getBoundingClientRect().width) / svg.viewBox.baseVal.width;
  const [x, y] = [(event.clientX - axis.left) / axis.width, (axis.top - event.clientY) / height];
  if (x < 0 || x > 1 || y < 0 || y > 1) return;
  const at = (axis: Axis, share: number): number => MAP[axis][0] + share * (MAP[axis][1] - MAP[axis][0]);
  change({ sw: hold("sw", at("sw", x)), sb: hold("sb", at("sb", y)) });
}

const regimes: Readonly<Record<PhaseAnswer["regime"], string>> = {
  ordered: "Ordered: inputs become alike, gradients vanish",
  chaotic: "Chaotic: inputs diverge, gradients explode",
  critical: "At the edge of chaos",
  unbounded: "Unbounded: the signal grows in every layer",
};

/** The view. */
export function PhaseView(): VNode {
  const { act, sw, sb, net } = state.value;
  const request = phaseRequest(state.value);
  const { depth } = request;
  useEffect(() => {
    update(request);
  }, [act, sw, sb, depth]);
  const found = answer.value;
  return (
    <div class="view">
      <header class="lead">
        <h1>How deep can information travel?</h1>
        <p>
          Every initialization is a point: the variance of its weights (times fan-in) and of its biases. Left of the
          edge of chaos, all inputs become alike; right of it, they diverge. Deep networks train near the edge.
        </p>
      </header>
      <Controls label="The point">
        <SelectField
          label="Activation"
          value={act}
          options={activationNames}
          onChange={(next) => change({ act: next })}
        />
        <SliderField
          label="Weight variance × fan-in"
          value={sw}
          min={0.05}
          max={4}
          step={0.05}
          onChange={(next) => change({ sw: hold("sw", next) })}
        />
        <SliderField
          label="Bias variance"
          value={sb}
          min={0}
          max={0.5}
          step={0.01}
          onChange={(next) => change({ sb: hold("sb", next) })}
        />
        <SliderField
          label="Hidden layers"
          value={depth}
          min={1}
          max={100}
          step={1}
          onChange={(next) => change({ net: hiddenLayers(net, Math.round(next), hiddenWidth(net)) })}
        />
        <p class="hint">Click or drag on the map, or use the arrow keys (with Shift, five steps at once).</p>
      </Controls>
      <Results failure={failure.value} waiting="Computing 960 fixed points…">
        {found && (
          <>
            <article class={`verdict ${found.regime === "critical" ? "fine" : "note"}`}>
              <h2>{regimes[found.regime]}</h2>
              <p>{found.sentence}</p>
            </article>
            <div
              class="pad"
              role="application"
              aria-label={`Point of the phase diagram: weight variance ${sw}, bias variance ${sb}. Arrow keys move it.`}
              // biome-ignore lint/a11y/noNoninteractiveTabindex: it takes the arrow keys
              tabIndex={0}
              onKeyDown={moveByKey}
              onPointerDown={moveByPointer}
              onPointerMove={moveByPointer}
            >
              <FigureView figure={found.figure} />
            </div>
            <CopyBar
              command={phaseCommand(state.value)}
              config={{ activation: act, weightVariance: sw, biasVariance: sb }}
            />
          </>
        )}
      </Results>
    </div>
  );
}
