// Controls that several views share: depth, width, activation, initializers, seed, stream.

import type { VNode } from "preact";
import { initializerNames } from "../state/initializer-names.ts";
import { hiddenLayers, hiddenWidth } from "../state/layers-text.ts";
import { change, state } from "../state/state.ts";
import { activationNames, streamNames } from "../state/url-state.ts";
import { NumberField, SelectField, SliderField } from "./fields.tsx";

function setHidden(depth: number, width: number): void {
  change({ net: hiddenLayers(state.value.net, depth, width) });
}

/** Depth, width and activation. */
export function ShapeFields(): VNode {
  const { net, act } = state.value;
  return (
    <>
      <SliderField
        label="Hidden layers"
        value={net.length - 2}
        min={1}
        max={100}
        step={1}
        onChange={(depth) => setHidden(Math.round(depth), hiddenWidth(net))}
      />
      <SliderField
        label="Width"
        value={hiddenWidth(net)}
        min={8}
        max={512}
        step={8}
        onChange={(width) => setHidden(Math.max(1, net.length - 2), Math.round(width))}
      />
      <SelectField
        label="Activation"
        value={act}
        options={activationNames}
        onChange={(next) => change({ act: next })}
      />
    </>
  );
}

/** Lists of initializers, with buttons to add and remove them. */
export function InitializerFields(props: { readonly init: readonly string[]; readonly most: number }): VNode {
  const { init, most } = props;
  const free = initializerNames.find((name) => !init.includes(name)) ?? "he_normal";
  const set = (index: number, name: string): void => {
    const next = init.map((old, i) => (i === index ? name : old));
    change({ init: [...new Set(next)] });
  };
  return (
    <fieldset class="initializers">
      <legend>Initializers of the hidden layers</legend>
      {init.map((name, i) => (
        <div class="row" key={name}>
          <SelectField
            label={`Initializer ${i + 1}`}
            hideLabel
            value={name}
            options={initializerNames}
            onChange={(next) => set(i, next)}
          />
          {init.length > 1 && (
            <button
              type="button"
              class="remove"
              aria-label={`Remove ${name}`}
              onClick={() => change({ init: init.filter((_, other) => other !== i) })}
            >
              ×
            </button>
          )}
        </div>
      ))}
      {init.length < most && (
        <button
          type="button"
          onClick={() => change({ init: [...init, init.includes("he_normal") ? free : "he_normal"] })}
        >
          Add an initializer
        </button>
      )}
    </fieldset>
  );
}

/** The seed and the stream. */
export function SeedFields(): VNode {
  const { seed, stream } = state.value;
  return (
    <div class="pair seeds">
      <NumberField
        label="Seed"
        value={seed}
        min={0}
        max={2 ** 32 - 1}
        whole
        onChange={(next) => change({ seed: next })}
      />
      <SelectField label="Stream" value={stream} options={streamNames} onChange={(next) => change({ stream: next })} />
    </div>
  );
}
