// Kernels that move values without computing: one strided copy each, of float32 and int32 alike.
// Source: Transpose, Slice, Concat, Pack, Unpack, SplitV, PadV2, Tile and Reverse of tfjs-backend-cpu 4.22.

import {
  backend_util,
  type ConcatAttrs,
  type PackAttrs,
  type PadV2Attrs,
  type ReverseAttrs,
  type SliceAttrs,
  type SplitVAttrs,
  slice_util,
  type TensorInfo,
  type TileAttrs,
  type TransposeAttrs,
  type UnpackAttrs,
  util,
} from "@tensorflow/tfjs-core";
import type { FaninBackend } from "../backend.ts";
import { defineKernel, type Kernel } from "./kernel.ts";
import { expectSize, expectSizes } from "./operands.ts";
import { describeWalk, MAX_DIMENSIONS, stridesOf } from "./strides.ts";

const isMovable = ({ dtype, shape }: TensorInfo) =>
  (dtype === "float32" || dtype === "int32") && shape.length <= MAX_DIMENSIONS / 2;

function copy(
  backend: FaninBackend,
  to: number,
  from: number,
  sizes: readonly number[],
  stridesIn: readonly number[],
  stridesOut: readonly number[],
): void {
  if (sizes.includes(0)) return;
  describeWalk(backend.words, sizes, stridesIn, stridesOut);
  backend.kernels.strided_copy_f32(to, from, backend.descriptor);
}

/** `x` with its axes in the order `perm`; its values are float32 or int32. */
export function transposed(backend: FaninBackend, x: TensorInfo, perm: readonly number[]): TensorInfo {
  const strides = stridesOf(x.shape);
  const shape = perm.map((d) => x.shape[d] as number);
  const from = backend.pointer(x);
  const out = backend.make(shape, x.dtype);
  copy(
    backend,
    backend.pointer(out),
    from,
    shape,
    perm.map((d) => strides[d] as number),
    stridesOf(shape),
  );
  return out;
}

const transpose = defineKernel<{ x: TensorInfo }, TransposeAttrs>("Transpose", (backend, { x }, { perm }) =>
  isMovable(x) ? transposed(backend, x, perm) : undefined,
);

/** The block of `x` from `begin` on, of `size`. */
function sliceOf(backend: FaninBackend, x: TensorInfo, begin: readonly number[], size: number[]): TensorInfo {
  const strides = stridesOf(x.shape);
  const offset = begin.reduce((sum, b, d) => sum + b * (strides[d] as number), 0);
  const from = backend.pointer(x);
  const out = backend.make(size, x.dtype);
  copy(backend, backend.pointer(out), from + 4 * offset, size, strides, stridesOf(size));
  return out;
}

const slice = defineKernel<{ x: TensorInfo }, SliceAttrs>("Slice", (backend, { x }, { begin, size }) => {
  if (!isMovable(x)) return undefined;
  // A begin with a fraction is cut, as tfjs's typed arrays cut it.
  const first = (typeof begin === "number" ? [begin] : begin).map(Math.trunc);
  const [from, sizes] = slice_util.parseSliceParams(x as never, first, size);
  slice_util.assertParamsValid(x as never, from as number[], sizes as number[]);
  expectSizes("Slice", "begin", from, 0);
  expectSizes("Slice", "size", sizes, 0);
  return sliceOf(backend, x, from as number[], sizes as number[]);
});

/** Tensors side by side: each is outer x width_i, the output outer x the sum of the widths. */
function joined(backend: FaninBackend, tensors: readonly TensorInfo[], outer: number, shape: number[]): TensorInfo {
  const pointers = tensors.map((tensor) => backend.pointer(tensor));
  const out = backend.make(shape, (tensors[0] as TensorInfo).dtype);
  const total = util.sizeFromShape(shape) / outer;
  let to = backend.pointer(out);
  for (const [i, tensor] of tensors.entries()) {
    const width = util.sizeFromShape(tensor.shape) / outer;
    copy(backend, to, pointers[i] as number, [outer, width], [width, 1], [total, 1]);
    to += 4 * width;
  }
  return out;
}

const concat = defineKernel<TensorInfo[], ConcatAttrs>("Concat", (backend, inputs, { axis }) => {
  const [dimension] = util.parseAxisParam(axis, (inputs[0] as TensorInfo).shape) as [number];
  const shapes = inputs.map(({ shape }) => shape);
  backend_util.assertParamsConsistent(shapes, dimension);
  const shape = backend_util.computeOutShape(shapes, dimension);
  const filled = inputs.filter((tensor) => util.sizeFromShape(tensor.shape) > 0);
  const [first] = filled;
  if (!first || !filled.every((tensor) => isMovable(tensor) && tensor.dtype === first.dtype)) return undefined;
  if (filled.length === 1) return backend.share(first, first.shape);
  return joined(backend, filled, util.sizeFromShape(shape.slice(0, dimension)), shape);
});

