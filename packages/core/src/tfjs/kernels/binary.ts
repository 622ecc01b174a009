// Functions of two numbers with broadcasting: a row of the table for each. Other dtypes than float32 run as fallbacks.
// Source: the binary kernels of tfjs-backend-cpu 4.22.

import type { NetworkKernels as Kernels } from "@fanin/kernels";
import { backend_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { FaninBackend } from "../backend.ts";
import { defineKernel, type Kernel } from "./kernel.ts";
import { expectShape } from "./operands.ts";
import { broadcastStrides, describeFlat, describeWalk, MOST_DIMENSIONS } from "./strides.ts";

type Loop = (out: number, a: number, b: number, shape: number) => void;

/** tfjs's name, and the kernel of that function. */
const rows: readonly (readonly [string, (kernels: Kernels) => Loop])[] = [
  ["Add", (k) => k.add_f32],
  ["Maximum", (k) => k.max_f32],
  ["Minimum", (k) => k.min_f32],
  ["Multiply", (k) => k.mul_f32],
  ["Pow", (k) => k.pow_f32],
  ["RealDiv", (k) => k.div_f32],
  ["SquaredDifference", (k) => k.squared_difference_f32],
  ["Sub", (k) => k.sub_f32],
];

/**
 * Writes how two arrays are broadcast against each other, and returns the shape that gives; undefined where that takes
 * more dimensions than a descriptor has.
 */
export function describeBroadcast(backend: FaninBackend, a: TensorInfo, b: TensorInfo): number[] | undefined {
  const { words } = backend;
  if (util.arraysEqual(a.shape, b.shape)) {
    describeFlat(words, util.sizeFromShape(a.shape), 1, 1);
    return a.shape;
  }
  if (b.shape.length === 0) {
    describeFlat(words, util.sizeFromShape(a.shape), 1, 0);
    return a.shape;
  }
  if (a.shape.length === 0) {
    describeFlat(words, util.sizeFromShape(b.shape), 0, 1);
    return b.shape;
  }
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  if (shape.length > MOST_DIMENSIONS) return undefined;
  describeWalk(words, shape, broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape));
  return shape;
}

function combine(
  backend: FaninBackend,
  a: TensorInfo,
  b: TensorInfo,
  loopOf: (kernels: Kernels) => Loop,
): TensorInfo | undefined {
  if (a.dtype !== "float32" || b.dtype !== "float32") return undefined;
  const x = backend.get(a.dataId);
  const y = backend.get(b.dataId);
  const shape = describeBroadcast(backend, a, b);
  if (!shape) return undefined;
  const out = backend.make(shape, "float32");
  loopOf(backend.kernels)(backend.pointer(out), x.pointer, y.pointer, backend.descriptor);
  return out;
}

const prelu = defineKernel<{ x: TensorInfo; alpha: TensorInfo }>("Prelu", (backend, { x, alpha }) =>
  combine(backend, x, alpha, (k) => k.prelu_f32),
);

const eluGrad = defineKernel<{ dy: TensorInfo; y: TensorInfo }>("EluGrad", (backend, { dy, y }) =>
  combine(backend, dy, y, (k) => k.elu_slope_f32),
);

/** The sum of several tensors of one shape. */
const addN = defineKernel<TensorInfo[]>("AddN", (backend, inputs) => {
  const [first, second] = inputs;
  if (!first || !second || inputs.some(({ dtype }) => dtype !== "float32")) return undefined;
  for (const [i, input] of inputs.entries()) expectShape("AddN", `${i}`, input, first.shape);
  const pointers = inputs.map((input) => backend.pointer(input));
  const out = backend.make(first.shape, "float32");
  const sum = backend.pointer(out);
  describeFlat(backend.words, util.sizeFromShape(first.shape), 1, 1);
  backend.kernels.add_f32(sum, pointers[0] as number, pointers[1] as number, backend.descriptor);
  for (const pointer of pointers.slice(2)) backend.kernels.add_f32(sum, sum, pointer, backend.descriptor);
  return out;
});

export const binary: readonly Kernel[] = [
  ...rows.map(([name, loopOf]) =>
    defineKernel<{ a: TensorInfo; b: TensorInfo }>(name, (backend, { a, b }) => combine(backend, a, b, loopOf)),
  ),
  addN,
  eluGrad,
  prelu,
];
