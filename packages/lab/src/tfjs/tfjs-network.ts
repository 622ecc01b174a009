// A dense network of a comparison in idiomatic TensorFlow.js: tf.sequential, compile, trainOnBatch.
// Source: keras.layers.Dense and keras.losses.CategoricalCrossentropy(from_logits=True), as in DenseNetwork: the softmax is
// part of the loss, so a confident mistake has its full loss instead of log(1e-7), the limit of tfjs-layers.

import type { Initializer } from "@fanin/core";
import { getRuntime } from "@fanin/core/runtime";
import { adam, momentum, rmsprop, sgd } from "@fanin/core/tfjs";
import { losses, type Optimizer, type Scalar, scalar, type Tensor, tensor, tensor2d } from "@tensorflow/tfjs-core";
import { layers as layer, type Sequential, sequential } from "@tensorflow/tfjs-layers";
import { type ActivationName, LEAKY_SLOPE } from "../engine/activations.ts";
import type { BatchMetrics, DenseOptions } from "../engine/dense-network.ts";
import { BETA_1, BETA_2, EPSILON, MOMENTUM, type OptimizerName, RHO } from "../engine/optimizers.ts";
import type { TrainableNetwork } from "../engine/training-engine.ts";

type DenseArgs = Parameters<typeof layer.dense>[0];
type Layer = ReturnType<typeof layer.dense>;
type Named = Awaited<ReturnType<Optimizer["getWeights"]>>[number];

/** The names of tfjs-layers for activations, where they differ. */
const activationNames: Partial<Record<ActivationName, string>> = { silu: "swish" };

/** A fused optimizer, and its number of arrays per variable. */
interface Maker {
  readonly kept: number;
  make(learningRate: number): Optimizer;
  /** Called before every step. */
  prepare?(optimizer: Optimizer): void;
}

/** The optimizers with Keras's defaults. */
const makers: Readonly<Record<OptimizerName, Maker>> = {
  adam: {
    kept: 2,
    make: (rate) => adam(rate, BETA_1, BETA_2, EPSILON),
    // Keras adds epsilon to sqrt(v), TensorFlow.js to sqrt(v / (1 - beta2^t)): a visible factor of 30 in the first step.
    prepare(optimizer) {
      const state = optimizer as unknown as { epsilon: number };
      state.epsilon = EPSILON / Math.sqrt(1 - BETA_2 ** (optimizer.iterations + 1));
    },
  },
  momentum: { kept: 1, make: (rate) => momentum(rate, MOMENTUM) },
  // TensorFlow.js also stores the last update, for a momentum that is 0 here.
  rmsprop: { kept: 2, make: (rate) => rmsprop(rate, RHO, 0, EPSILON) },
  sgd: { kept: 0, make: (rate) => sgd(rate) },
};

