// torch.nn.Linear as it starts.
// Source: torch/nn/modules/linear.py (reset_parameters), PyTorch 2.13.

import type { Shape, Tensor } from "@fanin/tensor";
import { expectBoolean } from "@fanin/tensor/arguments";
import { expectOptions } from "../../parameters/parameters.ts";
import { uniform } from "../distributions.ts";
import { expectCount } from "../expect-count.ts";
import { computeTorchFans } from "../fans.ts";
import { expectGenerator, type Generator } from "../generator.ts";
import type { GeneratorOptions } from "../initializer.ts";
import { kaimingUniform } from "../kaiming.ts";

/** A layer's tensors under the names that `state_dict()` gives them, in its order. */
export type StateDict = Readonly<Record<string, Tensor>>;

/** Options of layers that may have a bias. */
export interface BiasOptions extends GeneratorOptions {
  /** Whether there is a bias. Defaults to true. */
  readonly bias?: boolean | undefined;
}

/** Weight, then bias, each U(-1/sqrt(fan-in), 1/sqrt(fan-in)): how linear and convolution layers start. */
export function weightAndBias(shape: Shape, biasLength: number | null, generator: Generator): StateDict {
  const weight = kaimingUniform(shape, { a: Math.sqrt(5), generator });
  if (biasLength === null) return { weight };
  const { fanIn } = computeTorchFans(shape);
  const bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
  // 0 - bound, because torch's integer 0 has no negative: without inputs the bias is +0.
  return { weight, bias: uniform([biasLength], { a: 0 - bound, b: bound, generator }) };
}

/**
 * `torch.nn.Linear(inFeatures, outFeatures, bias)`: weight (out, in) and bias, both U(±1/sqrt(in)).
 *
 * @throws TypeError or RangeError for a size that is not 0 or more.
 * @example
 * manualSeed(0);
 * linear(5, 3).weight; // -0.0033..., 0.2399..., ...
 */
export function linear(inFeatures: number, outFeatures: number, options: BiasOptions = {}): StateDict {
  expectOptions("linear", options, ["bias", "generator"]);
  expectCount("inFeatures", inFeatures, 0);
  expectCount("outFeatures", outFeatures, 0);
  const bias = expectBoolean("bias", options.bias ?? true);
  return weightAndBias([outFeatures, inFeatures], bias ? outFeatures : null, expectGenerator(options.generator));
}
