// Program 5: four initializers of the first layer on Fashion-MNIST: 784-128-10, Adam, batch 64, five epochs.
// Run: node examples/dist/fashion-mnist.js [folder with the four IDX files] [figure.svg]; without a folder it uses procedural data.

import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { glorotNormal, glorotUniform, heNormal, type Initializer, randomNormal, zeros } from "@fanin/core";
import { adam, register, toLayers } from "@fanin/core/tfjs";
import { lineChart, standaloneFigure } from "@fanin/figures";
import { type Dataset, type Examples, proceduralDataset } from "@fanin/lab/data";
import { loadIdxDirectory } from "@fanin/lab/node";
import * as tf from "@tensorflow/tfjs-core";
import { type History, layers, sequential } from "@tensorflow/tfjs-layers";

/** The outcome of one initializer. */
export interface Outcome {
  readonly name: string;
  readonly testAccuracy: number;
  readonly history: History["history"];
}

/** The initializers of the first layer; the second layer always uses glorot_uniform. */
const initializers: Readonly<Record<string, () => Initializer>> = {
  Zeros: () => zeros(),
  "RandomNormal(0, 1)": () => randomNormal({ mean: 0, stddev: 1, seed: 0 }),
  GlorotNormal: () => glorotNormal({ seed: 0 }),
  HeNormal: () => heNormal({ seed: 0 }),
};

function tensors({ images, labels }: Examples, pixels: number): { x: tf.Tensor2D; y: tf.Tensor } {
  const x = tf.tensor2d(
    Float32Array.from(images, (byte) => byte / 255),
    [labels.length, pixels],
  );
  return { x, y: tf.oneHot(tf.tensor1d(Int32Array.from(labels), "int32"), 10) };
}

/** Trains a network with each initializer and returns the test accuracies and histories. */
export async function program(dataset: Dataset, epochs: number = 5): Promise<Outcome[]> {
  register();
  await tf.setBackend("fanin");
  const pixels = dataset.height * dataset.width;
  const train = tensors(dataset.train, pixels);
  const test = tensors(dataset.test, pixels);

  const outcomes: Outcome[] = [];
  for (const [name, makeInitializer] of Object.entries(initializers)) {
    const model = sequential();
    const [first, second] = [toLayers(makeInitializer()), toLayers(glorotUniform({ seed: 1 }))];
    model.add(layers.dense({ units: 128, activation: "relu", kernelInitializer: first, inputShape: [pixels] }));
    model.add(layers.dense({ units: 10, activation: "softmax", kernelInitializer: second }));
    model.compile({ optimizer: adam(), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
    const options = { epochs, batchSize: 64, validationSplit: 0.2, verbose: 0 } as const;
    const { history } = await model.fit(train.x, train.y, options);
    const [, accuracy] = model.evaluate(test.x, test.y) as tf.Scalar[];
    outcomes.push({ name, testAccuracy: (accuracy as tf.Scalar).dataSync()[0] as number, history });
    tf.dispose(accuracy as tf.Scalar);
    model.dispose();
  }
  tf.dispose([train.x, train.y, test.x, test.y]);
  return outcomes;
}

/** The validation loss of every initializer as one SVG. */
export function plot(outcomes: readonly Outcome[]): string {
  const series = outcomes.map(({ name, history }) => ({
    name,
    points: (history["val_loss"] as number[]).map((mean, epoch) => ({ x: epoch + 1, mean, low: null, high: null })),
    lost: [],
  }));
  const axes = { quantity: "Validation loss", step: "epoch", scale: "linear" } as const;
  return standaloneFigure(lineChart({ ...axes, band: null, series, domain: null, reference: null }));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, figure] = process.argv.slice(2);
  const outcomes = await program(folder ? await loadIdxDirectory(folder) : proceduralDataset());
  for (const { name, testAccuracy } of outcomes)
    console.log(`${name.padEnd(20)} test accuracy ${testAccuracy.toFixed(3)}`);
  if (figure) writeFileSync(figure, plot(outcomes));
}
