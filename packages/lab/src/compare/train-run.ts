// One run of a comparison, from initial weights to test accuracy.
// Source: the protocol of keras.Model.fit (validation_split takes the last examples, metrics average over batches).

import { permutation } from "@fanin/core";
import type { Dataset } from "../data/dataset.ts";
import { TrainingData } from "../engine/training-data.ts";
import { denseEngine, type TrainableNetwork, type TrainingEngine } from "../engine/training-engine.ts";
import { type Checkpoint, decodeCheckpoint, encodeCheckpoint, expectReachable } from "./checkpoint.ts";
import type { CompareConfig, Run } from "./config.ts";
import { layerInitializers } from "./layer-initializers.ts";
import { layerWeights } from "./layer-weights.ts";
import type { EpochMetrics, RunResult } from "./result.ts";
import { sha256 } from "./sha256.ts";

/** The progress of a run. */
export interface RunProgress {
  /** From 1. */
  readonly epoch: number;
  readonly step: number;
  readonly steps: number;
  /** Mean over the epoch so far. */
  readonly loss: number;
}

const EVALUATION_ROWS = 256;

/**
 * The number of training examples; the remaining last ones are held out.
 *
 * @example
 * trainingCount(60_000, 0.2); // => 48000
 */
export function trainingCount(count: number, validationSplit: number): number {
  return Math.floor(count * (1 - validationSplit));
}

/** The kernels of `count` layers, copied. */
function kernelsOf(network: TrainableNetwork, count: number): Float32Array[] {
  return Array.from({ length: count }, (_, l) => network.kernel(l).slice());
}

