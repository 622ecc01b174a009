// A comparison from config to result: checks, the list of runs, the summary. The caller decides how to run them.

import { get, parseInitializer, streamNames, VERSION } from "@fanin/core";
import { describeValue, expectInteger, expectNumber, expectOneOf } from "@fanin/tensor/arguments";
import type { Dataset } from "../data/dataset.ts";
import { type ActivationName, activations, resolveActivation } from "../engine/activations.ts";
import { type OptimizerName, optimizers } from "../engine/optimizers.ts";
import { denseEngine, engineNames, type TrainingEngine } from "../engine/training-engine.ts";
import type { CompareConfig, Run } from "./config.ts";
import { defaultTarget, epochsToTarget, lossAuc, selectionAccuracy } from "./learning-curve.ts";
import { jointComparisons } from "./paired-comparison.ts";
import type { CompareResult, DatasetInfo, InitializerSummary, RunResult } from "./result.ts";
import { sha256 } from "./sha256.ts";
import { spread } from "./spread.ts";
import { trainingCount, trainRun } from "./train-run.ts";

const MAX_SIZE = 2 ** 24; // units in a layer, rows in a batch, epochs, runs: a larger number is a typing mistake

/** The experiment of `fanin compare` without options. */
export const defaultConfig: CompareConfig = {
  layers: [784, 128, 10],
  activation: "relu",
  initializers: ["zeros", "random_normal(stddev=1)", "glorot_normal", "he_normal"],
  outputInitializer: "glorot_uniform",
  stream: "keras/tensorflow",
  seeds: [0, 1, 2, 3, 4, 5, 6, 7],
  epochs: 5,
  batch: 64,
  optimizer: "adam",
  learningRate: 0.001,
  validationSplit: 0.2,
  reference: "glorot_normal",
  target: null,
  engine: "dense",
};

function expectList(name: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError(`${name}: expected a list, got ${describeValue(value)}`);
  if (value.length === 0) throw new RangeError(`${name}: expected at least one, got none`);
  return value;
}

/** Returns the text if it names an initializer that exists and takes these arguments. */
function expectInitializer(name: string, value: unknown): string {
  if (typeof value !== "string") throw new TypeError(`${name}: expected text, got ${describeValue(value)}`);
  get(parseInitializer(value));
  return value;
}

/** The reference among `initializers`: the one given, else that of the default experiment, else the first. */
function expectReference(initializers: readonly string[], given: unknown): string {
  const [first = ""] = initializers;
  if (given !== undefined) return expectOneOf("reference", given, initializers);
  const isDefault = JSON.stringify(initializers) === JSON.stringify(defaultConfig.initializers);
  return isDefault ? defaultConfig.reference : first;
}

/**
 * Checks every field of a partial config and fills in the defaults. The learning rate defaults to the optimizer's own.
 *
 * @throws TypeError or RangeError that names the field, the expected value and the value received.
 * @example
 * compareConfig({ initializers: ["he_normal"] }).layers; // => [ 784, 128, 10 ]
 */
