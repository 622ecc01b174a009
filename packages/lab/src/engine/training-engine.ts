// The interface of a training engine, and the built-in dense engine.
// Source: the protocol of compare/train-run.ts, which does not depend on how a network computes.

import type { Initializer } from "@fanin/core";
import { type BatchMetrics, DenseNetwork, type DenseOptions } from "./dense-network.ts";

/** The name of an engine, as in the config of a comparison. */
export type EngineName = "dense" | "tfjs";

/** All engine names. */
export const engineNames: readonly EngineName[] = ["dense", "tfjs"];

/**
 * A network that a run trains. `x` is the address of rows of floats and `labels` the address of u32 labels, both in the
 * memory of `getRuntime()` of @fanin/core/runtime. They are valid until the call returns or its promise settles.
 */
export interface TrainableNetwork {
  /** Draws the kernel of each layer by its initializer and sets biases to zero. */
  initialize(initializers: readonly Initializer[]): void;
  /** The kernel of layer `l`, inputs x outputs, row-major; valid until the next call. */
  kernel(l: number): Float32Array;
  /** All kernels and biases in layer order, copied without gaps. */
  parameters(): Float32Array<ArrayBuffer>;
  /** One optimizer step; the metrics are those before the step. */
  train(x: number, labels: number, rows: number): BatchMetrics | Promise<BatchMetrics>;
  evaluate(x: number, labels: number, rows: number): BatchMetrics | Promise<BatchMetrics>;
  /** A copy of the weights and the optimizer's slots, as arrays of one length. */
  state(): readonly Float32Array[] | Promise<readonly Float32Array[]>;
  /** Resumes bit-identically from the result of `state` after `step` steps; RangeError with `arrays: ` if they do not fit. */
  restore(arrays: readonly Float32Array[], step: number): void | Promise<void>;
  /** Frees the memory. */
  dispose(): void;
}

/** Makes networks. */
export interface TrainingEngine {
  readonly name: EngineName;
  network(options: DenseOptions): TrainableNetwork | Promise<TrainableNetwork>;
}

/** The built-in engine: everything in WebAssembly memory, without a library. */
export const denseEngine: TrainingEngine = { name: "dense", network: (options) => new DenseNetwork(options) };