/** Mean loss and accuracy over all of `data`. */
async function evaluate(network: TrainableNetwork, data: TrainingData): Promise<{ loss: number; accuracy: number }> {
  let loss = 0;
  let correct = 0;
  for (let start = 0; start < data.count; start += EVALUATION_ROWS) {
    const rows = Math.min(EVALUATION_ROWS, data.count - start);
    const { x, labels } = data.batch(start, rows);
    const metrics = await network.evaluate(x, labels, rows);
    loss += metrics.loss;
    correct += metrics.correct;
  }
  return { loss: loss / data.count, accuracy: correct / data.count };
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The identity of a run: a hash of everything that changes its bits, except the images. */
function identityOf(config: CompareConfig, dataset: Dataset, run: Run): Promise<string> {
  const { layers, activation, outputInitializer, stream, epochs, batch, optimizer, learningRate, engine } = config;
  const training = [layers, activation, outputInitializer, stream, epochs, batch, optimizer, learningRate, engine];
  const data = [dataset.train.labels.length, dataset.test.labels.length, config.validationSplit];
  return sha256(new TextEncoder().encode(JSON.stringify([training, data, run.initializer, run.seed])));
}

/**
 * One run, step by step. `save` returns the state between two steps as bytes, and `open` resumes from them
 * bit-identically. The result depends only on config, run and data.
 *
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const config = compareConfig({ layers: [784, 4, 10], initializers: ["he_normal", "zeros"], seeds: [0, 1], epochs: 1 });
 * const training = await TrainRun.open(config, dataset, { initializer: "he_normal", seed: 0 });
 * while (!training.isDone) await training.step();
 * const result = await training.finish();
 * training.dispose();
 * result.initializer; // => 'he_normal'
 */
export class TrainRun {
  readonly #config: CompareConfig;
  readonly #run: Run;
  readonly #identity: string;
  readonly #training: TrainingData;
  readonly #validation: TrainingData | null;
  readonly #test: TrainingData;
  readonly #network: TrainableNetwork;
  #before: readonly Float32Array[] = [];
  #epochs: EpochMetrics[] = [];
  #epoch = 1;
  /** The number of examples of this epoch that are done. */
  #position = 0;
  #step = 0;
  #loss = 0;
  #correct = 0;
  #diverged: number | null = null;

  private constructor(
    config: CompareConfig,
    dataset: Dataset,
    run: Run,
    identity: string,
    network: TrainableNetwork,
    capacity: number,
  ) {
    this.#config = config;
    this.#run = run;
    this.#identity = identity;
    this.#network = network;
    const features = dataset.height * dataset.width;
    const total = dataset.train.labels.length;
    const trained = trainingCount(total, config.validationSplit);
    this.#training = new TrainingData(dataset.train, features, 0, trained, capacity);
    this.#validation = trained < total ? new TrainingData(dataset.train, features, trained, total, capacity) : null;
    this.#test = new TrainingData(dataset.test, features, 0, dataset.test.labels.length, capacity);
  }

  /**
   * Opens a run at its start, or at the state of `saved`, the bytes of `save`. `engine` must be the one that the config names.
   *
   * @throws RangeError if `saved` is damaged or of another run, or `engine` is not that of the config.
   */
  static async open(
    config: CompareConfig,
    dataset: Dataset,
    run: Run,
    saved?: Uint8Array,
    engine: TrainingEngine = denseEngine,
  ): Promise<TrainRun> {
    if (engine.name !== config.engine) {
      throw new RangeError(`engine: expected ${config.engine}, as in the config, got ${engine.name}`);
    }
    const identity = await identityOf(config, dataset, run);
    const checkpoint = saved && (await decodeCheckpoint(saved, identity));
    const capacity = Math.max(config.batch, EVALUATION_ROWS);
    const network = await engine.network({ ...config, capacity });
    const training = new TrainRun(config, dataset, run, identity, network, capacity);
    try {
      network.initialize(layerInitializers(config, run));
      training.#before = kernelsOf(network, config.layers.length - 1);
      if (checkpoint) await training.#restore(checkpoint);
      training.#shuffle();
    } catch (error) {
      training.dispose();
      throw error;
    }
    return training;
  }

  /** Whether all epochs are done, or the loss is no longer finite. */
  get isDone(): boolean {
    return this.#diverged !== null || this.#epoch > this.#config.epochs;
  }

  /** Runs one optimizer step, and after the last step of an epoch evaluates its metrics. Returns the progress. */
  async step(): Promise<RunProgress> {
    if (this.isDone) throw new RangeError("step: expected an unfinished run, got a finished one");
    const { batch, epochs } = this.#config;
    const trained = this.#training.count;
    const rows = Math.min(batch, trained - this.#position);
    const { x, labels } = this.#training.batch(this.#position, rows);
    const metrics = await this.#network.train(x, labels, rows);
    this.#step++;
    if (!Number.isFinite(metrics.loss)) this.#diverged = this.#step;
    else {
      this.#loss += metrics.loss;
      this.#correct += metrics.correct;
      this.#position += rows;
    }
    const progress = {
      epoch: this.#epoch,
      step: this.#step,
      steps: Math.ceil(trained / batch) * epochs,
      loss: this.#diverged === null ? this.#loss / this.#position : metrics.loss,
    };
    if (this.#position === trained && this.#diverged === null) await this.#endEpoch();
    return progress;
  }

  /** The state as bytes; see checkpoint.ts for their layout. */
  async save(): Promise<Uint8Array<ArrayBuffer>> {
    return encodeCheckpoint({
      identity: this.#identity,
      epoch: this.#epoch,
      position: this.#position,
      step: this.#step,
      loss: this.#loss,
      correct: this.#correct,
      epochs: this.#epochs,
      arrays: await this.#network.state(),
    });
  }

  /** The result of a finished run. */
  async finish(): Promise<RunResult> {
    if (!this.isDone) throw new RangeError(`finish: expected a finished run, got one in epoch ${this.#epoch}`);
    const final = await evaluate(this.#network, this.#test);
    return {
      initializer: this.#run.initializer,
      seed: this.#run.seed,
      epochs: this.#epochs,
      testLoss: finite(final.loss),
      testAccuracy: final.accuracy,
      diverged: this.#diverged,
      weights: layerWeights(this.#config.layers, this.#before, kernelsOf(this.#network, this.#before.length)),
      sha256: await sha256(this.#network.parameters()),
    };
  }

  /** Frees the memory; do not use the run afterwards. */
  dispose(): void {
    this.#network.dispose();
    for (const data of [this.#training, this.#validation, this.#test]) data?.dispose();
  }

  #shuffle(): void {
    this.#training.reorder(permutation(this.#training.count, [this.#run.seed, this.#epoch]));
  }

  async #endEpoch(): Promise<void> {
    const trained = this.#training.count;
    const held = this.#validation && (await evaluate(this.#network, this.#validation));
    this.#epochs.push({
      loss: this.#loss / trained,
      accuracy: this.#correct / trained,
      validationLoss: held ? finite(held.loss) : null,
      validationAccuracy: held?.accuracy ?? null,
    });
    this.#epoch++;
    this.#position = 0;
    this.#loss = 0;
    this.#correct = 0;
    if (!this.isDone) this.#shuffle();
  }

  async #restore(checkpoint: Checkpoint): Promise<void> {
    const { epochs, batch } = this.#config;
    expectReachable(checkpoint, {
      epochs,
      batch,
      examples: this.#training.count,
      hasValidation: this.#validation !== null,
    });
    await this.#network.restore(checkpoint.arrays, checkpoint.step);
    this.#epochs = [...checkpoint.epochs];
    this.#epoch = checkpoint.epoch;
    this.#position = checkpoint.position;
    this.#step = checkpoint.step;
    this.#loss = checkpoint.loss;
    this.#correct = checkpoint.correct;
  }
}

/**
 * Trains one network and returns its result. The result depends only on config, run and data, to the last bit.
 *
 * @param onProgress Called after every step.
 * @example
 * import { proceduralDataset } from "@fanin/lab/data";
 * const dataset = proceduralDataset({ seed: 0, train: 60, test: 20 });
 * const config = compareConfig({ layers: [784, 4, 10], initializers: ["he_normal", "zeros"], seeds: [0, 1], epochs: 1 });
 * (await trainRun(config, dataset, { initializer: "he_normal", seed: 0 })).epochs.length; // => 1
 */
export async function trainRun(
  config: CompareConfig,
  dataset: Dataset,
  run: Run,
  onProgress: (progress: RunProgress) => void = () => undefined,
  engine: TrainingEngine = denseEngine,
): Promise<RunResult> {
  const training = await TrainRun.open(config, dataset, run, undefined, engine);
  try {
    while (!training.isDone) onProgress(await training.step());
    return await training.finish();
  } finally {
    training.dispose();
  }
}
