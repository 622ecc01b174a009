// The Race view: trains the same network on the same data, order and seeds from several initializers, and compares the results.

import { type Signal, signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { CopyBar } from "../components/copy-bar.tsx";
import { Controls, NumberField, SelectField } from "../components/fields.tsx";
import { FigureView } from "../components/figure-view.tsx";
import { FileDrop } from "../components/file-drop.tsx";
import { InitializerFields, SeedFields, ShapeFields } from "../components/network-fields.tsx";
import { Problem } from "../components/problem.tsx";
import { EndCard, Hashes } from "../components/race-end.tsx";
import { compareCommand } from "../state/command.ts";
import { raceRequest } from "../state/requests.ts";
import { announcement, change, state } from "../state/state.ts";
import { optimizerNames, type SiteState } from "../state/url-state.ts";
import { ask } from "../worker/client.ts";
import type { RaceAnswer, RaceData, RaceRequest } from "../worker/race-task.ts";

const MAX_INITIALIZERS = 6;
const ANNOUNCE_EVERY = 2000;

const answer: Signal<RaceAnswer | null> = signal(null);
const failure: Signal<string> = signal("");
const isRunning: Signal<boolean> = signal(false);
/** The user's data set; null for the generated images. */
const files: Signal<RaceData | null> = signal(null);
let started = "";
let announcedAt = 0;
let announcedEpoch = 0;

/** Returns the race of the state. */
const raceOf = (current: SiteState): RaceRequest => raceRequest(current, files.value ?? undefined);

function show(next: RaceAnswer): void {
  answer.value = next;
  failure.value = "";
  const now = performance.now();
  if (next.isOver) {
    isRunning.value = false;
    announcement.value = `The race has finished. ${next.answer ?? ""}`;
  } else if (next.epoch > announcedEpoch && now - announcedAt > ANNOUNCE_EVERY) {
    announcement.value = `Epoch ${next.epoch} of ${next.epochs} finished.`;
    announcedAt = now;
  }
  announcedEpoch = next.epoch;
}

function fail(error: unknown): void {
  isRunning.value = false;
  failure.value = error instanceof Error ? error.message : String(error);
}

/** Ensures that the worker has the networks of the state. */
async function prepare(): Promise<void> {
  const request = raceOf(state.value);
  const key = JSON.stringify(request);
  if (key === started) return;
  started = key;
  show(await ask("raceStart", request));
}

async function run(): Promise<void> {
  if (isRunning.value) return;
  isRunning.value = true;
  try {
    await prepare();
    if (answer.value?.isOver) show(await ask("raceRewind", undefined));
    while (isRunning.value && !answer.value?.isOver) show(await ask("raceAdvance", { once: false }));
  } catch (error) {
    started = "";
    fail(error);
  }
}

async function command(task: "step" | "rewind"): Promise<void> {
  isRunning.value = false;
  try {
    await prepare();
    show(task === "step" ? await ask("raceAdvance", { once: true }) : await ask("raceRewind", undefined));
  } catch (error) {
    fail(error);
  }
}

/** Loads the user's data set, or, without files, the generated images. A rejected file changes nothing. */
async function take(chosen: readonly File[]): Promise<void> {
  isRunning.value = false;
  try {
    const data = await ask("raceData", { files: chosen });
    files.value = data.source === "files" ? data : null;
    started = "";
    announcement.value = `Racing on ${data.train} training and ${data.test} test images.`;
    await prepare();
  } catch (error) {
    fail(error);
  }
}

function DataField(): VNode {
  const own = files.value;
  return (
    <FileDrop
      name="Data"
      label={
        own
          ? `Your files: ${own.train.toLocaleString("en")} training and ${own.test.toLocaleString("en")} test images.`
          : "4,000 training and 1,000 test images that this page draws. Or drop the four IDX files of Fashion-MNIST or MNIST; they do not leave the page."
      }
      onFiles={take}
    >
      {own && (
        <button type="button" onClick={() => take([])}>
          Use the generated images
        </button>
      )}
    </FileDrop>
  );
}

/** The view. */
export function RaceView(): VNode {
  const current = state.value;
  const request = raceOf(current);
  const key = JSON.stringify(request);
  useEffect(() => {
    if (key === started) return;
    isRunning.value = false;
    prepare().catch((error) => {
      answer.value = null;
      fail(error);
    });
  }, [key]);
  useEffect(
    () => () => {
      isRunning.value = false;
    },
    [],
  );
  const found = answer.value;
  const { opt, lr, batch, epochs, seeds } = current;
  return (
    <div class="view">
      <header class="lead">
        <h1>Race them</h1>
        <p>
          The network, the images, their order and the seeds are the same; only the initializer differs. Everything
          trains on this page, on drawings of clothes that it generates. Rewind and run again to get bit-identical
          weights.
        </p>
      </header>
      <Controls label="The race">
        <InitializerFields init={request.init} most={MAX_INITIALIZERS} />
        <ShapeFields />
        <div class="pair">
          <SelectField
            label="Optimizer"
            value={opt}
            options={optimizerNames}
            onChange={(next) => change({ opt: next, lr: next === "adam" || next === "rmsprop" ? 0.001 : 0.01 })}
          />
          <NumberField label="Learning rate" value={lr} min={1e-6} max={10} onChange={(next) => change({ lr: next })} />
        </div>
        <div class="triple">
          <NumberField
            label="Epochs"
            value={epochs}
            min={1}
            max={50}
            whole
            onChange={(next) => change({ epochs: next })}
          />
          <NumberField
            label="Batch"
            value={batch}
            min={1}
            max={512}
            whole
            onChange={(next) => change({ batch: next })}
          />
          <NumberField
            label="Seeds"
            value={seeds}
            min={1}
            max={10}
            whole
            onChange={(next) => change({ seeds: next })}
          />
        </div>
        <SeedFields />
        <DataField />
      </Controls>
      <div class="results">
        <div class="transport">
          <button
            type="button"
            class="primary"
            onClick={() => {
              if (isRunning.value) isRunning.value = false;
              else run();
            }}
          >
            {isRunning.value
              ? "Pause"
              : found?.isOver
                ? "Run again"
                : found && found.step > 0
                  ? "Go on"
                  : "Start the race"}
          </button>
          <button type="button" disabled={found?.isOver ?? false} onClick={() => command("step")}>
            One step
          </button>
          <button type="button" onClick={() => command("rewind")}>
            Rewind
          </button>
          <label class="progress">
            <span>
              {found
                ? `step ${found.step} of ${found.steps}, epoch ${Math.min(found.epochs, found.epoch + 1)} of ${found.epochs}`
                : "getting ready"}
            </span>
            <progress value={found?.step ?? 0} max={found?.steps ?? 1} />
          </label>
        </div>
        <Problem text={failure.value} />
        {found?.isOver && <EndCard found={found} />}
        {found ? (
          <div class="figures">
            <FigureView figure={found.loss} />
            <FigureView figure={found.accuracy} />
            {found.final && <FigureView figure={found.final} />}
          </div>
        ) : (
          !failure.value && <p class="waiting">Generating 5,000 images and the initial weights…</p>
        )}
        {found?.hashes && <Hashes hashes={found.hashes} isOver={found.isOver} />}
        {found && (
          <CopyBar
            command={compareCommand(
              { ...current, net: request.net, init: request.init },
              files.value ? "FOLDER" : "procedural",
            )}
            config={found.config}
          />
        )}
      </div>
    </div>
  );
}
