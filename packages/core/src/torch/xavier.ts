// torch.nn.init.xavier_uniform_ and xavier_normal_: std = gain sqrt(2 / (fan-in + fan-out)).
// Source: torch/nn/init.py, PyTorch 2.13; Glorot and Bengio 2010.

import { type FloatDType, formatShape, type Shape, type Tensor } from "@fanin/tensor";
import { expectNumber } from "@fanin/tensor/arguments";
import { normal, uniform } from "./distributions.ts";
import { computeTorchFans } from "./fans.ts";
import { type DTypeOptions, expectOptions, type GeneratorOptions } from "./options.ts";

/** Options of {@link xavierUniform} and {@link xavierNormal}. */
export interface XavierOptions<D extends FloatDType = "float32"> extends GeneratorOptions, DTypeOptions<D> {
  /** A factor on the standard deviation, see calculateGain; 1 unless said. */
  readonly gain?: number | undefined;
}

function stdOf(name: string, shape: Shape, options: XavierOptions<FloatDType>): number {
  expectOptions(name, options, ["gain", "dtype", "generator"]);
  const gain = expectNumber("gain", options.gain ?? 1);
  const { fanIn, fanOut } = computeTorchFans(shape);
  if (fanIn + fanOut === 0) throw new RangeError(`shape: expected a fan above 0, got ${formatShape(shape)}`);
  return gain * Math.sqrt(2 / (fanIn + fanOut));
}

/**
 * `torch.nn.init.xavier_uniform_`: uniform on [-a, a), a = gain sqrt(6 / (fan-in + fan-out)).
 *
 * @throws RangeError for fewer than two dimensions, both fans 0, or a negative gain.
 * @example
 * xavierUniform([128, 784], { gain: calculateGain("relu") });
 */
export function xavierUniform<D extends FloatDType = "float32">(
  shape: Shape,
  options: XavierOptions<D> = {},
): Tensor<D> {
  const a = Math.sqrt(3) * stdOf("xavierUniform", shape, options);
  return uniform(shape, { a: -a, b: a, dtype: options.dtype, generator: options.generator });
}

/**
 * `torch.nn.init.xavier_normal_`: normal with std = gain sqrt(2 / (fan-in + fan-out)), not truncated.
 *
 * @throws RangeError for fewer than two dimensions, both fans 0, or a negative gain.
 * @example
 * manualSeed(0);
 * xavierNormal([2, 2]).data; // => Float32Array(4) [ 1.0896488428115845, -0.20748557150363922, -1.5406367778778076, 0.40194159746170044 ]
 */
export function xavierNormal<D extends FloatDType = "float32">(
  shape: Shape,
  options: XavierOptions<D> = {},
): Tensor<D> {
  return normal(shape, {
    std: stdOf("xavierNormal", shape, options),
    dtype: options.dtype,
    generator: options.generator,
  });
}
