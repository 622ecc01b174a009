// Program 3: a classifier whose first layer starts from the constant 0.1; builds it, prints a summary and predicts.
// Run: node examples/dist/constant-network.js

import { fileURLToPath } from "node:url";
import { constant } from "@fanin/core";
import { adam, install, register, toLayers } from "@fanin/core/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";

/** Builds the model. Returns its class probabilities for two rows and the weights of its first layer. */
export async function program(): Promise<{ prediction: number[][]; kernel: Float32Array }> {
  register();
  install();
  await tf.setBackend("fanin");

  const model = sequential();
  model.add(
    layers.dense({
      units: 64,
      activation: "relu",
      kernelInitializer: toLayers(constant({ value: 0.1 })),
      inputShape: [100],
    }),
  );
  model.add(layers.dense({ units: 10, activation: "softmax" }));
  model.compile({ optimizer: adam(), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  model.summary();

  const x = tf.tensor2d(
    Array.from({ length: 200 }, (_, i) => Math.sin(i)),
    [2, 100],
  );
  const prediction = model.predict(x) as tf.Tensor2D;
  const [kernel] = model.getWeights();
  return { prediction: prediction.arraySync(), kernel: (kernel as tf.Tensor).dataSync() as Float32Array };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log((await program()).prediction);
