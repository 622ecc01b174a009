// A comparison as the lab would give it, made up: smooth curves with a little noise, the same on every call.

import { createHash } from "node:crypto";
import type { HistogramData } from "@fanin/figures";
import { defaultTarget, epochsToTarget, lossAuc, selectionAccuracy } from "../src/compare/learning-curve.ts";
import { pairedComparisons } from "../src/compare/paired-comparison.ts";
import type { CompareResult, EpochMetrics, LayerWeights, RunResult, Spread } from "../src/compare/result.ts";
import { fashionClasses } from "../src/data/dataset.ts";

/** How the runs of one initializer go. */
export interface Course {
  readonly name: string;
  /** Loss before the first and long after the last epoch. */
  readonly loss: readonly [number, number];
  readonly accuracy: readonly [number, number];
  /** Standard deviation over seeds, of the accuracy. */
  readonly noise: number;
  /** Standard deviation of the weights of the first layer, before and after. */
  readonly spread: readonly [number, number];
  /** Places of the seeds whose runs diverge, and the epochs they finish before. */
  readonly lost?: Readonly<Record<number, number>>;
}

/** The four initializers of `fanin compare` with Keras's own results, and one that diverges now and then. */
export const courses: readonly Course[] = [
  { name: "zeros", loss: [Math.log(10), Math.log(10)], accuracy: [0.1, 0.1], noise: 0, spread: [0, 0] },
  { name: "random_normal(stddev=1)", loss: [160, 4], accuracy: [0.4, 0.71], noise: 0.011, spread: [1, 1] },
  { name: "glorot_normal", loss: [1.3, 0.42], accuracy: [0.55, 0.81], noise: 0.015, spread: [0.047, 0.055] },
  { name: "he_normal", loss: [1.2, 0.41], accuracy: [0.57, 0.811], noise: 0.015, spread: [0.051, 0.058] },
  {
    name: "random_normal(mean=0.5,stddev=3)",
    loss: [900, 30],
    accuracy: [0.2, 0.55],
    noise: 0.04,
    spread: [3, 3],
    lost: { 1: 0, 4: 2 },
  },
];

/** What a fixture has; all defaults are those of the fifth example. */
export interface FixtureOptions {
  readonly courses?: readonly Course[];
  readonly seeds?: number;
  readonly epochs?: number;
  readonly layers?: readonly number[];
  readonly hasValidation?: boolean;
  readonly datasetName?: string;
  readonly classes?: readonly string[];
  /** The first initializer unless given. */
  readonly reference?: string | undefined;
}

/** Uniform noise in [-1, 1], a function of its arguments. */
function noise(...keys: readonly number[]): number {
  let state = 0x9e3779b9;
  for (const key of keys) state = Math.imul(state ^ (key + 0x7f4a7c15), 0x85ebca6b) ^ (state >>> 13);
  state = Math.imul(state ^ (state >>> 16), 0xc2b2ae35);
  return ((state ^ (state >>> 15)) >>> 0) / 2 ** 31 - 1;
}

// Quantiles of Student's t at 0.975 for 1 to 11 degrees of freedom.
const quantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201];

