// The description of a dense network whose signals are studied, checked, and the weights that it stands for.
// Source: the seeds are those of compare/train-run.ts, so that a network studied here is the one that is trained there.

import { type Initializer, PythonRandom, randomNormal, type StreamName, streamNames } from "@fanin/core";
import { textLimits } from "@fanin/formats";
import { describeValue, expectInteger, expectNumber, expectOneOf } from "@fanin/tensor/arguments";
import { seededInitializers } from "../compare/layer-initializers.ts";
import { type ActivationName, activations } from "../engine/activations.ts";

/** A dense network at its start. */
export interface SignalNetwork {
  /** Sizes of input, hidden and output layers; the last layer is linear, as the logits of a classifier are. */
  readonly layers: readonly number[];
  /** Between layers. */
  readonly activation: ActivationName;
  /** One text such as `he_normal` for every layer, or one a layer. Not read where `weights` are given. */
  readonly initializer?: string | readonly string[];
  /** The kernels themselves, each fan-in x fan-out and row-major. */
  readonly weights?: readonly Float32Array[];
  /** Of normal biases; 0 unless given. */
  readonly biasStddev?: number;
}

/** Where the random numbers of a network come from. */
export interface NetworkSeed {
  readonly seed: number;
  readonly stream: StreamName;
}

const MAX_UNITS = 2 ** 16;
const MAX_LAYERS = textLimits.layers;

/** The sizes of `network`, checked; at least one layer of weights. */
export function expectLayers(layers: unknown): readonly number[] {
  if (!Array.isArray(layers)) throw new TypeError(`layers: expected a list, got ${describeValue(layers)}`);
  if (layers.length < 2 || layers.length > MAX_LAYERS) {
    throw new RangeError(`layers: expected 2 to ${MAX_LAYERS} sizes, got ${layers.length}`);
  }
  return layers.map((size) => expectInteger("layers", size, 1, MAX_UNITS));
}

/**
 * Returns `network` with every field checked against the others.
 *
 * @throws TypeError or RangeError that names the field, what was expected and what came.
 */
export function expectNetwork(network: SignalNetwork): SignalNetwork {
  const layers = expectLayers(network.layers);
  const count = layers.length - 1;
  expectOneOf("activation", network.activation, Object.keys(activations) as ActivationName[]);
  const stddev = expectNumber("biasStddev", network.biasStddev ?? 0);
  if (!(stddev >= 0 && stddev < 1e30)) throw new RangeError(`biasStddev: expected 0 to 1e30, got ${stddev}`);
  const { initializer, weights } = network;
  if (weights) {
    if (weights.length !== count) throw new RangeError(`weights: expected ${count} kernels, got ${weights.length}`);
    weights.forEach((kernel, l) => {
      const expected = (layers[l] ?? 0) * (layers[l + 1] ?? 0);
      if (!(kernel instanceof Float32Array)) {
        throw new TypeError(`weights[${l}]: expected a Float32Array, got ${describeValue(kernel)}`);
      }
      if (kernel.length !== expected) {
        throw new RangeError(`weights[${l}]: expected ${layers[l]} x ${layers[l + 1]} values, got ${kernel.length}`);
      }
    });
  } else if (Array.isArray(initializer)) {
    if (initializer.length !== count) {
      throw new RangeError(`initializer: expected ${count} texts, one a layer, got ${initializer.length}`);
    }
  } else if (typeof initializer !== "string") {
    throw new TypeError(`initializer: expected text, or one a layer, got ${describeValue(initializer)}`);
  }
  return network;
}

/** Returns seed and stream, checked. */
export function expectSeed(options: { readonly seed: number; readonly stream?: string | undefined }): NetworkSeed {
  return {
    seed: expectInteger("seed", options.seed, 0, 2 ** 32 - 1),
    stream: expectOneOf("stream", options.stream ?? "keras/tensorflow", streamNames),
  };
}

/** The initializer of each layer; null where weights are given. */
export function networkInitializers(network: SignalNetwork, { seed, stream }: NetworkSeed): Initializer[] | null {
  const { initializer } = network;
  if (network.weights || initializer === undefined) return null;
  const texts = typeof initializer === "string" ? network.layers.slice(1).map(() => initializer) : initializer;
  return seededInitializers(texts, seed, stream);
}

/** What is drawn beside kernels; each has seeds of its own, so that a layer more does not move the others. */
export type Purpose = "input" | "readout" | "bias";
const purposes: readonly Purpose[] = ["input", "readout", "bias"];

/** A source of normal arrays for one purpose: draw i is the same however many follow. */
export function normalSource(
  { seed, stream }: NetworkSeed,
  purpose: Purpose,
): (n: number, stddev: number) => Float32Array {
  // Beyond the 32 bits of a user's seed, so that no user's seed has these streams.
  const random = new PythonRandom(BigInt(seed) + (BigInt(purposes.indexOf(purpose) + 1) << 32n));
  return (n, stddev) => randomNormal({ seed: random.randint1e9(), stream, stddev })([n]).data;
}
