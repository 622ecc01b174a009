// The description of a network for diagnose: the inputs of propagate, and other facts that affect the verdict.

import { parseInitializer } from "@fanin/core";
import { describeValue, expectBoolean, expectNumber, expectOneOf } from "@fanin/tensor/arguments";
import type { ActivationName } from "../engine/activations.ts";
import { type OptimizerName, optimizers } from "../engine/optimizers.ts";
import { expectLayers, expectNetwork, type SignalNetwork } from "../signal/network.ts";

/** The statistics of the inputs. */
export interface InputStatistics {
  readonly mean: number;
  readonly standardDeviation: number;
}

/** A dense network before training. */
export interface NetworkDescription {
  /** Sizes of input, hidden and output layers. */
  readonly layers: readonly number[];
  readonly activation: ActivationName;
  /** The initializer of the hidden layers, such as `he_normal` or `random_normal(stddev=1)`. */
  readonly initializer: string;
  /** The initializer of the output layer. Defaults to `glorot_uniform`. */
  readonly outputInitializer?: string | undefined;
  /** The standard deviation of normal biases. Defaults to 0. */
  readonly biasStddev?: number | undefined;
  readonly optimizer?: OptimizerName | undefined;
  /** Normalization between layers. Defaults to `none`. */
  readonly norm?: "none" | "batch" | "layer" | undefined;
  /** Whether hidden layers are added to their input. Defaults to false. */
  readonly residual?: boolean | undefined;
  /** Defaults to a standard normal. */
  readonly input?: InputStatistics | undefined;
}

/** A description with the defaults filled in. */
export interface CheckedNetwork {
  readonly signal: SignalNetwork;
  /** The number of layers before the output. */
  readonly hidden: number;
  readonly initializer: string;
  readonly optimizer: OptimizerName | null;
  readonly norm: "none" | "batch" | "layer";
  readonly residual: boolean;
  readonly input: InputStatistics;
}

function expectInput(input: unknown): InputStatistics {
  if (input === undefined) return { mean: 0, standardDeviation: 1 };
  if (typeof input !== "object" || input === null) {
    throw new TypeError(`input: expected { mean, standardDeviation }, got ${describeValue(input)}`);
  }
  const { mean, standardDeviation } = input as Partial<InputStatistics>;
  const statistics = {
    mean: expectNumber("input.mean", mean),
    standardDeviation: expectNumber("input.standardDeviation", standardDeviation),
  };
  if (!(statistics.standardDeviation >= 0 && Math.abs(statistics.mean) + statistics.standardDeviation < 1e15)) {
    throw new RangeError(`input: expected finite numbers and a deviation of 0 or more, got ${describeValue(input)}`);
  }
  return statistics;
}

/**
 * Checks a description and fills in the defaults.
 *
 * @throws TypeError or RangeError that names the field, the expected value and the value received.
 */
export function expectDescription(network: NetworkDescription): CheckedNetwork {
  const layers = expectLayers(network.layers);
  const hidden = layers.length - 2;
  const { initializer, outputInitializer = "glorot_uniform", residual = false } = network;
  for (const text of [initializer, outputInitializer]) {
    if (typeof text !== "string") throw new TypeError(`initializer: expected text, got ${describeValue(text)}`);
    parseInitializer(text);
  }
  expectBoolean("residual", residual);
  const texts = [...new Array<string>(hidden).fill(initializer), outputInitializer];
  const signal = expectNetwork({
    layers,
    activation: network.activation,
    initializer: texts,
    biasStddev: network.biasStddev ?? 0,
  });
  return {
    signal,
    hidden,
    initializer,
    optimizer:
      network.optimizer === undefined
        ? null
        : expectOneOf("optimizer", network.optimizer, Object.keys(optimizers) as OptimizerName[]),
    norm: expectOneOf("norm", network.norm ?? "none", ["none", "batch", "layer"]),
    residual,
    input: expectInput(network.input),
  };
}