function spreadOf(values: readonly number[]): Spread {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value / n, 0);
  const variance = n > 1 ? values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1) : null;
  const margin = ((quantiles[n - 2] ?? 2) * Math.sqrt(variance ?? 0)) / Math.sqrt(n);
  return {
    mean,
    standardDeviation: variance === null ? null : Math.sqrt(variance),
    interval: n > 1 ? [mean - margin, mean + margin] : null,
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

function normalCounts(spread: number, low: number, high: number, shift: number, n: number): HistogramData {
  const bins = 48;
  const width = (high - low) / bins;
  const counts = Array.from({ length: bins }, (_, bin) => {
    if (spread === 0) return low + bin * width <= 0 && 0 < low + (bin + 1) * width ? n : 0;
    const z = (low + (bin + 0.5) * width - shift) / spread;
    return Math.round(((n * width) / (spread * 2.5066)) * Math.exp(-z * z * 0.5));
  });
  return { low, high, counts };
}

function layerWeights(course: Course, layers: readonly number[]): LayerWeights[] {
  return layers.slice(1).map((units, index) => {
    const inputs = layers[index] ?? 1;
    const [before, after] = index === layers.length - 2 ? [0.12, 0.2] : course.spread;
    const edge = Math.max(before, after) * 3.2 || 0.5;
    const n = inputs * units;
    return {
      layer: `dense_${index + 1} (${inputs}x${units})`,
      before: normalCounts(before, -edge, edge, 0, n),
      after: normalCounts(after, -edge, edge, -edge / 20, n),
    };
  });
}

function runOf(course: Course, index: number, seed: number, epochs: number, options: FixtureOptions): RunResult {
  const finished = course.lost?.[seed] ?? null;
  const held = options.hasValidation ?? true;
  const made = Array.from({ length: Math.min(epochs, finished ?? epochs) }, (_, epoch): EpochMetrics => {
    const rest = Math.exp(-0.9 * (epoch + 1));
    const wobble = course.noise * noise(index, seed, epoch);
    const loss = (course.loss[1] + (course.loss[0] - course.loss[1]) * rest) * (1 + 3 * wobble);
    const accuracy = course.accuracy[1] + (course.accuracy[0] - course.accuracy[1]) * rest + 1.5 * wobble;
    return {
      loss,
      accuracy,
      validationLoss: held ? loss * (course.noise === 0 ? 1 : 1.06) : null,
      validationAccuracy: held ? accuracy - 0.6 * course.noise : null,
    };
  });
  const isLost = finished !== null;
  const last = made.at(-1);
  return {
    initializer: course.name,
    seed,
    epochs: isLost
      ? [...made, { loss: Number.NaN, accuracy: Number.NaN, validationLoss: null, validationAccuracy: null }]
      : made,
    testLoss: isLost || !last ? null : last.loss * 1.08,
    testAccuracy: isLost
      ? 0.1
      : course.noise === 0
        ? course.accuracy[1] - (course.accuracy[1] === 0.1 ? 0.0028 : 0)
        : course.accuracy[1] + course.noise * noise(index, seed, 77),
    diverged: isLost ? finished * 46 + 17 : null,
    weights: finished === 0 ? [] : layerWeights(course, options.layers ?? [784, 128, 10]),
    sha256: createHash("sha256").update(`${course.name}/${seed}`).digest("hex"),
  };
}

/** A comparison; through JSON where `NaN` becomes null, as files and workers give it. */
export function compareResultFixture(options: FixtureOptions = {}): CompareResult {
  const drawn = options.courses ?? courses;
  const { seeds = 8, epochs = 5, layers = [784, 128, 10], hasValidation = true } = options;
  const numbers = Array.from({ length: seeds }, (_, seed) => seed);
  const runs = drawn.flatMap((course, index) => numbers.map((seed) => runOf(course, index, seed, epochs, options)));
  const target = defaultTarget(runs, (options.classes ?? fashionClasses).length);
  const names = drawn.map(({ name }) => name);
  const reference = options.reference ?? names[0] ?? "";
  const result: CompareResult = {
    schemaVersion: 1,
    version: "0.1.0",
    config: {
      layers,
      activation: "relu",
      initializers: names,
      outputInitializer: "glorot_uniform",
      stream: "keras/tensorflow",
      seeds: numbers,
      epochs,
      batch: 64,
      optimizer: "adam",
      learningRate: 0.001,
      validationSplit: hasValidation ? 0.2 : 0,
      reference,
      target: null,
      engine: "dense",
    },
    dataset: {
      name: options.datasetName ?? "Fashion-MNIST (3,615 images)",
      trainCount: hasValidation ? 2892 : 3615,
      validationCount: hasValidation ? 723 : 0,
      testCount: 4443,
      features: 784,
      classes: options.classes ?? fashionClasses,
      sha256: createHash("sha256").update("images").digest("hex"),
    },
    runs,
    summary: drawn.map(({ name }) => {
      const own = runs.filter(({ initializer }) => initializer === name);
      const areas = own.flatMap((run) => lossAuc(run) ?? []);
      const losses = own.flatMap(({ testLoss }) => (testLoss === null ? [] : [testLoss]));
      return {
        initializer: name,
        runs: own.length,
        diverged: own.filter(({ diverged }) => diverged !== null).length,
        testAccuracy: spreadOf(own.map(({ testAccuracy }) => testAccuracy)),
        selectionAccuracy: selectionAccuracy(own),
        testLoss: losses.length > 0 ? spreadOf(losses) : null,
        lossAuc: areas.length > 0 ? spreadOf(areas) : null,
        epochsToTarget: target === null ? null : epochsToTarget(own, target),
      };
    }),
    target,
    comparisons: pairedComparisons(names, reference, runs),
  };
  return JSON.parse(JSON.stringify(result)) as CompareResult;
}

/** `count` initializers from harmless to long, for what must still fit. */
export function manyCourses(count: number): Course[] {
  return Array.from({ length: count }, (_, index) => ({
    name:
      index % 4 === 3
        ? `variance_scaling(scale=${index}.5,mode="fan_avg",distribution="untruncated_normal",seed=${index})`
        : `random_uniform(minval=-${index + 1},maxval=${index + 1})`,
    loss: [2.3, 0.4 + index * 0.1],
    accuracy: [0.3, 0.82 - index * 0.03],
    noise: 0.015,
    spread: [0.1, 0.12],
  }));
}
