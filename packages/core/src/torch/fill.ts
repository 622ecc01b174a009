// How torch fills a tensor: `tensor.uniform_` and `tensor.normal_`, with their checks.
// Source: ATen/native/DistributionTemplates.h (CHECK_OUT_OF_BOUNDS, CHECK_NORMAL_STD), PyTorch 2.13.

import {
  type ArrayOf,
  allocate,
  elementTypes,
  expectShape,
  type FloatDType,
  roundTo,
  type Shape,
  type Tensor,
} from "@fanin/tensor";
import { expectNumber } from "@fanin/tensor/arguments";
import { fma } from "../random/fma.ts";
import { normalDoubles, normalHalves } from "../random/keras-torch.ts";
import { type SequenceKernel, SHORT } from "../random/mt19937.ts";
import { getStreams } from "../runtime/streams.ts";
import type { Generator } from "./generator.ts";

/** The largest finite value of each type. */
const largest: Readonly<Record<FloatDType, number>> = {
  float32: 3.4028234663852886e38,
  float64: Number.MAX_VALUE,
  float16: 65504,
  bfloat16: 3.3895313892515355e38,
};

/** What is filled: the array of a type. */
export type Filled = ArrayOf<ArrayBuffer>[FloatDType];

/** The tensor of `shape` that `fill` fills. */
export function makeTensor<D extends FloatDType>(shape: Shape, dtype: D, fill: (data: Filled) => void): Tensor<D> {
  const data = allocate(expectShape(shape), dtype);
  fill(data as Filled);
  return { shape, dtype, data };
}

/** Throws unless [a, b) is a range that the type holds. */
export function expectRange(a: number, b: number, dtype: FloatDType): void {
  const most = largest[dtype];
  for (const [name, value] of [
    ["a", a],
    ["b", b],
  ] as const) {
    expectNumber(name, value);
    if (Math.abs(value) > most) throw new RangeError(`${name}: expected a value within ${dtype}, got ${value}`);
  }
  if (a > b) throw new RangeError(`a: expected at most b = ${b}, because uniform draws from [a, b), got ${a}`);
  if (b - a > most) throw new RangeError(`b: expected b - a within ${dtype}, got a = ${a}, b = ${b}`);
}

/** Throws where torch does not convert a number: a finite one beyond the type. */
export function expectConvertible(name: string, value: number, dtype: FloatDType): void {
  if (!Number.isFinite(value) || Math.abs(value) <= largest[dtype]) return;
  throw new RangeError(`${name}: value cannot be converted to ${dtype} without overflow, got ${value}`);
}

/** Throws unless `std` is 0 or more. */
export function expectStd(std: number): void {
  expectNumber("std", std);
  if (std < 0) throw new RangeError(`std: normal expects std >= 0, got ${std}`);
}

/** `tensor.uniform_(a, b)`; the range has been checked. */
export function fillUniform(data: Filled, dtype: FloatDType, { sequence }: Generator, a: number, b: number): void {
  const { mt19937_uniform_f64, mt19937_uniform_fused_f32 } = getStreams().kernels;
  const draw: SequenceKernel = (state, pointer, n) => mt19937_uniform_fused_f32(state, pointer, n, a, b);
  if (data instanceof Float32Array) {
    sequence.fill(data, draw);
    return;
  }
  const { encode, decode } = elementTypes[dtype];
  const [low, high] = [encode(a), roundTo(dtype, b)];
  // The interval excludes its high end: where rounding reaches it, torch gives the low one.
  const place = (i: number, value: number): void => {
    const element = encode(value);
    data[i] = decode(element) === high ? low : element;
  };
  if (data instanceof Float64Array) {
    sequence.fillDoubles(data, mt19937_uniform_f64);
    for (let i = 0; i < data.length; i++) place(i, fma(data[i] as number, b - a, a));
    return;
  }
  const values = new Float32Array(data.length);
  sequence.fill(values, draw);
  for (let i = 0; i < data.length; i++) place(i, values[i] as number);
}

/** `tensor.normal_(mean, std)` of a contiguous tensor; std has been checked. */
export function fillNormal(data: Filled, dtype: FloatDType, { sequence }: Generator, mean: number, std: number): void {
  const size = data.length;
  if (data instanceof Float64Array) {
    const z = normalDoubles(sequence, size);
    for (let i = 0; i < size; i++) data[i] = fma(z[i] as number, std, mean);
  } else if (data instanceof Uint16Array) {
    const { encode } = elementTypes[dtype];
    data.set(normalHalves(dtype as "float16" | "bfloat16", sequence, size, mean, std).map(encode));
  } else if (size < SHORT) {
    const z = sequence.normals(size);
    for (let i = 0; i < size; i++) data[i] = fma(z[i] as number, std, mean);
  } else {
    const { mt19937_normal_f32 } = getStreams().kernels;
    sequence.fillBlocks(data, { size, offset: 0 }, SHORT, (state, pointer, n) =>
      mt19937_normal_f32(state, pointer, n, std, mean),
    );
  }
}
