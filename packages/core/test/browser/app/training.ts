// A small model that trains by tfjs-layers on the backend `fanin`: the same code on a page, in a worker and in Node.

import { heNormal } from "@fanin/core";
import { adam, FaninBackend, register, toLayers } from "@fanin/core/tfjs";
import { supportsRelaxedSimd } from "@fanin/kernels";
import { backend, getBackend, oneHot, setBackend, Tensor, tensor1d, tensor4d } from "@tensorflow/tfjs-core";
import { layers, sequential } from "@tensorflow/tfjs-layers";

const STEPS = 20;
const ROWS = 8;
const SIDE = 8;
const CLASSES = 3;

/** What a training gives. */
export interface Trained {
  readonly backend: string;
  /** Whether tensors of tfjs-layers and the backend are those of the one tfjs-core that this file imports. */
  readonly isOneInstance: boolean;
  /** Whether the binary with fused multiply-adds ran. */
  readonly isRelaxed: boolean;
  readonly losses: readonly number[];
}

/** Trains a convolutional network from weights and images that are the same everywhere. */
export async function train(deterministic: boolean): Promise<Trained> {
  register({ deterministic });
  await setBackend("fanin");
  const kernelInitializer = () => toLayers(heNormal({ seed: 7 }));
  const model = sequential({
    layers: [
      layers.conv2d({
        ...{ filters: 4, kernelSize: 3, activation: "relu", inputShape: [SIDE, SIDE, 1] },
        kernelInitializer: kernelInitializer(),
      }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 12, activation: "tanh", kernelInitializer: kernelInitializer() }),
      layers.dense({ units: CLASSES, activation: "softmax", kernelInitializer: kernelInitializer() }),
    ],
  });
  model.compile({ optimizer: adam(0.01), loss: "categoricalCrossentropy" });
  // Made of integers: Math.sin is not the same in every engine.
  const pixels = Float32Array.from({ length: ROWS * SIDE * SIDE }, (_, i) => ((i * 37 + (i >> 3) * 11) % 64) / 64);
  const x = tensor4d(pixels, [ROWS, SIDE, SIDE, 1]);
  const labels = Int32Array.from({ length: ROWS }, (_, i) => i % CLASSES);
  const y = oneHot(tensor1d(labels, "int32"), CLASSES);
  const losses: number[] = [];
  for (let step = 0; step < STEPS; step++) losses.push(Number(await model.trainOnBatch(x, y)));
  const output = model.predict(x);
  const isOneInstance = output instanceof Tensor && (backend() as unknown) instanceof FaninBackend;
  const isRelaxed = !deterministic && supportsRelaxedSimd();
  return { backend: getBackend(), isOneInstance, isRelaxed, losses };
}
