// The Code view: a recommended initializer with reasons, code for five frameworks, and a tensor with its SHA-256.

import { type Signal, signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { CopyBar } from "../components/copy-bar.tsx";
import { Controls, TextField } from "../components/fields.tsx";
import { FigureView } from "../components/figure-view.tsx";
import { SeedFields, ShapeFields } from "../components/network-fields.tsx";
import { Problem } from "../components/problem.tsx";
import { recommendCommand, sampleCommand } from "../state/command.ts";
import { initializerNames } from "../state/initializer-names.ts";
import { announcement, change, state } from "../state/state.ts";
import { type SiteState, stateFromHash } from "../state/url-state.ts";
import { ask, latest } from "../worker/client.ts";
import type { SampleAnswer, SampleRequest } from "../worker/sample-task.ts";

type Advice = Awaited<ReturnType<typeof ask<"recommend">>>;
const frameworks = { keras: "Keras", torch: "PyTorch", jax: "JAX", tfjs: "TensorFlow.js", fanin: "Fanin" } as const;
type Framework = keyof typeof frameworks;

const advice: Signal<Advice | null> = signal(null);
const sample: Signal<SampleAnswer | null> = signal(null);
const failure: Signal<string> = signal("");
const framework: Signal<Framework> = signal("keras");

const fail = (message: string): void => {
  failure.value = message;
  sample.value = null;
};
const updateAdvice = latest("recommend", {
  onAnswer: (next) => {
    advice.value = next;
  },
  onError: fail,
});
const updateSample = latest("sample", {
  onAnswer: (next) => {
    sample.value = next;
    failure.value = "";
  },
  onError: fail,
});

/** Parses the text of one key as the hash does; null if it is invalid. */
function read<K extends "draw" | "shape">(key: K, text: string): SiteState[K] | null {
  const { state: found, problems } = stateFromHash(`#${key}=${encodeURIComponent(text)}`);
  return problems.length > 0 ? null : found[key];
}

async function download(request: SampleRequest, format: "npy" | "safetensors"): Promise<void> {
  try {
    const bytes = await ask("file", { ...request, format });
    const url = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = `${request.draw.replace(/\W+/g, "_").replace(/_$/, "")}-${request.shape.join("x")}-seed${request.seed}.${format}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
    announcement.value = `Made ${link.download}.`;
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}

function AdviceCard({ found }: { readonly found: Advice }): VNode {
  return (
    <article class="verdict fine">
      <h2>Use {found.initializer}</h2>
      <p>{found.reason}</p>
      {found.notes.map((note) => (
        <p class="note" key={note}>
          {note}
        </p>
      ))}
      <p class="note">
        {found.maxDepth === null
          ? "The theory does not limit the depth."
          : `Up to about ${found.maxDepth} hidden layers can be trained${found.limitedBy ? `, limited by ${found.limitedBy}` : ""}.`}
      </p>
      <fieldset class="tabs">
        <legend>Code for</legend>
        {Object.entries(frameworks).map(([key, name]) => (
          <label key={key}>
            <input
              type="radio"
              name="framework"
              value={key}
              checked={framework.value === key}
              onChange={() => {
                framework.value = key as Framework;
              }}
            />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
      <section class="scroll" tabIndex={0} aria-label={`Code for ${frameworks[framework.value]}`}>
        <pre>
          <code>{found.code[framework.value]}</code>
        </pre>
      </section>
    </article>
  );
}

const short = (value: number): string => String(Number(value.toPrecision(4)));

function Tensor({ found, request }: { readonly found: SampleAnswer; readonly request: SampleRequest }): VNode {
  return (
    <>
      <dl class="facts">
        <div>
          <dt>SHA-256 of the values</dt>
          <dd>
            <code id="sha256">{found.sha256}</code>
          </dd>
        </div>
        <div>
          <dt>Class and config</dt>
          <dd>
            <code>
              {found.className} {found.config}
            </code>
          </dd>
        </div>
        <div>
          <dt>Values</dt>
          <dd>
            {found.count.toLocaleString("en")} float32, mean {short(found.mean)}, standard deviation{" "}
            {short(found.standardDeviation)}, from {short(found.min)} to {short(found.max)}
          </dd>
        </div>
        <div>
          <dt>The first</dt>
          <dd>{found.head.map((value) => value.toPrecision(7)).join(", ")}</dd>
        </div>
      </dl>
      <div class="buttons">
        <button type="button" class="primary" onClick={() => download(request, "safetensors")}>
          Download .safetensors
        </button>
        <button type="button" onClick={() => download(request, "npy")}>
          Download .npy
        </button>
      </div>
      {found.figure && <FigureView figure={found.figure} size="small" />}
    </>
  );
}

/** The view. */
export function CodeView(): VNode {
  const { act, net, draw, shape, seed, stream } = state.value;
  const request: SampleRequest = { draw, shape, seed, stream };
  const depth = Math.max(1, net.length - 2);
  const width = net.length > 2 ? Math.max(...net.slice(1, -1)) : (net.at(-1) ?? 1);
  useEffect(() => updateAdvice({ act, depth, width }), [act, depth, width]);
  useEffect(() => updateSample(request), [draw, shape, seed, stream]);
  const found = sample.value;
  return (
    <div class="view">
      <header class="lead">
        <h1>The code, and the weights themselves</h1>
        <p>
          This view recommends an initializer with reasons and code for your framework. It also computes the exact
          tensor that Keras on TensorFlow, JAX, PyTorch or NumPy draws from a seed, and its hash.
        </p>
      </header>
      <Controls label="Network and tensor">
        <ShapeFields />
        <TextField
          label="Initializer to draw"
          value={draw}
          suggestions={initializerNames}
          hint="a name, or a call such as random_normal(stddev=1)"
          read={(text) => read("draw", text)}
          onChange={(next) => change({ draw: next })}
        />
        <TextField
          label="Shape"
          value={shape.join("x")}
          hint="such as 784x128 or 3x3x64x128; at most 16,777,216 values"
          read={(text) => read("shape", text)}
          onChange={(next) => change({ shape: next })}
        />
        <SeedFields />
      </Controls>
      <div class="results">
        {advice.value || failure.value ? (
          <>
            {advice.value && <AdviceCard found={advice.value} />}
            <section class="panel" aria-label="The tensor">
              <h2>
                {draw} [{shape.join(", ")}]
              </h2>
              <Problem text={failure.value} />
              {found ? <Tensor found={found} request={request} /> : !failure.value && <p class="waiting">Drawing…</p>}
            </section>
          </>
        ) : (
          <p class="waiting">Computing…</p>
        )}
        {(found || failure.value) && (
          <CopyBar
            command={`${recommendCommand(state.value)}\n${sampleCommand(state.value)}`}
            config={found ? { class_name: found.className, config: JSON.parse(found.config), shape, stream } : request}
          />
        )}
      </div>
    </div>
  );
}
