// Program 2: a custom layer whose weights are all zeros, in a model; builds it, prints a summary and predicts.
// Run: node examples/dist/zeros-layer.js

import { fileURLToPath } from "node:url";
import { zeros } from "@fanin/core";
import { adam, register, toLayers } from "@fanin/core/tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";

class ZerosLayer extends layers.Layer {
  static readonly className = "ZerosLayer";
  #w: { read(): tf.Tensor } | undefined;

  override build(inputShape: number[]): void {
    const shape = [inputShape.at(-1) as number, 10];
    this.#w = this.addWeight("w", shape, "float32", toLayers(zeros()));
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? (inputs[0] as tf.Tensor) : inputs;
    return tf.matMul(x, this.#w?.read() as tf.Tensor);
  }

  override computeOutputShape(inputShape: number[]): number[] {
    return [...inputShape.slice(0, -1), 10];
  }
}

/** Builds the model. Returns its predictions for two rows and the outputs of the custom layer. */
export async function program(): Promise<{ prediction: number[][]; hidden: number[][] }> {
  register();
  await tf.setBackend("fanin");

  const layer = new ZerosLayer();
  const model = sequential({
    layers: [layers.inputLayer({ inputShape: [20] }), layer, layers.dense({ units: 1 })],
  });
  model.compile({ optimizer: adam(), loss: "meanSquaredError" });
  model.summary();

  const x = tf.tensor2d(
    Array.from({ length: 40 }, (_, i) => i / 40),
    [2, 20],
  );
  const prediction = model.predict(x) as tf.Tensor2D;
  const hidden = layer.apply(x) as tf.Tensor2D;
  return { prediction: prediction.arraySync(), hidden: hidden.arraySync() };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log((await program()).prediction);
