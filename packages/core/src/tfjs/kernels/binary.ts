// Functions of two numbers with broadcasting: a row of the table for each. Other dtypes than float32 run as fallbacks.
// Source: the binary kernels of tfjs-backend-cpu 4.22.

import type { NetworkKernels as Kernels } from "@fanin/kernels";
import { backend_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import type { FaninBackend } from "../backend.ts";
import { defineKernel, type Kernel } from "./kernel.ts";
import { expectShape } from "./operands.ts";
import { broadcastStrides, describeFlat, describeWalk, MAX_DIMENSIONS } from "./strides.ts";

type Loop = (out: number, a: number, b: number, shape: number) => void;

/** A function of two numbers. Those of int32 wrap as TensorFlow's do; tfjs-backend-cpu's lose bits beyond 2^53. */
type OfNumbers = (a: number, b: number) => number;

/** a^b by squares; tfjs's value where b is negative, which TensorFlow refuses. */
function integerPower(a: number, b: number): number {
  if (b < 0) return a ** b;
  let power = 1;
  for (let base = a, n = b; n > 0; n = Math.floor(n / 2), base = Math.imul(base, base)) {
    if (n % 2 === 1) power = Math.imul(power, base);
  }
  return power;
}

/** a - b floor(a / b), with the sign of b. */
function floorMod(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

/** tfjs's name, the kernel of that function, and the function of integers that it is not for. */
const rows: readonly (readonly [string, (kernels: Kernels) => Loop, OfNumbers?])[] = [
  ["Add", (k) => k.add_f32],
  ["Maximum", (k) => k.max_f32],
  ["Minimum", (k) => k.min_f32],
  ["Multiply", (k) => k.mul_f32, Math.imul],
  ["Pow", (k) => k.pow_f32, integerPower],
  ["RealDiv", (k) => k.div_f32],
  ["SquaredDifference", (k) => k.squared_difference_f32, (a, b) => Math.imul(a - b, a - b)],
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
  if (shape.length > MAX_DIMENSIONS) return undefined;
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

/** `f` of each pair of values of one dtype, broadcast. */
function combineEach(backend: FaninBackend, a: TensorInfo, b: TensorInfo, f: OfNumbers): TensorInfo {
  const shape = backend_util.assertAndGetBroadcastShape(a.shape, b.shape);
  const [stepsA, stepsB] = [broadcastStrides(a.shape, shape), broadcastStrides(b.shape, shape)];
  const out = backend.make(shape, a.dtype);
  const [to, x, y] = [out, a, b].map(({ dataId }) => backend.get(dataId).values as Float32Array) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const place = new Array<number>(shape.length).fill(0);
  let [atA, atB] = [0, 0];
  for (let i = 0; i < to.length; i++) {
    to[i] = f(x[atA] as number, y[atB] as number);
    for (let d = shape.length - 1; d >= 0; d--) {
      const size = shape[d] as number;
      const [stepA, stepB] = [stepsA[d] as number, stepsB[d] as number];
      place[d] = (place[d] as number) + 1;
      atA += stepA;
      atB += stepB;
      if ((place[d] as number) < size) break;
      place[d] = 0;
      atA -= size * stepA;
      atB -= size * stepB;
    }
  }
  return out;
}

/** Floors of quotients of floats, which are floats: tfjs-backend-cpu makes them int32, 0 where they are not finite. */
const floorDiv = defineKernel<{ a: TensorInfo; b: TensorInfo }>(
  "FloorDiv",
  (backend, { a, b }) =>
    a.dtype === "float32" && b.dtype === "float32"
      ? combineEach(backend, a, b, (x, y) => Math.floor(Math.fround(x / y)))
      : undefined,
  "script",
);

const mod = defineKernel<{ a: TensorInfo; b: TensorInfo }>(
  "Mod",
  (backend, { a, b }) =>
    a.dtype === "float32" && b.dtype === "float32" ? combineEach(backend, a, b, floorMod) : undefined,
  "script",
);

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
  ...rows.map(([name, loopOf, ofIntegers]) =>
    defineKernel<{ a: TensorInfo; b: TensorInfo }>(name, (backend, { a, b }) => {
      const areIntegers = a.dtype === "int32" && b.dtype === "int32";
      return areIntegers && ofIntegers ? combineEach(backend, a, b, ofIntegers) : combine(backend, a, b, loopOf);
    }),
  ),
  addN,
  eluGrad,
  floorDiv,
  mod,
  prelu,
];
