// What trains the networks of a comparison: the dense engine, or another that a program hands in.
// Source: the protocol of compare/train-run.ts, which knows nothing of how a network computes.

import type { Initializer } from "@fanin/core";
import { type BatchMetrics, DenseNetwork, type DenseOptions } from "./dense-network.ts";

/** The name of an engine; a comparison's config has it. */
export type EngineName = "dense" | "tfjs";

/** Every name of an engine. */
export const engineNames: readonly EngineName[] = ["dense", "tfjs"];

/**
 * A network as a run trains it. `x` is the address of rows of floats and `labels` that of u32, both in the memory of
 * `getRuntime()` of @fanin/core/runtime, and valid until the call returns or its promise is settled.
 */
export interface TrainableNetwork {
  /** Sets the kernel of each layer by its initializer, and biases to zero. */
  initialize(initializers: readonly Initializer[]): void;
  /** The kernel of layer `l`, inputs x outputs, row-major; valid until the next call. */
  kernel(l: number): Float32Array;
  /** All kernels and biases in layer order, copied without gaps. */
  parameters(): Float32Array<ArrayBuffer>;
  /** One step of the optimizer; the metrics are those before the step. */
  train(x: number, labels: number, rows: number): BatchMetrics | Promise<BatchMetrics>;
  evaluate(x: number, labels: number, rows: number): BatchMetrics | Promise<BatchMetrics>;
  /** Weights, then what the optimizer has gathered: arrays of one length, copied. */
  state(): readonly Float32Array[] | Promise<readonly Float32Array[]>;
  /** Goes on from what `state` gave after `step` steps, bit for bit; a RangeError that begins with `arrays: ` where they do not fit. */
  restore(arrays: readonly Float32Array[], step: number): void | Promise<void>;
  /** Gives the memory back. */
  dispose(): void;
}

/** Makes networks. */
export interface TrainingEngine {
  readonly name: EngineName;
  network(options: DenseOptions): TrainableNetwork | Promise<TrainableNetwork>;
}

/** The engine of this package: everything in WebAssembly memory, without a library. */
export const denseEngine: TrainingEngine = { name: "dense", network: (options) => new DenseNetwork(options) };
