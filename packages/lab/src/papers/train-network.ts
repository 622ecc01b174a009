// Trains a network for a fixed number of steps, for the tables that train.
// Source: batches of 64 in shuffled epochs, one initializer for all kernels.

import { get, type Initializer, permutation } from "@fanin/core";
import type { Dataset } from "../data/dataset.ts";
import { DenseNetwork } from "../engine/dense-network.ts";
import type { OptimizerName } from "../engine/optimizers.ts";
import { TrainingData } from "../engine/training-data.ts";

/** The network and the number of steps. */
export interface TrainingOptions {
  readonly layers: readonly number[];
  /** Initializer name or identifier with its config, for the kernel of layer `l`. */
  readonly initializer: (l: number) => unknown;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly steps: number;
  readonly seed: number;
}

/** The batch size of all tables that train. */
export const BATCH = 64;

/** A kernel's initializer, with its own seed if its class takes one. */
function seeded(identifier: unknown, seed: number): Initializer {
  const plain = get(identifier);
  if (!("seed" in plain.getConfig())) return plain;
  const { class_name, config = {} } = (typeof identifier === "string" ? { class_name: identifier } : identifier) as {
    class_name: string;
    config?: Record<string, unknown>;
  };
  return get({ class_name, config: { ...config, seed } });
}

/**
 * Trains on whole batches, passes the network to `judge` and then frees its memory.
 *
 * @returns The result of `judge` for the network and the mean loss of each step.
 */
export function trainNetwork<T>(
  dataset: Dataset,
  { layers, initializer, optimizer, learningRate, steps, seed }: TrainingOptions,
  judge: (network: DenseNetwork, losses: readonly number[]) => T,
): T {
  const total = dataset.train.labels.length;
  const data = new TrainingData(dataset.train, dataset.height * dataset.width, 0, total, BATCH);
  const network = new DenseNetwork({ layers, activation: "relu", optimizer, learningRate, capacity: BATCH });
  try {
    network.initialize(layers.slice(1).map((_, l) => seeded(initializer(l), 1000 * seed + l)));
    const perEpoch = Math.floor(total / BATCH);
    const losses = Array.from({ length: steps }, (_, step) => {
      const epoch = Math.floor(step / perEpoch);
      if (step % perEpoch === 0) data.reorder(permutation(total, [seed, epoch]));
      const { x, labels } = data.batch((step % perEpoch) * BATCH, BATCH);
      return network.train(x, labels, BATCH).loss / BATCH;
    });
    return judge(network, losses);
  } finally {
    network.dispose();
    data.dispose();
  }
}

/** Accuracy on the test images. */
export function testAccuracy(network: DenseNetwork, dataset: Dataset): number {
  const count = dataset.test.labels.length;
  const data = new TrainingData(dataset.test, dataset.height * dataset.width, 0, count, BATCH);
  try {
    let correct = 0;
    for (let start = 0; start < count; start += BATCH) {
      const rows = Math.min(BATCH, count - start);
      const { x, labels } = data.batch(start, rows);
      correct += network.evaluate(x, labels, rows).correct;
    }
    return correct / count;
  } finally {
    data.dispose();
  }
}
