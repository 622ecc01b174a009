// The landing view: the effect of an initializer on signal and gradient, a verdict with its reason, and a button that fixes it.

import { type Signal, signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { CopyBar } from "../components/copy-bar.tsx";
import { Controls, SliderField } from "../components/fields.tsx";
import { FigureView } from "../components/figure-view.tsx";
import { InitializerFields, SeedFields, ShapeFields } from "../components/network-fields.tsx";
import { Results } from "../components/results.tsx";
import { diagnoseCommand } from "../state/command.ts";
import { takeFirstAnswer } from "../state/first-answer.ts";
import { MAX_SIGNALS, signalRequest } from "../state/requests.ts";
import { SIGNAL_BATCH } from "../state/signal-batch.ts";
import { announcement, change, state } from "../state/state.ts";
import { hashFromState } from "../state/url-state.ts";
import { ask, latest } from "../worker/client.ts";
import type { SignalAnswer, Verdict } from "../worker/signal-task.ts";

const isDefault = hashFromState(state.value) === "";
const answer: Signal<SignalAnswer | null> = signal(isDefault ? takeFirstAnswer() : null);
// Whether the shown answer was delivered with the page, and needs no request.
let isFirst = answer.value !== null;
const failure: Signal<string> = signal("");

const update = latest("signal", {
  onPart: (drawing) => {
    if (answer.value) answer.value = { ...answer.value, ...drawing };
  },
  onAnswer: (next) => {
    const before = answer.value?.verdicts.map(({ title }) => title).join(", ");
    const after = next.verdicts.map(({ initializer, title }) => `${initializer}: ${title}`).join(", ");
    if (before !== next.verdicts.map(({ title }) => title).join(", ")) announcement.value = after;
    answer.value = next;
    failure.value = "";
  },
  onError: (message) => {
    failure.value = message;
  },
});

// The page includes its first answer; the code for the next loads at the first sign of interaction.
function warmUp(): void {
  removeEventListener("pointerover", warmUp);
  removeEventListener("focusin", warmUp);
  ask("warm", undefined).catch((error: Error) => {
    failure.value = error.message;
  });
}
addEventListener("pointerover", warmUp);
addEventListener("focusin", warmUp);

const icons: Readonly<Record<Verdict["severity"], string>> = { error: "✖", warning: "▲", note: "●", fine: "✔" };

function VerdictCard({ verdict, recommended }: { readonly verdict: Verdict; readonly recommended: string }): VNode {
  const { initializer, severity, title, found, why, fix, notes } = verdict;
  const canMend = severity !== "fine" && initializer !== recommended;
  return (
    <article class={`verdict ${severity}`}>
      <h2>
        <span aria-hidden="true">{icons[severity]} </span>
        {initializer}: {title}
      </h2>
      <p>
        <strong>{found}.</strong> {why}
      </p>
      {notes.map((note) => (
        <p class="note" key={note}>
          {note}
        </p>
      ))}
      {fix && <p class="note">{fix}</p>}
      {canMend && (
        <button
          type="button"
          class="primary"
          onClick={() => {
            const next = state.value.init.map((name) => (name === initializer ? recommended : name));
            change({ init: [...new Set(next)] });
          }}
        >
          Mend it: use {recommended}
        </button>
      )}
    </article>
  );
}

/** The view. */
export function SignalView(): VNode {
  const { act, net, init, seed, stream, bias, input } = state.value;
  const request = signalRequest(state.value);
  const { init: shown } = request;
  useEffect(() => {
    if (isFirst) {
      isFirst = false;
      return;
    }
    update(request);
  }, [act, net, init, seed, stream, bias, input]);
  const found = answer.value;
  return (
    <div class="view">
      <header class="lead">
        <h1>What do initial weights do to the signal?</h1>
        <p>
          Fanin sends a batch forward through an untrained network and a gradient back. Move a slider. Dashes show
          theory, dots show measurements, and the band shows the random variation of networks of this width.
        </p>
      </header>
      <Controls label="The network">
        <ShapeFields />
        <InitializerFields init={shown} most={MAX_SIGNALS} />
        <SliderField
          label="Bias, standard deviation"
          value={bias}
          min={0}
          max={2}
          step={0.05}
          onChange={(next) => change({ bias: next })}
        />
        <SliderField
          label="Input, standard deviation"
          value={input}
          min={0.1}
          max={10}
          step={0.1}
          onChange={(next) => change({ input: next })}
        />
        <SeedFields />
      </Controls>
      <Results failure={failure.value} waiting="Computing a batch and its gradient…">
        {found && (
          <>
            <div class="verdicts">
              {found.verdicts.map((verdict) => (
                <VerdictCard key={verdict.initializer} verdict={verdict} recommended={found.recommended} />
              ))}
            </div>
            <div class="figures">
              {[...found.profiles, ...found.strips].map((figure) => (
                <FigureView key={figure.key} figure={figure} />
              ))}
            </div>
            <CopyBar
              command={diagnoseCommand(state.value, MAX_SIGNALS)}
              config={{
                layers: net,
                activation: act,
                initializer: shown.length === 1 ? shown[0] : shown,
                biasStddev: bias,
                input: { mean: 0, standardDeviation: input },
                batch: SIGNAL_BATCH,
                seed,
                stream,
              }}
            />
          </>
        )}
      </Results>
    </div>
  );
}