const pack = defineKernel<TensorInfo[], PackAttrs>("Pack", (backend, inputs, { axis }) => {
  const first = inputs[0] as TensorInfo;
  for (const { shape, dtype } of inputs) {
    util.assertShapesMatch(first.shape, shape, "All tensors passed to stack must have matching shapes");
    util.assert(first.dtype === dtype, () => "All tensors passed to stack must have matching dtypes");
  }
  if (!isMovable(first) || util.sizeFromShape(first.shape) === 0) return undefined;
  const shape = [...first.shape.slice(0, axis), inputs.length, ...first.shape.slice(axis)];
  return joined(backend, inputs, util.sizeFromShape(shape.slice(0, axis)), shape);
});

const unpack = defineKernel<{ value: TensorInfo }, UnpackAttrs>("Unpack", (backend, { value }, { axis }) => {
  const { shape } = value;
  const dimension = axis < 0 ? axis + shape.length : axis;
  if (!isMovable(value)) return undefined;
  const size = shape.map((n, d) => (d === dimension ? 1 : n));
  const without = shape.filter((_, d) => d !== dimension);
  return Array.from({ length: shape[dimension] as number }, (_, i) => {
    const begin = shape.map((_, d) => (d === dimension ? i : 0));
    return { ...sliceOf(backend, value, begin, size), shape: without };
  });
});

/** The sizes that `length` is split to: so many equal ones, or those given, of which one may be -1 for what is left. */
function splitSizes(split: number | readonly number[], length: number): number[] {
  if (typeof split === "number") {
    const parts = expectSize("SplitV", "numOrSizeSplits", split, 1);
    if (length % parts !== 0)
      throw new RangeError(`SplitV: expected splits that divide ${length} evenly, got ${parts}`);
    return new Array(parts).fill(length / parts);
  }
  const rest = split.indexOf(-1);
  const given = expectSizes("SplitV", "numOrSizeSplits", split.filter((_, i) => i !== rest), 0); // biome-ignore format: one call
  const left = length - given.reduce((sum, n) => sum + n, 0);
  if (rest < 0 ? left !== 0 : left < 0) {
    throw new RangeError(`SplitV: numOrSizeSplits: expected sizes whose sum is ${length}, got [${split}]`);
  }
  return split.map((n, i) => (i === rest ? left : n));
}

const splitV = defineKernel<{ x: TensorInfo }, SplitVAttrs>("SplitV", (backend, { x }, { numOrSizeSplits, axis }) => {
  if (!isMovable(x)) return undefined;
  const [dimension] = util.parseAxisParam(axis, x.shape) as [number];
  const sizes = splitSizes(numOrSizeSplits, x.shape[dimension] as number);
  let position = 0;
  return sizes.map((n) => {
    const begin = x.shape.map((_, d) => (d === dimension ? position : 0));
    position += n;
    return sliceOf(
      backend,
      x,
      begin,
      x.shape.map((whole, d) => (d === dimension ? n : whole)),
    );
  });
});

const padV2 = defineKernel<{ x: TensorInfo }, PadV2Attrs>("PadV2", (backend, { x }, { paddings, constantValue }) => {
  if (!isMovable(x) || (x.dtype !== "float32" && constantValue !== 0)) return undefined;
  const shape = x.shape.map((n, d) => n + (paddings[d] as [number, number])[0] + (paddings[d] as [number, number])[1]);
  const strides = stridesOf(shape);
  const offset = paddings.reduce((sum, [before], d) => sum + before * (strides[d] as number), 0);
  const from = backend.pointer(x);
  const out = backend.make(shape, x.dtype);
  const to = backend.pointer(out);
  backend.kernels.fill_f32(to, util.sizeFromShape(shape), constantValue);
  copy(backend, to + 4 * offset, from, x.shape, stridesOf(x.shape), strides);
  return out;
});

const tile = defineKernel<{ x: TensorInfo }, TileAttrs>("Tile", (backend, { x }, { reps }) => {
  if (!isMovable(x)) return undefined;
  const shape = x.shape.map((n, d) => n * (reps[d] as number));
  const strides = stridesOf(x.shape);
  // Each dimension is two in the walk: the repetitions, which read the same values again, and the values.
  const sizes = x.shape.flatMap((n, d) => [reps[d] as number, n]);
  const stridesIn = strides.flatMap((stride) => [0, stride]);
  const from = backend.pointer(x);
  const out = backend.make(shape, x.dtype);
  copy(backend, backend.pointer(out), from, sizes, stridesIn, stridesOf(sizes));
  return out;
});

const reverse = defineKernel<{ x: TensorInfo }, ReverseAttrs>("Reverse", (backend, { x }, { dims }) => {
  if (!isMovable(x)) return undefined;
  const reversed = util.parseAxisParam(dims, x.shape);
  const strides = stridesOf(x.shape);
  const first = reversed.reduce((sum, d) => sum + ((x.shape[d] as number) - 1) * (strides[d] as number), 0);
  const from = backend.pointer(x);
  const out = backend.make(x.shape, x.dtype);
  const stridesIn = strides.map((stride, d) => (reversed.includes(d) ? -stride : stride));
  copy(backend, backend.pointer(out), from + 4 * first, x.shape, stridesIn, strides);
  return out;
});

export const movement: readonly Kernel[] = [concat, pack, padV2, reverse, slice, splitV, tile, transpose, unpack];
