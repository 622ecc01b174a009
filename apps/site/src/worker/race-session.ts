// Trains several networks side by side, step by step, each exactly as `trainRun` of @fanin/lab does.
// Source: compare/train-run.ts of @fanin/lab for seeds, orders and batches; a test compares the final weights with it.

import { permutation } from "@fanin/core";
import {
  type CompareConfig,
  DenseNetwork,
  type EpochMetrics,
  expectFit,
  layerInitializers,
  planRuns,
  type Run,
  type RunResult,
  sha256,
  TrainingData,
  trainingCount,
} from "@fanin/lab";
import type { Dataset } from "@fanin/lab/data";

/** The progress of one network. */
export interface Lane {
  readonly initializer: string;
  readonly seed: number;
  /** Mean training loss of each group of steps; null after the network has diverged. */
  readonly losses: readonly (number | null)[];
  /** Accuracies on the test data after each epoch. */
  readonly accuracies: readonly number[];
  /** The first step whose loss was not finite, or null. */
  readonly diverged: number | null;
}

interface MutableLane {
  readonly run: Run;
  readonly network: DenseNetwork;
  losses: (number | null)[];
  accuracies: number[];
  diverged: number | null;
  sum: number;
  counted: number;
  epochs: EpochMetrics[];
  /** Loss and correct predictions of this epoch so far. */
  epochLoss: number;
  correct: number;
}

const EVALUATION_ROWS = 256;

/** A race from start to end; `dispose` frees its memory. */
export class RaceSession {
  readonly config: CompareConfig;
  readonly steps: number;
  /** Number of steps averaged in one point of a curve. */
  readonly stretch: number;
  readonly #lanes: MutableLane[];
  readonly #training: TrainingData;
  readonly #test: TrainingData;
  readonly #count: number;
  readonly #perEpoch: number;
  readonly #orders = new Map<number, { readonly epoch: number; readonly order: Uint32Array }>();
  #step = 0;

  constructor(config: CompareConfig, dataset: Dataset) {
    expectFit(config, dataset);
    this.config = config;
    const features = dataset.height * dataset.width;
    this.#count = trainingCount(dataset.train.labels.length, config.validationSplit);
    this.#perEpoch = Math.ceil(this.#count / config.batch);
    this.steps = this.#perEpoch * config.epochs;
    this.stretch = Math.max(1, Math.round(this.steps / 60));
    const capacity = Math.max(config.batch, EVALUATION_ROWS);
    this.#training = new TrainingData(dataset.train, features, 0, this.#count, capacity);
    this.#test = new TrainingData(dataset.test, features, 0, dataset.test.labels.length, capacity);
    this.#lanes = planRuns(config).map((run) => ({
      run,
      network: new DenseNetwork({ ...config, capacity }),
      losses: [],
      accuracies: [],
      diverged: null,
      sum: 0,
      counted: 0,
      epochs: [],
      epochLoss: 0,
      correct: 0,
    }));
    this.rewind();
  }

  get step(): number {
    return this.#step;
  }

  get isOver(): boolean {
    return this.#step >= this.steps;
  }

  get lanes(): readonly Lane[] {
    return this.#lanes.map(({ run, losses, accuracies, diverged }) => ({ ...run, losses, accuracies, diverged }));
  }

  /** Restores the initial weights, bit-identically: they depend only on config and seed. */
  rewind(): void {
    this.#step = 0;
    for (const lane of this.#lanes) {
      lane.network.initialize(layerInitializers(this.config, lane.run));
      Object.assign(lane, { losses: [], accuracies: [], diverged: null, sum: 0, counted: 0 });
      Object.assign(lane, { epochs: [], epochLoss: 0, correct: 0 });
    }
  }

  /** Trains every network for one step; networks of the same seed use the same batch. */
  advance(): void {
    if (this.isOver) return;
    const epoch = Math.floor(this.#step / this.#perEpoch) + 1;
    const start = (this.#step % this.#perEpoch) * this.config.batch;
    const rows = Math.min(this.config.batch, this.#count - start);
    this.#step++;
    const isStretch = this.#step % this.stretch === 0 || this.isOver;
    const isEpoch = start + rows === this.#count;
    for (const seed of this.config.seeds) {
      this.#training.reorder(this.#order(seed, epoch));
      const { x, labels } = this.#training.batch(start, rows);
      for (const lane of this.#lanes.filter(({ run }) => run.seed === seed)) {
        if (lane.diverged === null) {
          const { loss, correct } = lane.network.train(x, labels, rows);
          if (Number.isFinite(loss)) {
            lane.sum += loss;
            lane.counted += rows;
            lane.epochLoss += loss;
            lane.correct += correct;
          } else lane.diverged = this.#step;
        }
        if (isStretch) {
          lane.losses.push(lane.diverged === null ? lane.sum / lane.counted : null);
          [lane.sum, lane.counted] = [0, 0];
        }
      }
    }
    if (isEpoch) for (const lane of this.#lanes) this.#endEpoch(lane);
  }

  /** Returns the finished runs for `compare` of @fanin/lab; values that were not measured stay empty. */
  async results(): Promise<RunResult[]> {
    const hashes = await this.hashes();
    return this.#lanes.map(({ run, epochs, accuracies, diverged }, i) => ({
      ...run,
      epochs,
      testLoss: null,
      testAccuracy: accuracies.at(-1) ?? 0,
      diverged,
      weights: [],
      sha256: hashes[i] ?? "",
    }));
  }

  /** Hashes the current weights of each network, in the order of the lanes. */
  hashes(): Promise<string[]> {
    return Promise.all(this.#lanes.map(({ network }) => sha256(network.parameters())));
  }

  dispose(): void {
    for (const { network } of this.#lanes) network.dispose();
    this.#training.dispose();
    this.#test.dispose();
  }

  /** Returns the order of the examples in an epoch, cached for its steps. */
  #order(seed: number, epoch: number): Uint32Array {
    const known = this.#orders.get(seed);
    if (known?.epoch === epoch) return known.order;
    const order = permutation(this.#count, [seed, epoch]);
    this.#orders.set(seed, { epoch, order });
    return order;
  }

  #endEpoch(lane: MutableLane): void {
    lane.accuracies.push(this.#accuracy(lane.network));
    if (lane.diverged !== null) return;
    const [loss, accuracy] = [lane.epochLoss / this.#count, lane.correct / this.#count];
    lane.epochs.push({ loss, accuracy, validationLoss: null, validationAccuracy: null });
    [lane.epochLoss, lane.correct] = [0, 0];
  }

  #accuracy(network: DenseNetwork): number {
    let correct = 0;
    for (let start = 0; start < this.#test.count; start += EVALUATION_ROWS) {
      const rows = Math.min(EVALUATION_ROWS, this.#test.count - start);
      const { x, labels } = this.#test.batch(start, rows);
      correct += network.evaluate(x, labels, rows).correct;
    }
    return correct / this.#test.count;
  }
}
