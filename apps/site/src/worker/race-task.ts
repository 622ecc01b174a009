// The Race view's side of a session: curves while it runs, and an end card that claims no more than the seeds show.
// Source: compareResult and compareAnswer of @fanin/lab, which judge as `fanin compare` does.

import type { StreamName } from "@fanin/core";
import {
  type ActivationName,
  type CompareConfig,
  type CompareResult,
  compareAnswer,
  compareConfig,
  compareResult,
  type Dataset,
  type DatasetInfo,
  describeDataset,
  digitClasses,
  formatDifference,
  type IdxFile,
  idxFileNames,
  type OptimizerName,
  proceduralDataset,
  readIdxDataset,
} from "@fanin/lab";
import type { FigureData } from "./figure.ts";
import { courseFigure, finalFigure } from "./race-figures.ts";
import { RaceSession } from "./race-session.ts";

/** A race by what determines it. */
export interface RaceRequest {
  readonly act: ActivationName;
  readonly net: readonly number[];
  readonly init: readonly string[];
  readonly seed: number;
  readonly seeds: number;
  readonly stream: StreamName;
  readonly opt: OptimizerName;
  readonly lr: number;
  readonly batch: number;
  readonly epochs: number;
}

/** How one initializer did against the first. */
export interface Standing {
  readonly initializer: string;
  readonly accuracy: string;
  readonly difference: string;
  /** After Holm's correction. */
  readonly pValue: string;
  readonly verdict: string;
}

/** What is raced on. */
export interface RaceData {
  /** `procedural`, or `files` for what the visitor chose. */
  readonly source: "procedural" | "files";
  readonly features: number;
  readonly classes: number;
  readonly train: number;
  readonly test: number;
}

/** Where the race stands. */
export interface RaceAnswer {
  /** As `fanin compare --json` tells it; `compareConfig` takes it back. */
  readonly config: CompareConfig;
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly isOver: boolean;
  readonly loss: FigureData;
  readonly accuracy: FigureData;
  /** Of each network's weights as they are now; at the start and at the end only. */
  readonly hashes: readonly { readonly name: string; readonly sha256: string }[] | null;
  readonly data: RaceData;
  /** At the end: what it says in words, and one by one. */
  readonly answer: string | null;
  readonly standings: readonly Standing[] | null;
  readonly final: FigureData | null;
}

const BUDGET = 60; // milliseconds of training between two answers: the page stays fluent, and a pause is prompt

const MAX_BYTES = 512 * 2 ** 20; // of a data set, inflated

let procedural: Dataset | undefined;
let files: Dataset | undefined;
let session: RaceSession | undefined;
let info: Promise<DatasetInfo> | undefined;

function currentDataset(): Dataset {
  if (files) return files;
  procedural ??= proceduralDataset();
  return procedural;
}

/** The four files by their names, whichever order they came in. */
function fileNamed(chosen: readonly File[], name: string): IdxFile {
  const plain = new RegExp(`^${name.replace("-idx", "[-.]idx")}(\\.gz)?$`, "i");
  const file = chosen.find((one) => plain.test(one.name));
  if (!file) {
    const names = chosen.map((one) => one.name).join(", ");
    throw new RangeError(`files: expected ${idxFileNames.join(", ")}, each plain or .gz; got ${names || "none"}`);
  }
  if (file.size > MAX_BYTES)
    throw new RangeError(`${file.name}: expected at most ${MAX_BYTES} bytes, got ${file.size}`);
  return { name: file.name, read: async () => new Uint8Array(await file.arrayBuffer()) };
}

