// torch.nn.init's plain distributions: uniform_ and normal_.
// Source: torch/nn/init.py, PyTorch 2.13.

import { expectNumber } from "../errors.ts";
import type { Shape } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { expectRange, expectStd, fillNormal, fillUniform, makeTensor } from "./fill.ts";
import { expectGenerator } from "./generator.ts";
import { expectOptions, type GeneratorOptions } from "./options.ts";

/** Options of {@link uniform}. */
export interface UniformOptions extends GeneratorOptions {
  /** The lower end, included; 0 unless said. */
  readonly a?: number | undefined;
  /** The upper end, excluded; 1 unless said. */
  readonly b?: number | undefined;
}

/** Options of {@link normal}. */
export interface NormalOptions extends GeneratorOptions {
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
export function uniform(shape: Shape, options: UniformOptions = {}): Tensor {
  expectOptions("uniform", options, ["a", "b", "generator"]);
  const { a = 0, b = 1 } = options;
  expectRange(a, b);
  const generator = expectGenerator(options.generator);
  return makeTensor(shape, (data) => fillUniform(data, generator, a, b));
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
export function normal(shape: Shape, options: NormalOptions = {}): Tensor {
  expectOptions("normal", options, ["mean", "std", "generator"]);
  const { mean = 0, std = 1 } = options;
  expectNumber("mean", mean);
  expectStd(std);
  const generator = expectGenerator(options.generator);
  return makeTensor(shape, (data) => fillNormal(data, generator, mean, std));
}
