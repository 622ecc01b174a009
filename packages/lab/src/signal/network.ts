// The checked description of a dense network for signal propagation, and its weights.
// Source: the seeds are those of compare/train-run.ts, so this is the same network as the one trained there.

import { type Initializer, PythonRandom, randomNormal, type StreamName, streamNames } from "@fanin/core";
import { textLimits } from "@fanin/formats";
import { describeValue, expectInteger, expectNumber, expectOneOf } from "@fanin/tensor/arguments";
import { seededInitializers } from "../compare/layer-initializers.ts";
import { type ActivationName, activations } from "../engine/activations.ts";

/** A dense network at initialization. */
export interface SignalNetwork {
  /** Sizes of input, hidden and output layers; the last layer is linear, as the logits of a classifier are. */
  readonly layers: readonly number[];
  /** The activation between layers. */
  readonly activation: ActivationName;
  /** One initializer such as `he_normal` for all layers, or one per layer. Ignored if `weights` is given. */
  readonly initializer?: string | readonly string[];
  /** The kernels, each fan-in x fan-out and row-major. */
  readonly weights?: readonly Float32Array[];
  /** The standard deviation of normal biases. Defaults to 0. */
  readonly biasStddev?: number;
}

/** The source of a network's random numbers. */
export interface NetworkSeed {
  readonly seed: number;
  readonly stream: StreamName;
}

const MAX_UNITS = 2 ** 16;
const MAX_LAYERS = textLimits.layers;

/** Checks the sizes of `network`, which has at least one layer of weights. */
export function expectLayers(layers: unknown): readonly number[] {
  if (!Array.isArray(layers)) throw new TypeError(`layers: expected a list, got ${describeValue(layers)}`);
  if (layers.length < 2 || layers.length > MAX_LAYERS) {
    throw new RangeError(`layers: expected 2 to ${MAX_LAYERS} sizes, got ${layers.length}`);
  }
  return layers.map((size) => expectInteger("layers", size, 1, MAX_UNITS));
}

/**
 * Checks every field of `network` against the others and returns `network`.
 *
 * @throws TypeError or RangeError that names the field, the expected value and the value received.
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
      throw new RangeError(`initializer: expected ${count} texts, one per layer, got ${initializer.length}`);
    }
  } else if (typeof initializer !== "string") {
    throw new TypeError(`initializer: expected text, or a list with one per layer, got ${describeValue(initializer)}`);
  }
  return network;
}

/** Checks and returns seed and stream. */
export function expectSeed(options: { readonly seed: number; readonly stream?: string | undefined }): NetworkSeed {
  return {
    seed: expectInteger("seed", options.seed, 0, 2 ** 32 - 1),
    stream: expectOneOf("stream", options.stream ?? "keras/tensorflow", streamNames),
  };
}

/** The initializer of each layer; null if weights are given. */
export function networkInitializers(network: SignalNetwork, { seed, stream }: NetworkSeed): Initializer[] | null {
  const { initializer } = network;
  if (network.weights || initializer === undefined) return null;
  const texts = typeof initializer === "string" ? network.layers.slice(1).map(() => initializer) : initializer;
  return seededInitializers(texts, seed, stream);
}

/** The purposes of draws besides kernels. Each has its own seeds, so that an additional layer does not change the others. */
export type Purpose = "input" | "readout" | "bias";
const purposes: readonly Purpose[] = ["input", "readout", "bias"];

/** A source of normal arrays for one purpose. Draw i does not depend on later draws. */
export function normalSource(
  { seed, stream }: NetworkSeed,
  purpose: Purpose,
): (n: number, stddev: number) => Float32Array {
  // Beyond the 32 bits of a user's seed, so that no user's seed gives these streams.
  const random = new PythonRandom(BigInt(seed) + (BigInt(purposes.indexOf(purpose) + 1) << 32n));
  return (n, stddev) => randomNormal({ seed: random.randint1e9(), stream, stddev })([n]).data;
}