/** Reads the visitor's own data set, which the next race is run on; without files, back to the drawings. */
export async function raceDataTask({ files: chosen }: { readonly files: readonly File[] }): Promise<RaceData> {
  if (chosen.length === 0) files = undefined;
  else {
    const [trainImages, trainLabels, testImages, testLabels] = idxFileNames.map((name) => fileNamed(chosen, name)) as [
      IdxFile,
      IdxFile,
      IdxFile,
      IdxFile,
    ];
    const parts = { name: "files", classes: digitClasses, trainImages, trainLabels, testImages, testLabels };
    files = await readIdxDataset(parts, { limit: MAX_BYTES });
  }
  return dataOf(currentDataset());
}

function dataOf({ height, width, classes, train, test }: Dataset): RaceData {
  return {
    source: files ? "files" : "procedural",
    features: height * width,
    classes: classes.length,
    train: train.labels.length,
    test: test.labels.length,
  };
}

/** Builds the networks; gives up those of the race before. */
export function raceStartTask({ act, net, init, seed, seeds, opt, lr, ...rest }: RaceRequest): Promise<RaceAnswer> {
  session?.dispose();
  session = undefined;
  const dataset = currentDataset();
  const config = compareConfig({
    ...rest,
    activation: act,
    layers: [dataset.height * dataset.width, ...net.slice(1, -1), dataset.classes.length],
    initializers: init,
    seeds: Array.from({ length: seeds }, (_, i) => (seed + i) % 2 ** 32),
    optimizer: opt,
    learningRate: lr,
  });
  session = new RaceSession(config, dataset);
  info = undefined;
  return answer(session);
}

function current(): RaceSession {
  if (!session) throw new Error("race: not started");
  return session;
}

/** Trains for a moment, or for one step. */
export function raceAdvanceTask({ once }: { readonly once: boolean }): Promise<RaceAnswer> {
  const race = current();
  const end = performance.now() + BUDGET;
  do race.advance();
  while (!once && !race.isOver && performance.now() < end);
  return answer(race);
}

/** Back to the first weights. */
export function raceRewindTask(): Promise<RaceAnswer> {
  current().rewind();
  return answer(current());
}

/** The race as `fanin compare` would report it. */
async function resultOf(race: RaceSession): Promise<CompareResult> {
  info ??= describeDataset(currentDataset(), race.config);
  return compareResult(race.config, await info, await race.results());
}

function standings({ config, summary, comparisons }: CompareResult): Standing[] {
  return summary.map(({ initializer, testAccuracy: { mean, interval } }) => {
    const accuracy = `${mean.toFixed(3)}${interval ? ` [${interval.map((end) => end.toFixed(3)).join(", ")}]` : ""}`;
    const found = comparisons.find((one) => one.metric === "testAccuracy" && one.initializer === initializer);
    if (!found)
      return { initializer, accuracy, difference: "", pValue: "", verdict: "the others are compared with it" };
    const p = found.adjustedPValue;
    const verdict =
      found.verdict === "better" || found.verdict === "worse"
        ? `${found.verdict} than ${config.reference}`
        : found.verdict;
    return {
      initializer,
      accuracy,
      difference: formatDifference(found),
      pValue: p === null ? "" : p < 0.001 ? "< 0.001" : p.toFixed(3),
      verdict,
    };
  });
}

async function answer(race: RaceSession): Promise<RaceAnswer> {
  const { config, step, steps, isOver } = race;
  const hashes = step === 0 || isOver ? await race.hashes() : null;
  const result = isOver ? await resultOf(race) : null;
  return {
    config,
    step,
    steps,
    epoch: Math.min(config.epochs, Math.floor((step * config.epochs) / steps)),
    epochs: config.epochs,
    isOver,
    loss: courseFigure(race, "loss"),
    accuracy: courseFigure(race, "accuracy"),
    hashes:
      hashes &&
      race.lanes.map((lane, i) => ({ name: `${lane.initializer}, seed ${lane.seed}`, sha256: hashes[i] ?? "" })),
    data: dataOf(currentDataset()),
    answer: result && compareAnswer(result),
    standings: result && standings(result),
    final: isOver ? finalFigure(race) : null,
  };
}
