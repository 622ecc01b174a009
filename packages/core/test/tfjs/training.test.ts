// Whole models through tfjs-layers: loss curves on this backend and on tfjs-cpu, from the same weights and batches.

import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import {
  input,
  type LayersModel,
  layers,
  model as makeModel,
  type SymbolicTensor,
  sequential,
} from "@tensorflow/tfjs-layers";
import { beforeAll, describe, expect, it } from "vitest";
import { adam, momentum, rmsprop, sgd } from "../../src/tfjs/optimizers.ts";
import { register } from "../../src/tfjs.ts";

const STEPS = 20;
const BATCH = 8;

/** tfjs's Orthogonal, the default, needs chained ops, which tfjs-core's Node build lacks; the weights are set anyway. */
const recurrentInitializer = "glorotUniform";

/** Reproducible floats in [-1, 1]. */
const wave = (n: number, speed: number) => Float32Array.from({ length: n }, (_, i) => Math.sin(i * speed + 1));

interface Task {
  readonly make: () => LayersModel;
  readonly x: () => tf.Tensor;
  readonly classes: number;
  /** Ours, and tfjs's of the same kind. */
  readonly optimizers: readonly [() => tf.Optimizer, () => tf.Optimizer];
}

function attention(): LayersModel {
  const tokens = input({ shape: [6] });
  const embedded = layers.embedding({ inputDim: 12, outputDim: 8 }).apply(tokens) as SymbolicTensor;
  const query = layers.dense({ units: 8 }).apply(embedded) as SymbolicTensor;
  const key = layers.dense({ units: 8 }).apply(embedded) as SymbolicTensor;
  const value = layers.dense({ units: 8 }).apply(embedded) as SymbolicTensor;
  const scores = layers.dot({ axes: [2, 2] }).apply([query, key]) as SymbolicTensor;
  const weights = layers.activation({ activation: "softmax" }).apply(scores) as SymbolicTensor;
  const mixed = layers.dot({ axes: [2, 1] }).apply([weights, value]) as SymbolicTensor;
  const summary = layers.globalAveragePooling1d({}).apply(mixed) as SymbolicTensor;
  const normed = layers.layerNormalization().apply(summary) as SymbolicTensor;
  const output = layers.dense({ units: 3, activation: "softmax" }).apply(normed) as SymbolicTensor;
  return makeModel({ inputs: tokens, outputs: output });
}

const images = () => tf.tensor4d(wave(BATCH * 12 * 12 * 3, 0.37), [BATCH, 12, 12, 3]);
const sequences = () => tf.tensor3d(wave(BATCH * 7 * 5, 0.53), [BATCH, 7, 5]);
const tokens = () =>
  tf.tensor2d(
    Array.from({ length: BATCH * 6 }, (_, i) => (i * 7) % 12),
    [BATCH, 6],
    "float32",
  );

