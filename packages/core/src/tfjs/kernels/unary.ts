// Functions of one number: a row of the table for each. Other dtypes than float32 run as fallbacks.
// Source: the unary kernels of tfjs-backend-cpu 4.22.

import type { NetworkKernels as Kernels } from "@fanin/kernels";
import type { ClipByValueAttrs, LeakyReluAttrs, StepAttrs, TensorInfo } from "@tensorflow/tfjs-core";
import { defineKernel, type Kernel } from "./kernel.ts";

type Loop = (out: number, x: number, n: number) => void;

/** tfjs's name, and the kernel of that function. */
const rows: readonly (readonly [string, (kernels: Kernels) => Loop])[] = [
  ["Abs", (k) => k.abs_f32],
  ["Ceil", (k) => k.ceil_f32],
  ["Cos", (k) => k.cos_f32],
  ["Erf", (k) => k.erf_f32],
  ["Exp", (k) => k.exp_f32],
  ["Expm1", (k) => k.expm1_f32],
  ["Floor", (k) => k.floor_f32],
  ["Log", (k) => k.log_f32],
  ["Log1p", (k) => k.log1p_f32],
  ["Neg", (k) => k.neg_f32],
  ["Reciprocal", (k) => k.reciprocal_f32],
  ["Relu", (k) => k.relu_f32],
  ["Relu6", (k) => k.relu6_f32],
  ["Round", (k) => k.round_f32],
  ["Rsqrt", (k) => k.rsqrt_f32],
  ["Selu", (k) => k.selu_f32],
  ["Sigmoid", (k) => k.sigmoid_f32],
  ["Sign", (k) => k.sign_or_zero_f32],
  ["Sin", (k) => k.sin_f32],
  ["Softplus", (k) => k.softplus_f32],
  ["Sqrt", (k) => k.sqrt_f32],
  ["Square", (k) => k.square_f32],
  ["Tanh", (k) => k.tanh_f32],
];

/** The same of int32, which tfjs-backend-cpu rounds to float32 or beyond 2^53. */
const ofIntegers: Readonly<Record<string, ((x: number) => number) | undefined>> = {
  Abs: Math.abs,
  Square: (x) => Math.imul(x, x),
};

function defineUnary(kernelName: string, loopOf: (kernels: Kernels) => Loop): Kernel {
  const ofInteger = ofIntegers[kernelName];
  return defineKernel<{ x: TensorInfo }>(kernelName, (backend, { x }) => {
    if (x.dtype === "int32" && ofInteger) {
      const out = backend.make(x.shape, "int32");
      const to = backend.get(out.dataId).values as Int32Array;
      to.set((backend.get(x.dataId).values as Int32Array).map(ofInteger));
      return out;
    }
    if (x.dtype !== "float32") return undefined;
    const data = backend.get(x.dataId);
    const out = backend.make(x.shape, "float32");
    loopOf(backend.kernels)(backend.pointer(out), data.pointer, data.size);
    return out;
  });
}

const elu = defineKernel<{ x: TensorInfo }>("Elu", (backend, { x }) => {
  if (x.dtype !== "float32") return undefined;
  const data = backend.get(x.dataId);
  const out = backend.make(x.shape, "float32");
  backend.kernels.elu_f32(backend.pointer(out), data.pointer, data.size, 1);
  return out;
});

const leakyRelu = defineKernel<{ x: TensorInfo }, LeakyReluAttrs>("LeakyRelu", (backend, { x }, { alpha }) => {
  if (x.dtype !== "float32") return undefined;
  const data = backend.get(x.dataId);
  const out = backend.make(x.shape, "float32");
  backend.kernels.leaky_relu_f32(backend.pointer(out), data.pointer, data.size, alpha);
  return out;
});

const clipByValue = defineKernel<{ x: TensorInfo }, ClipByValueAttrs>(
  "ClipByValue",
  (backend, { x }, { clipValueMin, clipValueMax }) => {
    if (x.dtype !== "float32") return undefined;
    const data = backend.get(x.dataId);
    const out = backend.make(x.shape, "float32");
    backend.kernels.clip_f32(backend.pointer(out), data.pointer, data.size, clipValueMin, clipValueMax);
    return out;
  },
);

const step = defineKernel<{ x: TensorInfo }, StepAttrs>("Step", (backend, { x }, { alpha }) => {
  if (x.dtype !== "float32") return undefined;
  const data = backend.get(x.dataId);
  const out = backend.make(x.shape, "float32");
  backend.kernels.step_f32(backend.pointer(out), data.pointer, data.size, alpha);
  return out;
});

export const unary: readonly Kernel[] = [
  ...rows.map(([name, loopOf]) => defineUnary(name, loopOf)),
  elu,
  leakyRelu,
  clipByValue,
  step,
];
