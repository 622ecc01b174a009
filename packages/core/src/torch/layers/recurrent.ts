// torch.nn.RNN, LSTM and GRU as they start: every parameter U(±1/sqrt(hidden)), drawn in the order of its name.
// Source: torch/nn/modules/rnn.py (RNNBase), PyTorch 2.13.

import type { Shape, Tensor } from "@fanin/tensor";
import { expectBoolean, expectInteger } from "@fanin/tensor/arguments";
import { expectOptions } from "../../parameters/parameters.ts";
import { uniform } from "../distributions.ts";
import { expectCount } from "../expect-count.ts";
import { expectGenerator } from "../generator.ts";
import type { BiasOptions, StateDict } from "./linear.ts";

/** Options of {@link rnn} and {@link gru}. */
export interface RecurrentOptions extends BiasOptions {
  /** The number of stacked layers. Defaults to 1. */
  readonly numLayers?: number | undefined;
  /** Whether each layer also runs from the last step to the first. Defaults to false. */
  readonly bidirectional?: boolean | undefined;
}

/** Options of {@link lstm}. */
export interface LstmOptions extends RecurrentOptions {
  /** The size to which hidden states are projected. Defaults to 0, no projection. */
  readonly projSize?: number | undefined;
}

interface Sizes {
  readonly gates: number; // rows of gates times hidden units
  readonly hidden: number;
  readonly output: number; // what a step hands on: the hidden or the projected size
  readonly bias: boolean;
}

/** The shapes of one layer in one direction, in torch's order. */
function cellShapes(suffix: string, input: number, { gates, hidden, output, bias }: Sizes): [string, Shape][] {
  const shapes: [string, Shape][] = [
    [`weight_ih_${suffix}`, [gates, input]],
    [`weight_hh_${suffix}`, [gates, output]],
  ];
  if (bias) shapes.push([`bias_ih_${suffix}`, [gates]], [`bias_hh_${suffix}`, [gates]]);
  if (output !== hidden) shapes.push([`weight_hr_${suffix}`, [output, hidden]]);
  return shapes;
}

function recurrent(
  name: string,
  gates: number,
  inputSize: number,
  hiddenSize: number,
  options: LstmOptions,
  known: readonly string[],
): StateDict {
  expectOptions(name, options, known);
  expectCount("inputSize", inputSize, 1);
  expectCount("hiddenSize", hiddenSize, 1);
  const layers = expectCount("numLayers", options.numLayers ?? 1, 1);
  const projected = expectInteger("projSize", options.projSize ?? 0, 0, hiddenSize - 1);
  const directions = expectBoolean("bidirectional", options.bidirectional ?? false) ? ["", "_reverse"] : [""];
  const bias = expectBoolean("bias", options.bias ?? true);
  const generator = expectGenerator(options.generator);
  const output = projected || hiddenSize;
  const sizes: Sizes = { gates: gates * hiddenSize, hidden: hiddenSize, output, bias };
  const bound = 1 / Math.sqrt(hiddenSize);
  const state: Record<string, Tensor> = {};
  for (let layer = 0; layer < layers; layer++) {
    const input = layer === 0 ? inputSize : output * directions.length;
    for (const direction of directions) {
      for (const [key, shape] of cellShapes(`l${layer}${direction}`, input, sizes)) {
        state[key] = uniform(shape, { a: -bound, b: bound, generator });
      }
    }
  }
  return state;
}

const known = ["numLayers", "bidirectional", "bias", "generator"];

/**
 * `torch.nn.RNN(inputSize, hiddenSize, ...)`: weight_ih_l0 (hidden, input), weight_hh_l0, bias_ih_l0, bias_hh_l0, the same
 * with `_reverse` if bidirectional, then the next layer; all U(±1/sqrt(hidden)).
 *
 * @throws RangeError for sizes below 1.
 * @example
 * rnn(10, 20)["weight_ih_l0"]?.shape; // => [ 20, 10 ]
 */
export function rnn(inputSize: number, hiddenSize: number, options: RecurrentOptions = {}): StateDict {
  return recurrent("rnn", 1, inputSize, hiddenSize, options, known);
}

/**
 * `torch.nn.GRU(inputSize, hiddenSize, ...)`: as {@link rnn}, with the rows of three gates: reset, update, new.
 *
 * @example
 * gru(10, 20)["weight_ih_l0"]?.shape; // => [ 60, 10 ]
 */
export function gru(inputSize: number, hiddenSize: number, options: RecurrentOptions = {}): StateDict {
  return recurrent("gru", 3, inputSize, hiddenSize, options, known);
}

/**
 * `torch.nn.LSTM(inputSize, hiddenSize, ...)`: as {@link rnn}, with the rows of four gates (input, forget, cell, output) and,
 * with `projSize`, a weight_hr (proj, hidden) after each layer's biases. No forget bias of 1, which Keras has.
 *
 * @example
 * manualSeed(0);
 * lstm(10, 20, { numLayers: 2, bidirectional: true }).weight_ih_l1_reverse; // shape [80, 40]
 */
export function lstm(inputSize: number, hiddenSize: number, options: LstmOptions = {}): StateDict {
  return recurrent("lstm", 4, inputSize, hiddenSize, options, [...known, "projSize"]);
}
