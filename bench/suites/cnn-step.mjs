// A training step of a small convolutional network through tfjs-layers: Fanin's backend and tfjs cpu.
// tfjs wasm has no gradients of convolutions. Target: 30x tfjs cpu.
// @ts-check

import { glorotUniform, heNormal } from "@fanin/core";
import { adam, toLayers } from "@fanin/core/tfjs";
import { proceduralDataset } from "@fanin/lab/data";
import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";
import { expectClose } from "../expect-equal.mjs";
import { useBackend } from "../tfjs.mjs";

const STEPS = 2; // the losses of these steps are compared
const SIDE = 28;
const CLASSES = 10;

/**
 * Builds the network on the current backend.
 * @param {number} batch
 * @param {tf.Optimizer} optimizer
 */
function cnnStepOf(batch, optimizer) {
  const { images, labels } = proceduralDataset({ train: batch, test: 1 }).train;
  const convolution = (/** @type {number} */ filters, /** @type {number} */ seed, /** @type {object} */ more = {}) =>
    layers.conv2d({
      ...{ filters, kernelSize: 3, activation: "relu", ...more },
      kernelInitializer: toLayers(heNormal({ seed })),
    });
  const model = sequential({
    layers: [
      convolution(16, 1, { inputShape: [SIDE, SIDE, 1] }),
      layers.maxPooling2d({ poolSize: 2 }),
      convolution(32, 2),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: CLASSES, activation: "softmax", kernelInitializer: toLayers(glorotUniform({ seed: 3 })) }),
    ],
  });
  model.compile({ optimizer, loss: "categoricalCrossentropy" });
  const pixels = Float32Array.from(images.subarray(0, batch * SIDE * SIDE), (byte) => byte / 255);
  const x = tf.tensor4d(pixels, [batch, SIDE, SIDE, 1]);
  const classes = tf.tensor1d(Int32Array.from(labels.subarray(0, batch)), "int32");
  const y = tf.cast(tf.oneHot(classes, CLASSES), "float32");
  return async () => Number(await model.trainOnBatch(x, y));
}

/**
 * @param {number} batch
 * @param {readonly import("../compare.mjs").Target[]} targets
 * @returns {import("../compare.mjs").Case}
 */
function cnnCase(batch, targets) {
  return {
    name: `two 3x3 convolutions (16, 32), batch ${batch}, Adam`,
    targets,
    async prepare() {
      /** @type {import("../measure.mjs").Contender[]} */
      const contenders = [];
      /** @type {number[] | undefined} */
      let expected;
      for (const backend of /** @type {const} */ (["fanin", "cpu"])) {
        await useBackend(backend);
        const own = backend === "fanin";
        const step = cnnStepOf(batch, own ? adam(0.001) : tf.train.adam(0.001));
        const losses = [];
        for (let i = 0; i < STEPS; i++) losses.push(await step());
        expected ??= losses;
        expectClose(`${backend}: losses`, losses, expected, 1e-3);
        const name = own ? backend : `tfjs ${backend}`;
        contenders.push({ name, own, isSlow: !own, enter: () => useBackend(backend), run: step });
      }
      return contenders;
    },
  };
}

/** @type {import("../compare.mjs").Suite} */
export const cnnStep = {
  name: "cnn-step",
  title: "training step of a small convolutional network through tfjs-layers",
  cases: ({ tiny = false } = {}) =>
    tiny ? [cnnCase(1, [])] : [cnnCase(32, [{ own: "fanin", peer: "tfjs cpu", atLeast: 30 }])],
};
