// Reductions over axes: sums and means in f64, extremes and their places. Other dtypes than float32 run as fallbacks.
// Source: the reductions of tfjs-backend-cpu 4.22; the kernels see outer x length x inner, the middle one reduced.

import type { NetworkKernels as Kernels } from "@fanin/kernels";
import { type DataType, type MaxAttrs, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { FaninBackend } from "../backend.ts";
import { defineKernel, type Kernel } from "./kernel.ts";
import { describeWalk, MAX_DIMENSIONS, stridesOf } from "./strides.ts";

type Reduce = (out: number, x: number, outer: number, length: number, inner: number) => void;

interface ReduceAttrs {
  readonly axis: number | number[];
  readonly keepDims?: boolean;
}

interface Span {
  readonly pointer: number;
  readonly outer: number;
  readonly length: number;
  readonly inner: number;
}

/** Where the values to reduce are as one middle axis; axes that do not lie together are brought to the end by a copy. */
function spanOf(backend: FaninBackend, x: TensorInfo, axes: readonly number[]): Span {
  const { shape } = x;
  const first = axes[0] ?? shape.length;
  const last = axes.at(-1) ?? first - 1;
  if (last - first + 1 === axes.length) {
    const pointer = backend.pointer(x);
    const length = util.sizeFromShape(shape.slice(first, last + 1));
    return {
      pointer,
      outer: util.sizeFromShape(shape.slice(0, first)),
      length,
      inner: util.sizeFromShape(shape.slice(last + 1)),
    };
  }
  const order = [...shape.keys()].filter((d) => !axes.includes(d)).concat(axes);
  const sizes = order.map((d) => shape[d] as number);
  const strides = stridesOf(shape);
  const pointer = backend.workspace(4 * util.sizeFromShape(shape));
  describeWalk(
    backend.words,
    sizes,
    order.map((d) => strides[d] as number),
    stridesOf(sizes),
  );
  backend.kernels.strided_copy_f32(pointer, backend.pointer(x), backend.descriptor);
  const length = util.sizeFromShape(axes.map((d) => shape[d] as number));
  return { pointer, outer: util.sizeFromShape(shape) / length, length, inner: 1 };
}

function shapeWithout(shape: readonly number[], axes: readonly number[], keepDims: boolean): number[] {
  return keepDims ? shape.map((n, d) => (axes.includes(d) ? 1 : n)) : shape.filter((_, d) => !axes.includes(d));
}

/** What TensorFlow gives for the extremes and the mean of no values; other reductions of tfjs-backend-cpu know it. */
const ofNone: Readonly<Record<string, number | undefined>> = {
  Max: Number.NEGATIVE_INFINITY,
  Mean: Number.NaN,
  Min: Number.POSITIVE_INFINITY,
};

/** The same for int32, which has no infinities. */
const integerOfNone: Readonly<Record<string, number | undefined>> = { Max: -(2 ** 31), Min: 2 ** 31 - 1 };

/** The reduction of an empty tensor. */
function ofNothing(backend: FaninBackend, x: TensorInfo, shape: number[]): TensorInfo | undefined {
  const value = (x.dtype === "int32" ? integerOfNone : ofNone)[backend.op];
  if (value === undefined || (x.dtype !== "float32" && x.dtype !== "int32")) return undefined;
  const out = backend.make(shape, x.dtype);
  (backend.get(out.dataId).values as Float32Array).fill(value);
  return out;
}

function reduce(
  backend: FaninBackend,
  x: TensorInfo,
  axis: number | number[],
  keepDims: boolean,
  dtype: DataType,
  reduceOf: (kernels: Kernels) => Reduce,
): TensorInfo | undefined {
  const axes = [...util.parseAxisParam(axis, x.shape)].sort((a, b) => a - b);
  if (util.sizeFromShape(x.shape) === 0) return ofNothing(backend, x, shapeWithout(x.shape, axes, keepDims));
  if (x.dtype !== "float32" || x.shape.length > MAX_DIMENSIONS) return undefined;
  const { pointer, outer, length, inner } = spanOf(backend, x, axes);
  const out = backend.make(shapeWithout(x.shape, axes, keepDims), dtype);
  reduceOf(backend.kernels)(backend.pointer(out), pointer, outer, length, inner);
  return out;
}

const max = defineKernel<{ x: TensorInfo }, MaxAttrs>("Max", (backend, { x }, { reductionIndices, keepDims }) =>
  reduce(backend, x, reductionIndices, keepDims === true, "float32", (k) => k.max_axis_f32),
);

/** tfjs's name, and the kernel of that reduction. */
const rows: readonly (readonly [string, (kernels: Kernels) => Reduce])[] = [
  ["Mean", (k) => k.mean_axis_f32],
  ["Min", (k) => k.min_axis_f32],
  ["Sum", (k) => k.sum_axis_f32],
];

/** The same for places. */
const places: readonly (readonly [string, (kernels: Kernels) => Reduce])[] = [
  ["ArgMax", (k) => k.argmax_axis_f32],
  ["ArgMin", (k) => k.argmin_axis_f32],
];

/** Whether all flags are set, which holds of none. */
const all = defineKernel<{ x: TensorInfo }, ReduceAttrs>(
  "All",
  (backend, { x }, { axis, keepDims }) => {
    if (x.dtype !== "bool" || util.sizeFromShape(x.shape) > 0) return undefined;
    const out = backend.make(shapeWithout(x.shape, util.parseAxisParam(axis, x.shape), keepDims === true), "bool");
    (backend.get(out.dataId).values as Uint8Array).fill(1);
    return out;
  },
  "script",
);

/** Products of int32, which wrap; tfjs-backend-cpu's lose bits beyond 2^53. */
const prod = defineKernel<{ x: TensorInfo }, ReduceAttrs>(
  "Prod",
  (backend, { x }, { axis, keepDims }) => {
    if (x.dtype !== "int32" || x.shape.length > MAX_DIMENSIONS || util.sizeFromShape(x.shape) === 0) return undefined;
    const axes = [...util.parseAxisParam(axis, x.shape)].sort((a, b) => a - b);
    const { pointer, outer, length, inner } = spanOf(backend, x, axes);
    const out = backend.make(shapeWithout(x.shape, axes, keepDims === true), "int32");
    const from = backend.arena.i32(pointer, outer * length * inner);
    const to = backend.get(out.dataId).values as Int32Array;
    for (let i = 0; i < outer; i++) {
      for (let j = 0; j < inner; j++) {
        let product = 1;
        for (let k = 0; k < length; k++) product = Math.imul(product, from[(i * length + k) * inner + j] as number);
        to[i * inner + j] = product;
      }
    }
    return out;
  },
  "script",
);

export const reduction: readonly Kernel[] = [
  max,
  all,
  prod,
  ...rows.map(([name, reduceOf]) =>
    defineKernel<{ x: TensorInfo }, ReduceAttrs>(name, (backend, { x }, { axis, keepDims }) =>
      reduce(backend, x, axis, keepDims === true, "float32", reduceOf),
    ),
  ),
  ...places.map(([name, reduceOf]) =>
    defineKernel<{ x: TensorInfo }, ReduceAttrs>(name, (backend, { x }, { axis }) =>
      reduce(backend, x, axis, false, "int32", reduceOf),
    ),
  ),
];
