// torch.nn.init's plain distributions: uniform_ and normal_.
// Source: torch/nn/init.py, PyTorch 2.13.

import type { FloatDType, Shape, Tensor } from "@fanin/tensor";
import { expectNumberOrNaN } from "@fanin/tensor/arguments";
import { expectFloatDType, expectRange, expectStd, fillNormal, fillUniform, makeTensor } from "./fill.ts";
import { expectGenerator } from "./generator.ts";
import { type DTypeOptions, expectOptions, type GeneratorOptions } from "./options.ts";

/** Options of {@link uniform}. */
export interface UniformOptions<D extends FloatDType = "float32"> extends GeneratorOptions, DTypeOptions<D> {
  /** The lower end, included; 0 unless said. */
  readonly a?: number | undefined;
  /** The upper end, excluded; 1 unless said. */
  readonly b?: number | undefined;
}

/** Options of {@link normal}. */
export interface NormalOptions<D extends FloatDType = "float32"> extends GeneratorOptions, DTypeOptions<D> {
  /** 0 unless said. */
  readonly mean?: number | undefined;
  /** The standard deviation; 1 unless said. */
  readonly std?: number | undefined;
}

/**
 * `torch.nn.init.uniform_`: uniform on [a, b).
 *
 * @throws RangeError where a > b, or float32 does not hold the range.
 * @example
 * manualSeed(0);
 * uniform([2], { a: -1, b: 1 });
 */
export function uniform<D extends FloatDType = "float32">(shape: Shape, options: UniformOptions<D> = {}): Tensor<D> {
  expectOptions("uniform", options, ["a", "b", "dtype", "generator"]);
  const { a = 0, b = 1 } = options;
  const dtype = expectFloatDType(options.dtype) as D;
  expectRange(a, b, dtype);
  const generator = expectGenerator(options.generator);
  return makeTensor(shape, dtype, (data) => fillUniform(data, dtype, generator, a, b));
}

/**
 * `torch.nn.init.normal_`: normal. Sixteen elements and more are drawn in blocks, fewer in pairs, of which an odd one leaves
 * its second for the next short tensor of the same generator.
 *
 * @throws RangeError for a negative std.
 * @example
 * manualSeed(0);
 * normal([1]); // => { shape: [ 1 ], dtype: 'float32', data: Float32Array(1) [ 1.5409960746765137 ] }
 */
export function normal<D extends FloatDType = "float32">(shape: Shape, options: NormalOptions<D> = {}): Tensor<D> {
  expectOptions("normal", options, ["mean", "std", "dtype", "generator"]);
  const { mean = 0, std = 1 } = options;
  const dtype = expectFloatDType(options.dtype) as D;
  expectNumberOrNaN("mean", mean);
  expectStd(std);
  const generator = expectGenerator(options.generator);
  return makeTensor(shape, dtype, (data) => fillNormal(data, dtype, generator, mean, std));
}
