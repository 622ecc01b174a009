// The Weights view: reads dropped files on this page, lists every tensor, and diagnoses the model.

import { type Signal, signal } from "@preact/signals";
import type { VNode } from "preact";
import { FigureView } from "../components/figure-view.tsx";
import { FileDrop } from "../components/file-drop.tsx";
import { Problem } from "../components/problem.tsx";
import { announcement } from "../state/state.ts";
import { ask } from "../worker/client.ts";
import type { FigureData } from "../worker/figure.ts";
import type { WeightsAnswer } from "../worker/weights-task.ts";

const answer: Signal<WeightsAnswer | null> = signal(null);
const failure: Signal<string> = signal("");
const isBusy: Signal<boolean> = signal(false);
const chosen: Signal<number | null> = signal(null);
const figures: Signal<readonly FigureData[]> = signal([]);

async function choose(index: number): Promise<void> {
  chosen.value = index;
  try {
    const found = await ask("tensor", { index });
    if (chosen.value === index) figures.value = found;
  } catch (error) {
    failure.value = error instanceof Error ? error.message : String(error);
  }
}

async function open(files: readonly File[] | null): Promise<void> {
  if (isBusy.value || (files !== null && files.length === 0)) return;
  isBusy.value = true;
  failure.value = "";
  answer.value = null;
  chosen.value = null;
  figures.value = [];
  try {
    const found = files === null ? await ask("example", undefined) : await ask("weights", { files });
    answer.value = found;
    announcement.value = `Read ${found.files}: ${found.lines.length} tensors, ${found.findings.length} findings.`;
    if (found.lines.length > 0) await choose(0);
  } catch (error) {
    failure.value = error instanceof Error ? error.message : String(error);
  } finally {
    isBusy.value = false;
  }
}

function Findings({ found }: { readonly found: WeightsAnswer }): VNode {
  if (found.findings.length === 0) {
    return (
      <article class="verdict fine">
        <h2>✔ Nothing found</h2>
        <p>{found.lines.length} tensors; diagnose found no faults.</p>
      </article>
    );
  }
  return (
    <div class="verdicts">
      {found.findings.map(({ code, severity, title, where, found: seen, why, fix }) => (
        <article class={`verdict ${severity}`} key={`${code} ${where.join()}`}>
          <h2>
            {title} ({code})
          </h2>
          <p>
            <strong>{seen}.</strong> {why}
          </p>
          <p class="note">{fix}</p>
        </article>
      ))}
    </div>
  );
}

function Tensors({ found }: { readonly found: WeightsAnswer }): VNode {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <section class="scroll panel" tabIndex={0} aria-label="Tensors">
      <table class="tensors">
        <caption>
          {found.files}: {found.lines.length} tensors, {found.parameters.toLocaleString("en")} parameters, read in the
          layout of {found.layout}
        </caption>
        <thead>
          <tr>
            <th scope="col">tensor</th>
            <th scope="col">shape</th>
            <th scope="col">type</th>
            <th scope="col">values</th>
            <th scope="col">looks like</th>
          </tr>
        </thead>
        <tbody>
          {found.lines.map(({ name, shape, dtype, values, family }, i) => (
            <tr key={name} class={chosen.value === i ? "chosen" : ""}>
              <th scope="row">
                <button type="button" class="link" aria-pressed={chosen.value === i} onClick={() => choose(i)}>
                  {name}
                </button>
              </th>
              <td>{shape}</td>
              <td>{dtype}</td>
              <td class="values">{values}</td>
              <td>{family}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function LeftOut({ found }: { readonly found: WeightsAnswer }): VNode | null {
  if (found.skipped.length === 0) return null;
  return (
    <section class="panel" aria-label="Left out">
      <h2>Left out: {found.skipped.length}</h2>
      <ul>
        {found.skipped.map(({ name, reason }) => (
          <li key={name}>
            <strong>{name}</strong>: {reason}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The view. */
export function WeightsView(): VNode {
  const found = answer.value;
  return (
    <div class="view single">
      <header class="lead">
        <h1>Check your weights</h1>
        <p>
          This page reads your files and sends them nowhere; its security policy forbids sending data. It shows how the
          weights were initialized and whether they have faults.
        </p>
      </header>
      <div class="results">
        <FileDrop
          name="Files"
          label="Drop or choose a file of Keras (.keras, .h5), PyTorch (.pt), safetensors or NumPy, or a model.json or index with its shards:"
          accept=".safetensors,.keras,.h5,.pt,.pth,.ckpt,.npy,.npz,.json,.bin,.onnx"
          onFiles={open}
        >
          <button type="button" onClick={() => open(null)}>
            Try a faulty example
          </button>
        </FileDrop>
        {isBusy.value && <p class="waiting">Reading…</p>}
        <Problem text={failure.value} />
        {found && (
          <>
            <Findings found={found} />
            <Tensors found={found} />
            <LeftOut found={found} />
            <div class="figures">
              {figures.value.map((figure) => (
                <FigureView key={figure.key} figure={figure} size={figure.key.startsWith("tiles") ? "wide" : "small"} />
              ))}
            </div>
            <p class="hint">
              In a terminal: <code>fanin diagnose FILE</code> and <code>fanin inspect FILE</code>.
            </p>
          </>
        )}
      </div>
    </div>
  );
}