const tasks: Readonly<Record<string, Task>> = {
  "an MLP with relu, dropout-free, adam": {
    make: () =>
      sequential({
        layers: [
          layers.dense({ units: 16, activation: "relu", inputShape: [10] }),
          layers.dense({ units: 12, activation: "elu", kernelRegularizer: "l1l2" }),
          layers.leakyReLU({ alpha: 0.1 }),
          layers.dense({ units: 4, activation: "softmax" }),
        ],
      }),
    x: () => tf.tensor2d(wave(BATCH * 10, 0.71), [BATCH, 10]),
    classes: 4,
    optimizers: [() => adam(0.01), () => tf.train.adam(0.01)],
  },
  "an MLP with tanh, selu, softplus, prelu, batch normalization, momentum": {
    make: () =>
      sequential({
        layers: [
          layers.dense({ units: 16, activation: "tanh", inputShape: [10] }),
          layers.batchNormalization(),
          layers.dense({ units: 16, activation: "selu" }),
          layers.dense({ units: 8, activation: "softplus" }),
          layers.prelu({}),
          layers.dense({ units: 4, activation: "softmax" }),
        ],
      }),
    x: () => tf.tensor2d(wave(BATCH * 10, 0.71), [BATCH, 10]),
    classes: 4,
    optimizers: [() => momentum(0.02, 0.9), () => tf.train.momentum(0.02, 0.9)],
  },
  "a CNN with pooling, batch normalization and depthwise convolution, adam": {
    make: () =>
      sequential({
        layers: [
          layers.conv2d({ filters: 8, kernelSize: 3, activation: "relu", inputShape: [12, 12, 3] }),
          layers.batchNormalization(),
          layers.maxPooling2d({ poolSize: 2 }),
          layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: "same", activation: "relu" }),
          // Without padding: tfjs-cpu's gradient of a mean over some is not that of the mean.
          layers.averagePooling2d({ poolSize: 2, strides: 2 }),
          layers.separableConv2d({ filters: 6, kernelSize: 2 }),
          layers.globalAveragePooling2d({}),
          layers.dense({ units: 3, activation: "softmax" }),
        ],
      }),
    x: images,
    classes: 3,
    optimizers: [() => adam(0.01), () => tf.train.adam(0.01)],
  },
  "a CNN with strides, transposed convolution and upsampling, sgd": {
    make: () =>
      sequential({
        layers: [
          layers.conv2d({ filters: 6, kernelSize: 3, strides: 2, padding: "same", inputShape: [12, 12, 3] }),
          layers.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2, padding: "same", activation: "sigmoid" }),
          // Bilinear: tfjs-cpu's gradient of the nearest pixel is wrong from the second image on.
          layers.upSampling2d({ size: [2, 2], interpolation: "bilinear" }),
          layers.conv2d({ filters: 2, kernelSize: 1 }),
          layers.zeroPadding2d({ padding: [1, 1] }),
          layers.flatten(),
          layers.dense({ units: 3, activation: "softmax" }),
        ],
      }),
    x: images,
    classes: 3,
    optimizers: [() => sgd(0.002), () => tf.train.sgd(0.002)],
  },
  "an LSTM, adam": {
    make: () =>
      sequential({
        layers: [
          layers.lstm({ units: 6, returnSequences: true, inputShape: [7, 5], recurrentInitializer }),
          layers.lstm({ units: 5, recurrentInitializer }),
          layers.dense({ units: 3, activation: "softmax" }),
        ],
      }),
    x: sequences,
    classes: 3,
    optimizers: [() => adam(0.01), () => tf.train.adam(0.01)],
  },
  "a bidirectional GRU, rmsprop": {
    make: () =>
      sequential({
        layers: [
          layers.bidirectional({
            layer: layers.gru({ units: 5, recurrentInitializer }) as never,
            mergeMode: "concat",
            inputShape: [7, 5],
          }),
          layers.dense({ units: 3, activation: "softmax" }),
        ],
      }),
    x: sequences,
    classes: 3,
    optimizers: [() => rmsprop(0.005), () => tf.train.rmsprop(0.005)],
  },
  "embedding and attention, adam": {
    make: attention,
    x: tokens,
    classes: 3,
    optimizers: [() => adam(0.01), () => tf.train.adam(0.01)],
  },
};

/** The loss before each of the steps, from weights that depend on their number alone. */
async function losses(task: Task, backend: string, optimizer: () => tf.Optimizer): Promise<number[]> {
  await tf.setBackend(backend);
  const network = task.make();
  network.setWeights(
    network.getWeights().map((weight, i) => {
      // Moving variances must stay positive.
      const values = wave(weight.size, 0.9 + i).map((value) => (weight.shape.length > 1 ? value / 2 : 1 + value / 10));
      return tf.tensor(values, weight.shape);
    }),
  );
  network.compile({ optimizer: optimizer(), loss: "categoricalCrossentropy" });
  const x = task.x();
  const labels = tf.tensor1d(
    Int32Array.from({ length: BATCH }, (_, i) => i % task.classes),
    "int32",
  );
  const y = tf.oneHot(labels, task.classes);
  const curve: number[] = [];
  for (let step = 0; step < STEPS; step++) curve.push((await network.trainOnBatch(x, y)) as number);
  return curve;
}

describe("training through tfjs-layers", () => {
  beforeAll(() => register());

  // Rounding differs (tfjs-cpu sums in another order); 20 steps amplify it a little.
  it.each(Object.entries(tasks))("%s follows tfjs-cpu", async (_, task) => {
    const got = await losses(task, "fanin", task.optimizers[0]);
    const want = await losses(task, "cpu", task.optimizers[1]);
    expect(want.at(-1)).toBeLessThan(want[0] as number);
    for (const [step, loss] of want.entries()) expect(Math.abs((got[step] as number) - loss)).toBeLessThan(1e-3);
  });
});
