// The tasks of the Race view: curves during training, then results with their statistics.
// Source: compareResult and compareAnswer of @fanin/lab, which `fanin compare` uses, too.

import type { StreamName } from "@fanin/core";
import {
  type ActivationName,
  type CompareConfig,
  type CompareResult,
  compareConfig,
  compareResult,
  type DatasetInfo,
  describeDataset,
  type OptimizerName,
} from "@fanin/lab";
import {
  type Dataset,
  digitClasses,
  type IdxFile,
  idxFileNames,
  proceduralDataset,
  readIdxDataset,
} from "@fanin/lab/data";
import { compareAnswer, formatDifference } from "@fanin/lab/report";
import type { FigureData } from "./figure.ts";
import { curveFigure, finalFigure } from "./race-figures.ts";
import { RaceSession } from "./race-session.ts";

/** The parameters that determine a race. */
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

/** The result of one initializer, compared with the first. */
export interface Standing {
  readonly initializer: string;
  readonly accuracy: string;
  readonly difference: string;
  /** After Holm's correction. */
  readonly pValue: string;
  readonly verdict: string;
}

/** The data set of a race. */
export interface RaceData {
  /** `procedural`, or `files` for the user's data set. */
  readonly source: "procedural" | "files";
  readonly features: number;
  readonly classes: number;
  readonly train: number;
  readonly test: number;
}

/** The progress of a race. */
export interface RaceAnswer {
  /** The config as in `fanin compare --json`; `compareConfig` accepts it. */
  readonly config: CompareConfig;
  readonly step: number;
  readonly steps: number;
  readonly epoch: number;
  readonly epochs: number;
  readonly isOver: boolean;
  readonly loss: FigureData;
  readonly accuracy: FigureData;
  /** Hashes of the current weights of each network, only before and after training. */
  readonly hashes: readonly { readonly name: string; readonly sha256: string }[] | null;
  readonly data: RaceData;
  /** At the end: the answer in words, and one row per initializer. */
  readonly answer: string | null;
  readonly standings: readonly Standing[] | null;
  readonly final: FigureData | null;
}

const BUDGET = 60; // milliseconds of training between two answers, so that the page stays responsive and pauses promptly

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

/** Finds the four files by their names, in any order. */
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

/** Reads the user's data set for the next race, or, without files, selects the generated images. */
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

/** Builds the networks, and disposes of those of the previous race. */
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

/** Trains for a time slice, or for one step. */
export function raceAdvanceTask({ once }: { readonly once: boolean }): Promise<RaceAnswer> {
  const race = current();
  const end = performance.now() + BUDGET;
  do race.advance();
  while (!once && !race.isOver && performance.now() < end);
  return answer(race);
}

/** Restores the initial weights. */
export function raceRewindTask(): Promise<RaceAnswer> {
  current().rewind();
  return answer(current());
}

/** Summarizes the race as `fanin compare` does. */
async function resultOf(race: RaceSession): Promise<CompareResult> {
  info ??= describeDataset(currentDataset(), race.config);
  return compareResult(race.config, await info, await race.results());
}

function standings({ config, summary, comparisons }: CompareResult): Standing[] {
  return summary.map(({ initializer, testAccuracy: { mean, interval } }) => {
    const accuracy = `${mean.toFixed(3)}${interval ? ` [${interval.map((end) => end.toFixed(3)).join(", ")}]` : ""}`;
    const found = comparisons.find((one) => one.metric === "testAccuracy" && one.initializer === initializer);
    if (!found) return { initializer, accuracy, difference: "", pValue: "", verdict: "reference" };
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
    loss: curveFigure(race, "loss"),
    accuracy: curveFigure(race, "accuracy"),
    hashes:
      hashes &&
      race.lanes.map((lane, i) => ({ name: `${lane.initializer}, seed ${lane.seed}`, sha256: hashes[i] ?? "" })),
    data: dataOf(currentDataset()),
    answer: result && compareAnswer(result),
    standings: result && standings(result),
    final: isOver ? finalFigure(race) : null,
  };
}