export function compareConfig(
  given: { readonly [K in keyof CompareConfig]?: CompareConfig[K] | undefined },
): CompareConfig {
  const pick = <K extends keyof CompareConfig>(key: K): CompareConfig[K] => given[key] ?? defaultConfig[key];
  const layers = expectList("layers", pick("layers")).map((size) => expectInteger("layers", size, 1, MAX_SIZE));
  if (layers.length < 2) throw new RangeError(`layers: expected at least input and output, got ${layers.join(",")}`);
  const optimizer = expectOneOf("optimizer", pick("optimizer"), Object.keys(optimizers) as OptimizerName[]);
  const learningRate = expectNumber("lr", given.learningRate ?? optimizers[optimizer].learningRate);
  if (!(learningRate > 0 && Number.isFinite(learningRate))) {
    throw new RangeError(`lr: expected a positive number, got ${learningRate}`);
  }
  const validationSplit = expectNumber("validation-split", pick("validationSplit"));
  if (!(validationSplit >= 0 && validationSplit < 1)) {
    throw new RangeError(`validation-split: expected a number from 0 up to, not including, 1, got ${validationSplit}`);
  }
  const initializers = expectList("init", pick("initializers")).map((text) => expectInitializer("init", text));
  const twice = initializers.find((text, i) => initializers.indexOf(text) !== i);
  if (twice !== undefined) throw new RangeError(`init: ${twice} is given twice`);
  const reference = expectReference(initializers, given.reference);
  const target = pick("target");
  if (target !== null && !(expectNumber("target", target) > 0 && target <= 1)) {
    throw new RangeError(`target: expected an accuracy above 0 and up to 1, got ${target}`);
  }
  return {
    layers,
    activation: expectOneOf(
      "activation",
      resolveActivation(pick("activation")),
      Object.keys(activations) as ActivationName[],
    ),
    initializers,
    outputInitializer: expectInitializer("output-init", pick("outputInitializer")),
    stream: expectOneOf("stream", pick("stream"), streamNames),
    seeds: expectList("seeds", pick("seeds")).map((seed) => expectInteger("seed", seed, 0, 2 ** 32 - 1)),
    epochs: expectInteger("epochs", pick("epochs"), 1, MAX_SIZE),
    batch: expectInteger("batch", pick("batch"), 1, MAX_SIZE),
    optimizer,
    learningRate,
    validationSplit,
    reference,
    target,
    engine: expectOneOf("engine", pick("engine"), engineNames),
  };
}

/**
 * Checks that `dataset` fits the layers of `config`.
 *
 * @throws RangeError that names the layer, or the validation split that leaves no training examples.
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const config = compareConfig({ layers: [784, 4, 10], initializers: ["he_normal", "zeros"], seeds: [0, 1], epochs: 1 });
 * expectFit(config, dataset); // throws if the sizes of the network do not match the examples
 */
export function expectFit(config: CompareConfig, dataset: Dataset): void {
  const features = dataset.height * dataset.width;
  const first = config.layers[0];
  const last = config.layers.at(-1);
  if (first !== features) {
    throw new RangeError(
      `layers: expected ${features} inputs (${dataset.height}x${dataset.width} images), got ${first}`,
    );
  }
  if (last !== dataset.classes.length) {
    throw new RangeError(
      `layers: expected ${dataset.classes.length} outputs (classes of ${dataset.name}), got ${last}`,
    );
  }
  const total = dataset.train.labels.length;
  if (trainingCount(total, config.validationSplit) < 1) {
    throw new RangeError(`validation-split: ${config.validationSplit} of ${total} examples leaves none to train on`);
  }
}

/**
 * The runs of a comparison, in the order of its result.
 *
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const config = compareConfig({ layers: [784, 4, 10], initializers: ["he_normal", "zeros"], seeds: [0, 1], epochs: 1 });
 * planRuns(config).length; // => 4
 */
export function planRuns(config: CompareConfig): Run[] {
  return config.initializers.flatMap((initializer) => config.seeds.map((seed) => ({ initializer, seed })));
}

/**
 * Describes the data set for a result.
 *
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const config = compareConfig({ layers: [784, 4, 10], initializers: ["he_normal", "zeros"], seeds: [0, 1], epochs: 1 });
 * (await describeDataset(dataset, config)).name; // => 'procedural'
 */
export async function describeDataset(dataset: Dataset, config: CompareConfig): Promise<DatasetInfo> {
  const { train, test } = dataset;
  const trainCount = trainingCount(train.labels.length, config.validationSplit);
  return {
    name: dataset.name,
    trainCount,
    validationCount: train.labels.length - trainCount,
    testCount: test.labels.length,
    features: dataset.height * dataset.width,
    classes: dataset.classes,
    sha256: await sha256(train.images, train.labels, test.images, test.labels),
  };
}

