// Losses of Keras 3.15.1 on TensorFlow, step by step, from the same weights and the same batches of real images.

import { readFileSync } from "node:fs";
import { get } from "@fanin/core";
import { describe, expect, it } from "vitest";
import { type ActivationName, DenseNetwork, type OptimizerName, TrainingData } from "../src/index.ts";
import { loadIdxDirectory } from "../src/node.ts";
import { fashionMnistSubset } from "./fashion-mnist-subset.ts";

interface GoldenRun {
  readonly layers: number[];
  readonly activation: ActivationName;
  readonly initializer: string;
  readonly seed: number;
  readonly optimizer: OptimizerName;
  readonly batch: number;
  readonly losses: number[];
}

const { runs } = JSON.parse(readFileSync(new URL("./goldens/training-goldens.json", import.meta.url), "utf8")) as {
  runs: GoldenRun[];
};
// The rates that the goldens' note gives.
const rates: Record<OptimizerName, number> = { sgd: 0.05, momentum: 0.02, adam: 0.001, rmsprop: 0.001 };

/** Largest differences from Keras: in the first 20 steps, and in all. */
async function differences(golden: GoldenRun, folder: string): Promise<{ first: number; all: number }> {
  const { train } = await loadIdxDirectory(folder);
  const { layers, activation, optimizer, batch } = golden;
  const features = layers[0] ?? 0;
  const network = new DenseNetwork({ layers, activation, optimizer, learningRate: rates[optimizer], capacity: batch });
  network.initialize(
    layers.slice(1).map((_, l) => get({ class_name: golden.initializer, config: { seed: golden.seed + l } })),
  );
  const data = new TrainingData(train, features, 0, train.labels.length, batch);
  const batches = Math.floor(data.count / batch);
  let first = 0;
  let all = 0;
  for (const [step, keras] of golden.losses.entries()) {
    const { x, labels } = data.batch((step % batches) * batch, batch);
    const difference = Math.abs(network.train(x, labels, batch).loss / batch - keras);
    all = Math.max(all, difference);
    if (step < 20) first = Math.max(first, difference);
  }
  return { first, all };
}

describe("the training goldens", () => {
  it("are three runs of a hundred steps", () => {
    expect(runs.map(({ optimizer, losses }) => [optimizer, losses.length])).toEqual([
      ["adam", 100],
      ["sgd", 100],
      ["momentum", 100],
    ]);
  });

  // Skipped without the images; FANIN_FASHION_MNIST names their folder.
  it.skipIf(fashionMnistSubset === undefined).each(runs)(
    "$optimizer, $activation $layers: Keras's losses",
    async (golden) => {
      const { first, all } = await differences(golden, fashionMnistSubset ?? "");
      // Adam divides by the square root of tiny second moments, so rounding grows: NumPy ends 3e-3 away from Keras.
      expect(first).toBeLessThan(golden.optimizer === "adam" ? 5e-5 : 1e-5);
      expect(all).toBeLessThan(golden.optimizer === "adam" ? 1e-2 : 1e-5);
    },
  );
});
