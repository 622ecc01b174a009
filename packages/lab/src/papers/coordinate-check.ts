// T13: the size of pre-activations after a step of Adam as networks get wider, in the standard parametrization and in muP.
// Source: Yang et al. 2022 (arXiv 2203.03466), appendix D.1, the coordinate check; table 3 for the rules of muP.

import { type Initializer, muNormal, randomNormal, zeros } from "@fanin/core";
import type { Dataset } from "../data/dataset.ts";
import { proceduralDataset } from "../data/procedural.ts";
import { DenseNetwork } from "../engine/dense-network.ts";
import { TrainingData } from "../engine/training-data.ts";
import { mean, type PaperRow, type PaperTable, paperRow } from "./paper-table.ts";
import { BATCH } from "./train-network.ts";

const widths = [64, 128, 256, 512, 1024];
const BASE = 64; // the width at which muP equals the standard parametrization
const STEPS = 2;
const LEARNING_RATE = 0.01;
const GRADIENT_SCALE = 2 ** 24; // a step of SGD so long that rounding discards the previous weights
const layerNames = ["hidden 1", "hidden 2", "output"] as const;

/** Adam (Kingma and Ba 2015) on one array, in float64. The size of its first step is the learning rate. */
class Adam {
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  #step = 0;

  constructor(length: number) {
    this.#first = new Float64Array(length);
    this.#second = new Float64Array(length);
  }

  update(weights: Float32Array, gradient: Float32Array, learningRate: number): void {
    this.#step++;
    const first = 1 - 0.9 ** this.#step;
    const second = 1 - 0.999 ** this.#step;
    for (let i = 0; i < weights.length; i++) {
      const g = gradient[i] ?? 0;
      const m = 0.9 * (this.#first[i] ?? 0) + 0.1 * g;
      const v = 0.999 * (this.#second[i] ?? 0) + 0.001 * g * g;
      this.#first[i] = m;
      this.#second[i] = v;
      // No epsilon: gradients shrink with width, and epsilon must not dominate the check.
      if (v > 0) weights[i] = (weights[i] ?? 0) - (learningRate * (m / first)) / Math.sqrt(v / second);
    }
  }
}

/** A parametrization: the initializers and the learning rate of each layer, by width. */
interface Parametrization {
  readonly initializers: readonly Initializer[];
  readonly learningRates: readonly number[];
}

function standard(features: number, width: number): Parametrization {
  const he = (fanIn: number, seed: number): Initializer => randomNormal({ stddev: Math.sqrt(2 / fanIn), seed });
  return {
    initializers: [he(features, 1300), he(width, 1301), he(width, 1302)],
    learningRates: layerNames.map(() => LEARNING_RATE),
  };
}

function maximalUpdate(features: number, width: number): Parametrization {
  const multiplier = width / BASE;
  const hidden = muNormal({ stddev: Math.sqrt(2 / BASE), baseShape: [BASE, BASE], seed: 1301 });
  return {
    // The output starts at zero, as appendix D.2 of the paper advises: its initial value would hide the steps.
    initializers: [randomNormal({ stddev: Math.sqrt(2 / features), seed: 1300 }), hidden, zeros()],
    learningRates: [LEARNING_RATE, LEARNING_RATE / multiplier, LEARNING_RATE / multiplier],
  };
}

/** The mean |z| of each layer, before the first step and after each. */
function sizes(
  dataset: Dataset,
  width: number,
  parametrize: (features: number, width: number) => Parametrization,
): number[][] {
  const features = dataset.height * dataset.width;
  const layers = [features, width, width, dataset.classes.length];
  const { initializers, learningRates } = parametrize(features, width);
  const options = { layers, activation: "relu", optimizer: "sgd", capacity: BATCH } as const;
  const data = new TrainingData(dataset.train, features, 0, BATCH, BATCH);
  const network = new DenseNetwork({ ...options, learningRate: GRADIENT_SCALE });
  try {
    network.initialize(initializers);
    const { x, labels } = data.batch(0, BATCH);
    const measure = (): number[] =>
      network.preActivations(x, BATCH).map((z) => z.reduce((sum, value) => sum + Math.abs(value), 0) / z.length);
    const kernels = learningRates.map((_, l) => network.kernel(l).slice());
    const optimizers = kernels.map(({ length }) => new Adam(length));
    const found = [measure()];
    for (let step = 0; step < STEPS; step++) {
      network.train(x, labels, BATCH);
      for (const [l, weights] of kernels.entries()) {
        const gradient = network.kernel(l).map((after, i) => ((weights[i] ?? 0) - after) / GRADIENT_SCALE);
        optimizers[l]?.update(weights, gradient, learningRates[l] ?? 0);
        network.kernel(l).set(weights);
        network.bias(l).fill(0);
      }
      found.push(measure());
    }
    return found;
  } finally {
    network.dispose();
    data.dispose();
  }
}

/** The slope of ln y against ln x by least squares. */
function slope(x: readonly number[], y: readonly number[]): number {
  const lnX = x.map(Math.log);
  const lnY = y.map(Math.log);
  const middle = mean(lnX);
  const covariance = lnX.reduce((sum, value, i) => sum + (value - middle) * (lnY[i] ?? 0), 0);
  return covariance / lnX.reduce((sum, value) => sum + (value - middle) ** 2, 0);
}

/** T13, on a batch of `dataset`. Defaults to the procedural data set. */
export function coordinateCheckRows(dataset: Dataset = proceduralDataset({ train: BATCH, test: 10 })): PaperRow[] {
  const slopes = (parametrize: Parameters<typeof sizes>[2], step: number, layer: number): number =>
    slope(
      widths,
      found(parametrize).map((byStep) => byStep[step]?.[layer] ?? Number.NaN),
    );
  const cache = new Map<unknown, number[][][]>();
  const found = (parametrize: Parameters<typeof sizes>[2]): number[][][] => {
    const known = cache.get(parametrize) ?? widths.map((width) => sizes(dataset, width, parametrize));
    cache.set(parametrize, known);
    return known;
  };
  const flat = "|slope| below 0.15 if nothing grows with width";
  return [
    ...layerNames.map((name, layer) =>
      paperRow(`standard, start: slope of ${name}`, 0, slopes(standard, 0, layer), 0.15, flat),
    ),
    paperRow(
      "standard, after one step of Adam: slope of output",
      1.15,
      slopes(standard, 1, 2),
      0.35,
      "from 0.8: n aligned summands give 1 in addition to the previous value, up to 1.5 because they grow like sqrt n themselves",
    ),
    ...[1, 2].flatMap((step) =>
      layerNames.map((name, layer) =>
        paperRow(
          `muP, after ${step === 1 ? "one step" : "two steps"}: slope of ${name}`,
          0,
          slopes(maximalUpdate, step, layer),
          0.15,
          flat,
        ),
      ),
    ),
  ];
}

/** T13. */
export const coordinateCheck: PaperTable = {
  title: "Coordinate check: the standard parametrization against muP",
  paper: "Yang et al. 2022",
  run: () => coordinateCheckRows(),
};