function summarize(initializer: string, runs: readonly RunResult[], target: number | null): InitializerSummary {
  const losses = runs.filter((run) => run.diverged === null).flatMap((run) => run.testLoss ?? []);
  const areas = runs.flatMap((run) => lossAuc(run) ?? []);
  return {
    initializer,
    runs: runs.length,
    diverged: runs.filter((run) => run.diverged !== null).length,
    testAccuracy: spread(runs.map((run) => run.testAccuracy)),
    selectionAccuracy: selectionAccuracy(runs),
    testLoss: losses.length > 0 ? spread(losses) : null,
    lossAuc: areas.length > 0 ? spread(areas) : null,
    epochsToTarget: target === null ? null : epochsToTarget(runs, target),
  };
}

/** One of several comparisons on the same data: its config and all its runs, in any order. */
export interface ComparedRuns {
  readonly config: CompareConfig;
  readonly runs: readonly RunResult[];
}

/**
 * The results of several comparisons whose tests share one correction.
 *
 * @throws RangeError if a run of a plan is missing.
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const config = compareConfig({ layers: [784, 4, 10], initializers: ["he_normal", "zeros"], seeds: [0, 1], epochs: 1 });
 * const { runs } = await compare(config, dataset);
 * compareResults([{ config, runs }], await describeDataset(dataset, config)).length; // => 1
 */
export function compareResults(groups: readonly ComparedRuns[], dataset: DatasetInfo): CompareResult[] {
  const ordered = groups.map(({ config, runs }) => {
    const byName = new Map(runs.map((run) => [`${run.seed} ${run.initializer}`, run]));
    return planRuns(config).map(({ initializer, seed }) => {
      const found = byName.get(`${seed} ${initializer}`);
      if (!found) throw new RangeError(`runs: ${initializer} with seed ${seed} is missing`);
      return found;
    });
  });
  const comparisons = jointComparisons(groups.map(({ config }, g) => ({ ...config, runs: ordered[g] ?? [] })));
  return groups.map(({ config }, g): CompareResult => {
    const runs = ordered[g] ?? [];
    const target = config.target ?? defaultTarget(runs, dataset.classes.length);
    return {
      schemaVersion: 1,
      version: VERSION,
      config,
      dataset,
      runs,
      summary: config.initializers.map((initializer) =>
        summarize(
          initializer,
          runs.filter((run) => run.initializer === initializer),
          target,
        ),
      ),
      target,
      comparisons: comparisons[g] ?? [],
    };
  });
}

/**
 * The result of a comparison from all its runs, in any order.
 *
 * @throws RangeError if a run of the plan is missing.
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const config = compareConfig({ layers: [784, 4, 10], initializers: ["he_normal", "zeros"], seeds: [0, 1], epochs: 1 });
 * const runs = [];
 * for (const run of planRuns(config)) runs.push(await trainRun(config, dataset, run));
 * compareResult(config, await describeDataset(dataset, config), runs).summary.length; // => 2
 */
export function compareResult(config: CompareConfig, dataset: DatasetInfo, runs: readonly RunResult[]): CompareResult {
  const [result] = compareResults([{ config, runs }], dataset);
  if (!result) throw new RangeError("runs: expected the runs of one comparison");
  return result;
}

/**
 * Runs the whole comparison in this thread, one run after the other, with the engine that the config names.
 *
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const config = compareConfig({ layers: [784, 4, 10], initializers: ["he_normal", "zeros"], seeds: [0, 1], epochs: 1 });
 * (await compare(config, dataset)).runs.length; // => 4
 */
export async function compare(
  config: CompareConfig,
  dataset: Dataset,
  engine: TrainingEngine = denseEngine,
): Promise<CompareResult> {
  expectFit(config, dataset);
  const runs: RunResult[] = [];
  for (const run of planRuns(config)) runs.push(await trainRun(config, dataset, run, undefined, engine));
  return compareResult(config, await describeDataset(dataset, config), runs);
}
