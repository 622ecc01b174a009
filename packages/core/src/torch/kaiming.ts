// torch.nn.init.kaiming_uniform_ and kaiming_normal_: std = gain / sqrt(fan).
// Source: torch/nn/init.py, PyTorch 2.13; He et al. 2015.

import { expectShape, type FloatDType, type Shape, type Tensor } from "@fanin/tensor";
import { describeValue } from "@fanin/tensor/arguments";
import { normal, uniform } from "./distributions.ts";
import { computeTorchFans } from "./fans.ts";
import { calculateGain, type Nonlinearity } from "./gain.ts";
import { type DTypeOptions, expectOptions, type GeneratorOptions } from "./options.ts";

/** Options of {@link kaimingUniform} and {@link kaimingNormal}. */
export interface KaimingOptions<D extends FloatDType = "float32"> extends GeneratorOptions, DTypeOptions<D> {
  /** The negative slope, where the nonlinearity is leaky_relu; 0 unless said. */
  readonly a?: number | undefined;
  /** Which fan counts; `fan_in` unless said. */
  readonly mode?: "fan_in" | "fan_out" | undefined;
  /** `leaky_relu` unless said. */
  readonly nonlinearity?: Nonlinearity | undefined;
}

function stdOf(shape: Shape, options: KaimingOptions<FloatDType>): number {
  const { a = 0, mode = "fan_in", nonlinearity = "leaky_relu" } = options;
  const lower = String(mode).toLowerCase();
  if (lower !== "fan_in" && lower !== "fan_out") {
    throw new RangeError(`mode: Mode ${describeValue(mode)} not supported, please use one of ['fan_in', 'fan_out']`);
  }
  const { fanIn, fanOut } = computeTorchFans(shape);
  return calculateGain(nonlinearity, a) / Math.sqrt(lower === "fan_in" ? fanIn : fanOut);
}

const known = ["a", "mode", "nonlinearity", "dtype", "generator"];

/** An empty tensor is left as it is, whatever the options: torch only warns. */
const isEmpty = (shape: Shape): boolean => expectShape(shape).includes(0);

/**
 * `torch.nn.init.kaiming_uniform_`: uniform on [-bound, bound), bound = gain sqrt(3 / fan). With a = sqrt(5) it is what
 * torch's linear and convolution layers start from.
 *
 * @throws RangeError for fewer than two dimensions, an unknown mode or nonlinearity.
 * @example
 * manualSeed(0);
 * kaimingUniform([128, 784], { a: Math.sqrt(5) });
 */
export function kaimingUniform<D extends FloatDType = "float32">(
  shape: Shape,
  options: KaimingOptions<D> = {},
): Tensor<D> {
  expectOptions("kaimingUniform", options, known);
  const bound = isEmpty(shape) ? 0 : Math.sqrt(3) * stdOf(shape, options);
  return uniform(shape, { a: -bound, b: bound, dtype: options.dtype, generator: options.generator });
}

/**
 * `torch.nn.init.kaiming_normal_`: normal with std = gain / sqrt(fan), not truncated as Keras's he_normal is.
 *
 * @throws RangeError for fewer than two dimensions, an unknown mode or nonlinearity.
 * @example
 * manualSeed(0);
 * kaimingNormal([2, 2], { mode: "fan_out", nonlinearity: "relu" }).data; // => Float32Array(4) [ 1.5409960746765137, -0.293428897857666, -2.1787893772125244, 0.5684312582015991 ]
 */
export function kaimingNormal<D extends FloatDType = "float32">(
  shape: Shape,
  options: KaimingOptions<D> = {},
): Tensor<D> {
  expectOptions("kaimingNormal", options, known);
  const std = isEmpty(shape) ? 0 : stdOf(shape, options);
  return normal(shape, { std, dtype: options.dtype, generator: options.generator });
}
