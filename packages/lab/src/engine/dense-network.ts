// A dense network on the kernels: forward pass, backward pass and update, all in WebAssembly memory.
// Source: the layer of keras.layers.Dense (y = activation(x W + b)) with a softmax output and cross-entropy loss.

import type { Initializer } from "@fanin/core";
import { getRuntime, type Runtime } from "@fanin/core/runtime";
import { type ActivationName, activations } from "./activations.ts";
import { type OptimizerName, optimizers } from "./optimizers.ts";

/** The architecture and the training parameters of a network. */
export interface DenseOptions {
  /** Sizes of input, hidden and output layers; at least two. */
  readonly layers: readonly number[];
  /** The activation of hidden layers; the output is a softmax. */
  readonly activation: ActivationName;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  /** The greatest number of rows per call. */
  readonly capacity: number;
}

/** The metrics of one pass over a batch. */
export interface BatchMetrics {
  /** Summed over the rows. */
  readonly loss: number;
  readonly correct: number;
}

/** One layer: its sizes, the offsets of its parameters in the block of all (in floats), and its buffers. */
interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: number;
  readonly bias: number;
  /** Pre-activations, later the gradient with respect to them. */
  readonly z: number;
  /** Activations, later the gradient with respect to them; the same memory as z without an activation. */
  readonly a: number;
}

const FLOAT = 4;

/** Rounds `x` up to whole vectors, so that every parameter array is aligned. */
function vectors(x: number): number {
  return Math.ceil(x / 4) * 4;
}

/**
 * A stack of dense layers that trains in place.
 *
 * @example
 * import { glorotUniform, heNormal } from "@fanin/core";
 * const network = new DenseNetwork({ layers: [784, 128, 10], activation: "relu", optimizer: "adam", learningRate: 1e-3, capacity: 64 });
 * network.initialize([heNormal({ seed: 0 }), glorotUniform({ seed: 1 })]);
 * network.dispose();
 */
export class DenseNetwork {
  readonly layers: readonly number[];
  readonly #runtime: Runtime;
  readonly #options: DenseOptions;
  readonly #stack: readonly Layer[];
  readonly #blocks: number[] = [];
  readonly #length: number;
  readonly #weights: number;
  readonly #gradients: number;
  readonly #slots: readonly number[];
  readonly #workspace: number;
  #step = 0;

