// A training step of 784-128-10 with Adam: the dense engine, and TensorFlow.js through tfjs-layers.
// Targets: 11x tfjs wasm, the speed of NumPy on one thread; aim for 15x, the speed of torch.
// @ts-check

import { glorotUniform, heNormal } from "@fanin/core";
import { getRuntime } from "@fanin/core/runtime";
import { DenseNetwork, TrainingData } from "@fanin/lab";
import { proceduralDataset } from "@fanin/lab/data";
import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";
import { expectClose } from "../expect-equal.mjs";
import { useBackend } from "../tfjs.mjs";

const STEPS = 10; // the losses of these steps are compared
const SIZES = /** @type {const} */ ([784, 128, 10]);
const seeds = [0, 1];

const initializers = [heNormal({ seed: seeds[0] }), glorotUniform({ seed: seeds[1] })];

/**
 * @param {import("@fanin/lab/data").Dataset} dataset
 * @param {number} batch
 */
function fanin(dataset, batch) {
  const network = new DenseNetwork({
    layers: SIZES,
    activation: "relu",
    optimizer: "adam",
    learningRate: 0.001,
    capacity: batch,
  });
  network.initialize(initializers);
  const data = new TrainingData(dataset.train, SIZES[0], 0, batch, batch);
  const { x, labels } = data.batch(0, batch);
  const pixels = getRuntime()
    .arena.f32(x, batch * SIZES[0])
    .slice();
  return { pixels, step: () => network.train(x, labels, batch).loss / batch };
}

/**
 * The same network, weights and batch in TensorFlow.js on its current backend.
 * @param {Float32Array} pixels
 * @param {Uint8Array} labels
 * @param {tf.Optimizer} [optimizer]
 */
export function tfjsStep(pixels, labels, optimizer = tf.train.adam(0.001, 0.9, 0.999, 1e-7)) {
  const model = sequential({
    layers: [
      layers.dense({ units: SIZES[1], activation: "relu", inputShape: [SIZES[0]] }),
      layers.dense({ units: SIZES[2], activation: "softmax" }),
    ],
  });
  model.compile({ optimizer, loss: "categoricalCrossentropy" });
  model.setWeights(
    initializers.flatMap((initializer, l) => {
      const shape = [SIZES[l] ?? 0, SIZES[l + 1] ?? 0];
      return [tf.tensor(initializer(shape).data, shape), tf.zeros([SIZES[l + 1] ?? 0])];
    }),
  );
  const x = tf.tensor2d(pixels, [labels.length, SIZES[0]]);
  const y = tf.cast(tf.oneHot(tf.tensor1d(Int32Array.from(labels), "int32"), SIZES[2]), "float32");
  return async () => Number(await model.trainOnBatch(x, y));
}

/**
 * @param {number} batch
 * @param {readonly import("../compare.mjs").Target[]} targets
 * @returns {import("../compare.mjs").Case}
 */
function stepCase(batch, targets) {
  return {
    name: `${SIZES.join("-")}, batch ${batch}, Adam`,
    targets,
    async prepare() {
      const dataset = proceduralDataset({ train: batch, test: 1 });
      const ours = fanin(dataset, batch);
      const losses = Array.from({ length: STEPS }, ours.step);
      /** @type {import("../measure.mjs").Contender[]} */
      const contenders = [{ name: "fanin", own: true, run: ours.step }];
      for (const backend of /** @type {const} */ (["wasm", "cpu"])) {
        await useBackend(backend);
        const step = tfjsStep(ours.pixels, dataset.train.labels.subarray(0, batch));
        const own = [];
        for (let i = 0; i < STEPS; i++) own.push(await step());
        expectClose(`tfjs ${backend}: losses`, own, losses, 1e-3);
        contenders.push({ name: `tfjs ${backend}`, enter: () => useBackend(backend), run: step });
      }
      return contenders;
    },
  };
}

/** @type {import("../compare.mjs").Suite} */
export const trainingStep = {
  name: "training-step",
  title: "training step: forward, backward and update",
  cases: ({ tiny = false } = {}) =>
    tiny
      ? [stepCase(4, [])]
      : [stepCase(64, [{ own: "fanin", peer: "tfjs wasm", atLeast: 11, aim: 15 }]), stepCase(32, [])],
};
