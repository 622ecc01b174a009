// How torch fills a tensor: `tensor.uniform_` and `tensor.normal_`, with their checks.
// Source: ATen/native/DistributionTemplates.h (CHECK_OUT_OF_BOUNDS, CHECK_NORMAL_STD), PyTorch 2.13.

import { expectNumber } from "../errors.ts";
import { SHORT } from "../random/mt19937.ts";
import { getStreams } from "../runtime/streams.ts";
import { expectShape, type Shape } from "../tensor/shape.ts";
import { allocateFloat32, type Tensor } from "../tensor/tensor.ts";
import type { Generator } from "./generator.ts";

const LARGEST = 3.4028234663852886e38;

/** The tensor of `shape` that `fill` fills; zeros without it. */
export function makeTensor(shape: Shape, fill?: (data: Float32Array) => void): Tensor {
  const data = allocateFloat32(expectShape(shape));
  fill?.(data);
  return { shape, dtype: "float32", data };
}

/** Throws unless [a, b) is a range that float32 holds. */
export function expectRange(a: number, b: number): void {
  for (const [name, value] of [
    ["a", a],
    ["b", b],
  ] as const) {
    expectNumber(name, value);
    if (Math.abs(value) > LARGEST) throw new RangeError(`${name}: expected a value within float32, got ${value}`);
  }
  if (a > b) throw new RangeError(`a: expected at most b = ${b}, because uniform draws from [a, b), got ${a}`);
  if (b - a > LARGEST) throw new RangeError(`b: expected b - a within float32, got a = ${a}, b = ${b}`);
}

/** Throws unless `std` is 0 or more. */
export function expectStd(std: number): void {
  expectNumber("std", std);
  if (std < 0) throw new RangeError(`std: normal expects std >= 0, got ${std}`);
}

/** `tensor.uniform_(a, b)`; the range has been checked. */
export function fillUniform(data: Float32Array, { sequence }: Generator, a: number, b: number): void {
  const { mt19937_uniform_fused_f32 } = getStreams().kernels;
  sequence.fill(data, (state, pointer, n) => mt19937_uniform_fused_f32(state, pointer, n, a, b));
}

/** `tensor.normal_(mean, std)` of a contiguous tensor; std has been checked. */
export function fillNormal(data: Float32Array, { sequence }: Generator, mean: number, std: number): void {
  const size = data.length;
  if (size < SHORT) {
    const z = sequence.normals(size);
    for (let i = 0; i < size; i++) data[i] = (z[i] ?? 0) * std + mean;
  } else {
    const { mt19937_normal_f32 } = getStreams().kernels;
    sequence.fillBlocks(data, { size, offset: 0 }, SHORT, (state, pointer, n) =>
      mt19937_normal_f32(state, pointer, n, std, mean),
    );
  }
}