/** Concatenates `arrays`. */
function joined(arrays: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

const valuesOf = (variable: Tensor): Float32Array => variable.dataSync<"float32">();

/** A network in tfjs-layers; `enter` makes its backend the current one. */
export class TfjsNetwork implements TrainableNetwork {
  readonly #sizes: readonly number[];
  readonly #model: Sequential;
  readonly #dense: readonly Layer[];
  readonly #maker: Maker;
  readonly #optimizer: Optimizer;
  readonly #enter: () => Promise<void>;

  constructor({ layers, activation, optimizer, learningRate }: DenseOptions, enter: () => Promise<void>) {
    this.#sizes = layers;
    this.#maker = makers[optimizer];
    this.#optimizer = this.#maker.make(learningRate);
    this.#enter = enter;
    this.#model = sequential();
    this.#dense = layers.slice(1).map((units, l) => {
      const isHidden = l < layers.length - 2;
      const name = isHidden && activation !== "leaky_relu" ? (activationNames[activation] ?? activation) : "linear";
      const made = layer.dense({
        units,
        activation: name as NonNullable<DenseArgs["activation"]>,
        kernelInitializer: "zeros", // initialize() sets the values
        ...(l === 0 ? { inputShape: [layers[0] ?? 0] } : {}),
      });
      this.#model.add(made);
      if (isHidden && activation === "leaky_relu") this.#model.add(layer.leakyReLU({ alpha: LEAKY_SLOPE }));
      return made;
    });
    this.#model.compile({
      optimizer: this.#optimizer,
      loss: (labels: Tensor, logits: Tensor) => losses.softmaxCrossEntropy(labels, logits),
      metrics: ["accuracy"],
    });
  }

  initialize(initializers: readonly Initializer[]): void {
    for (const [l, dense] of this.#dense.entries()) {
      const shape = [this.#sizes[l] ?? 0, this.#sizes[l + 1] ?? 0];
      const values = initializers[l]?.(shape).data ?? new Float32Array((shape[0] ?? 0) * (shape[1] ?? 0));
      this.#assign(dense, [values, new Float32Array(shape[1] ?? 0)]);
    }
  }

  kernel(l: number): Float32Array {
    const [kernel] = this.#dense[l]?.getWeights() ?? [];
    if (!kernel) throw new RangeError(`layer: expected 0 to ${this.#dense.length - 1}, got ${l}`);
    return valuesOf(kernel);
  }

  parameters(): Float32Array<ArrayBuffer> {
    return joined(this.#weights().map(valuesOf));
  }

  async train(x: number, labels: number, rows: number): Promise<BatchMetrics> {
    await this.#enter();
    this.#maker.prepare?.(this.#optimizer);
    const batch = this.#batch(x, labels, rows);
    try {
      const [loss, accuracy] = (await this.#model.trainOnBatch(...batch)) as [number, number];
      return { loss: loss * rows, correct: Math.round(accuracy * rows) };
    } finally {
      for (const part of batch) part.dispose();
    }
  }

  async evaluate(x: number, labels: number, rows: number): Promise<BatchMetrics> {
    await this.#enter();
    const batch = this.#batch(x, labels, rows);
    const metrics = this.#model.evaluate(...batch, { batchSize: rows }) as Scalar[];
    const [loss = Number.NaN, accuracy = 0] = metrics.map((metric) => valuesOf(metric)[0] as number);
    for (const part of [...batch, ...metrics]) part.dispose();
    return { loss: loss * rows, correct: Math.round(accuracy * rows) };
  }

  async state(): Promise<Float32Array[]> {
    const parameters = this.parameters();
    const gathered = await this.#optimizer.getWeights();
    const [iterations, ...slots] = gathered.map(({ tensor: held }) => held);
    iterations?.dispose(); // the optimizer owns the others
    const count = this.#weights().length;
    const kept = Array.from({ length: this.#maker.kept }, (_, k) => {
      const part = slots.slice(k * count, (k + 1) * count);
      return part.length > 0 ? joined(part.map(valuesOf)) : new Float32Array(parameters.length);
    });
    return [parameters, ...kept];
  }

  async restore(arrays: readonly Float32Array[], step: number): Promise<void> {
    await this.#enter();
    const length = this.#weights().reduce((sum, { size }) => sum + size, 0);
    if (arrays.length !== 1 + this.#maker.kept || arrays.some((array) => array.length !== length)) {
      const got = arrays.map((array) => array.length).join(", ");
      throw new RangeError(`arrays: expected ${1 + this.#maker.kept} of ${length} floats, got ${got || "none"}`);
    }
    const [parameters = new Float32Array(0), ...slots] = arrays;
    const parts = this.#split(parameters);
    for (const [l, dense] of this.#dense.entries()) this.#assign(dense, parts.slice(2 * l, 2 * l + 2));
    if (step === 0) return;
    const named: Named[] = [{ name: "iter", tensor: scalar(step, "int32") }];
    const shapes = this.#weights().map(({ shape }) => shape);
    for (const slot of slots) {
      for (const [i, values] of this.#split(slot).entries()) {
        named.push({ name: `slot_${i}`, tensor: tensor(values, shapes[i] ?? []) });
      }
    }
    await this.#optimizer.setWeights(named);
    for (const { tensor: given } of named) given.dispose();
  }

  dispose(): void {
    this.#optimizer.dispose();
    this.#model.dispose();
  }

  /** Kernel, bias, kernel, bias, ... */
  #weights(): Tensor[] {
    return this.#dense.flatMap((dense) => dense.getWeights());
  }

  #assign(dense: Layer, values: readonly Float32Array[]): void {
    const weights = dense.getWeights().map(({ shape }, i) => tensor(values[i] ?? [], shape, "float32"));
    dense.setWeights(weights);
    for (const weight of weights) weight.dispose();
  }

  /** Splits `values` into the arrays of the weights. */
  #split(values: Float32Array): Float32Array[] {
    let at = 0;
    return this.#weights().map(({ size }) => {
      at += size;
      return values.slice(at - size, at);
    });
  }

  /** Inputs and one-hot labels. */
  #batch(x: number, labels: number, rows: number): [Tensor, Tensor] {
    const { arena } = getRuntime();
    const inputs = this.#sizes[0] ?? 0;
    const classes = this.#sizes.at(-1) ?? 0;
    const hot = new Float32Array(rows * classes);
    for (const [r, label] of arena.u32(labels, rows).entries()) hot[r * classes + label] = 1;
    return [tensor2d(arena.f32(x, rows * inputs), [rows, inputs]), tensor2d(hot, [rows, classes])];
  }
}