  constructor(options: DenseOptions) {
    this.#runtime = getRuntime();
    this.#options = options;
    this.layers = options.layers;
    const { kernels } = this.#runtime;
    const sizes = options.layers;
    const rows = options.capacity;
    let length = 0;
    let workspace = 0;
    this.#stack = sizes.slice(1).map((outputs, l) => {
      const inputs = sizes[l] ?? 0;
      const kernel = length;
      const bias = kernel + vectors(inputs * outputs);
      length = bias + vectors(outputs);
      workspace = Math.max(
        workspace,
        kernels.gemm_workspace_f32(rows, outputs, inputs),
        kernels.gemm_workspace_f32(inputs, outputs, rows),
        kernels.gemm_workspace_f32(rows, inputs, outputs),
      );
      const z = this.#alloc(rows * outputs * FLOAT);
      const hidden = l < sizes.length - 2 && activations[options.activation] !== null;
      return { inputs, outputs, kernel, bias, z, a: hidden ? this.#alloc(rows * outputs * FLOAT) : z };
    });
    this.#length = length;
    this.#weights = this.#zeros(length);
    this.#gradients = this.#zeros(length);
    this.#slots = Array.from({ length: optimizers[options.optimizer].slots }, () => this.#zeros(length));
    this.#workspace = this.#alloc(workspace);
  }

  /** Draws the kernel of each layer by its initializer, sets biases to zero and resets the optimizer's state. */
  initialize(initializers: readonly Initializer[]): void {
    const { arena } = this.#runtime;
    for (const pointer of [this.#weights, this.#gradients, ...this.#slots]) {
      arena.f32(pointer, this.#length).fill(0);
    }
    for (const [l, { inputs, outputs }] of this.#stack.entries()) {
      const values = initializers[l]?.([inputs, outputs]).data;
      // The draw may allocate, so the view must come after it.
      if (values) this.kernel(l).set(values);
    }
    this.#step = 0;
  }

  /** The kernel of layer `l` (inputs x outputs, row-major), as a view that is valid until the next allocation. */
  kernel(l: number): Float32Array<ArrayBuffer> {
    const layer = this.#layer(l);
    return this.#runtime.arena.f32(this.#weights + layer.kernel * FLOAT, layer.inputs * layer.outputs);
  }

  /** The bias of layer `l`, as a view that is valid until the next allocation. */
  bias(l: number): Float32Array<ArrayBuffer> {
    const layer = this.#layer(l);
    return this.#runtime.arena.f32(this.#weights + layer.bias * FLOAT, layer.outputs);
  }

  /** All kernels and biases in layer order, copied without gaps. */
  parameters(): Float32Array<ArrayBuffer> {
    const parts = this.#stack.flatMap((_, l) => [this.kernel(l), this.bias(l)]);
    const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }

  /** A copy of the weights and the optimizer's slots: with the number of steps, the complete state of training. */
  state(): Float32Array<ArrayBuffer>[] {
    return [this.#weights, ...this.#slots].map((pointer) => this.#runtime.arena.f32(pointer, this.#length).slice());
  }

  /**
   * Resumes from the result of `state` after `step` steps.
   *
   * @throws RangeError if the number or the length of the arrays does not match this network.
   */
  restore(arrays: readonly Float32Array[], step: number): void {
    const pointers = [this.#weights, ...this.#slots];
    if (arrays.length !== pointers.length || arrays.some(({ length }) => length !== this.#length)) {
      const got = arrays.map(({ length }) => length).join(", ");
      throw new RangeError(`arrays: expected ${pointers.length} of ${this.#length} floats, got ${got || "none"}`);
    }
    for (const [i, pointer] of pointers.entries()) {
      this.#runtime.arena.f32(pointer, this.#length).set(arrays[i] ?? []);
    }
    this.#step = step;
  }

  /** A copy of the pre-activations of every layer, rows x outputs, for the `rows` rows at `x`. */
  preActivations(x: number, rows: number): Float32Array[] {
    this.#forward(x, rows);
    return this.#stack.map(({ z, outputs }) => this.#runtime.arena.f32(z, rows * outputs).slice());
  }

  /** Loss and number of correct predictions of the `rows` rows at `x` (floats) with the labels (u32) at `labels`. */
  evaluate(x: number, labels: number, rows: number): BatchMetrics {
    this.#forward(x, rows);
    return this.#loss(labels, rows);
  }

  /** One optimizer step on the `rows` rows at `x`; the metrics are those before the step. */
  train(x: number, labels: number, rows: number): BatchMetrics {
    const metrics = this.evaluate(x, labels, rows);
    this.#backward(x, rows);
    this.#step++;
    optimizers[this.#options.optimizer].update(this.#runtime.kernels, {
      weights: this.#weights,
      gradients: this.#gradients,
      slots: this.#slots,
      n: this.#length,
      step: this.#step,
      learningRate: this.#options.learningRate,
    });
    return metrics;
  }

  /** Frees the memory; do not use the network afterwards. */
  dispose(): void {
    for (const pointer of this.#blocks.splice(0)) this.#runtime.arena.free(pointer);
  }

  #layer(l: number): Layer {
    const layer = this.#stack[l];
    if (!layer) throw new RangeError(`layer: expected 0 to ${this.#stack.length - 1}, got ${l}`);
    return layer;
  }

  #alloc(bytes: number): number {
    const pointer = this.#runtime.arena.alloc(bytes);
    this.#blocks.push(pointer);
    return pointer;
  }

  #zeros(length: number): number {
    const pointer = this.#alloc(length * FLOAT);
    this.#runtime.arena.f32(pointer, length).fill(0);
    return pointer;
  }

  #forward(x: number, rows: number): void {
    const { kernels } = this.#runtime;
    const activation = activations[this.#options.activation];
    let input = x;
    for (const { inputs, outputs, kernel, bias, z, a } of this.#stack) {
      const w = this.#weights + kernel * FLOAT;
      kernels.gemm_f32(rows, outputs, inputs, input, inputs, 1, w, outputs, 1, 0, z, outputs, this.#workspace);
      kernels.bias_add_f32(z, this.#weights + bias * FLOAT, rows, outputs);
      if (a !== z) activation?.[0](kernels, a, z, rows * outputs);
      input = a;
    }
  }

  /** Computes the loss and replaces the logits by the gradient of the mean loss with respect to them. */
  #loss(labels: number, rows: number): BatchMetrics {
    const { kernels } = this.#runtime;
    const { z, outputs } = this.#layer(this.#stack.length - 1);
    const correct = kernels.count_correct_f32(z, labels, rows, outputs);
    return { loss: kernels.softmax_cross_entropy_f32(z, z, labels, rows, outputs, 1 / rows), correct };
  }

  #backward(x: number, rows: number): void {
    const { kernels } = this.#runtime;
    const activation = activations[this.#options.activation];
    for (let l = this.#stack.length - 1; l >= 0; l--) {
      const { inputs, outputs, kernel, bias, z } = this.#layer(l);
      const below = l > 0 ? this.#layer(l - 1) : undefined;
      const dw = this.#gradients + kernel * FLOAT;
      const input = below ? below.a : x;
      kernels.gemm_f32(inputs, outputs, rows, input, 1, inputs, z, outputs, 1, 0, dw, outputs, this.#workspace);
      kernels.column_sum_f32(this.#gradients + bias * FLOAT, z, rows, outputs);
      if (!below) break;
      const w = this.#weights + kernel * FLOAT;
      kernels.gemm_f32(rows, inputs, outputs, z, outputs, 1, w, 1, outputs, 0, below.a, inputs, this.#workspace);
      if (below.a !== below.z) activation?.[1](kernels, below.z, below.z, below.a, rows * inputs);
    }
  }
}
