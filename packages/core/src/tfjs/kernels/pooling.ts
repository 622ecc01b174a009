// Pooling over windows of NHWC images, and the gradients.
// Source: MaxPool, AvgPool and their gradients of tfjs-backend-cpu 4.22, except that a mean's gradient is divided by the
// pixels that the window saw, as in TensorFlow, not by those of the padding too.

import {
  type AvgPoolAttrs,
  type AvgPoolGradAttrs,
  backend_util,
  type MaxPoolAttrs,
  type MaxPoolGradAttrs,
  type TensorInfo,
  util,
} from "@tensorflow/tfjs-core";
import { describeWindow } from "./convolution.ts";
import { defineKernel, type Kernel } from "./kernel.ts";
import { withExplicitPad, withSlope } from "./windows.ts";

interface PoolAttrs {
  readonly filterSize: [number, number] | number;
  readonly strides: [number, number] | number;
  readonly pad: MaxPoolAttrs["pad"];
  readonly dimRoundingMode?: MaxPoolAttrs["dimRoundingMode"] | undefined;
}

function infoOf(shape: number[], { filterSize, strides, pad, dimRoundingMode }: PoolAttrs): backend_util.Conv2DInfo {
  return backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize,
    strides,
    1,
    pad,
    dimRoundingMode,
  );
}

/** Whether tfjs takes the output for the input, which it does for any window of one pixel and sizes that are equal. */
function isPointwise(info: backend_util.Conv2DInfo): boolean {
  return info.filterWidth === 1 && info.filterHeight === 1 && util.arraysEqual(info.inShape, info.outShape);
}

/** One way of pooling, by its kernel's name here and in WebAssembly. */
const pool = (name: "MaxPool" | "AvgPool", kernel: "max_pool_f32" | "avg_pool_f32") =>
  defineKernel<{ x: TensorInfo }, MaxPoolAttrs | AvgPoolAttrs>(name, (backend, { x }, attrs) => {
    if (x.dtype !== "float32") return undefined;
    const info = infoOf(x.shape, attrs);
    if (isPointwise(info)) return backend.share(x, x.shape);
    const from = backend.pointer(x);
    const out = backend.make(info.outShape, "float32");
    if (util.sizeFromShape(info.outShape) === 0) return out;
    describeWindow(backend, info);
    backend.kernels[kernel](backend.pointer(out), from, backend.descriptor);
    return out;
  });

const maxPool = pool("MaxPool", "max_pool_f32");
const avgPool = pool("AvgPool", "avg_pool_f32");

const maxPoolGrad = defineKernel<{ dy: TensorInfo; input: TensorInfo }, MaxPoolGradAttrs>(
  "MaxPoolGrad",
  (backend, { dy, input }, attrs) => {
    if (dy.dtype !== "float32" || input.dtype !== "float32") return undefined;
    const info = withSlope(backend.op, infoOf(input.shape, attrs), dy.shape);
    const [slope, x] = [backend.pointer(dy), backend.pointer(input)];
    const out = backend.make(input.shape, "float32");
    describeWindow(backend, info);
    backend.kernels.max_pool_gradient_f32(backend.pointer(out), slope, x, backend.descriptor);
    return out;
  },
);

/** Whether no window reaches into the padding. */
function areWindowsInside(info: backend_util.Conv2DInfo): boolean {
  const bottom = (info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight - info.padInfo.top;
  const right = (info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth - info.padInfo.left;
  return info.padInfo.top === 0 && info.padInfo.left === 0 && bottom <= info.inHeight && right <= info.inWidth;
}

const avgPoolGrad = defineKernel<{ dy: TensorInfo; input: TensorInfo }, AvgPoolGradAttrs>(
  "AvgPoolGrad",
  (backend, { dy, input }, attrs) => {
    if (dy.dtype !== "float32") return undefined;
    const isList = Array.isArray(attrs.pad);
    const info = withSlope(backend.op, infoOf(input.shape, withExplicitPad(attrs as PoolAttrs)), dy.shape);
    // tfjs-core's suite asserts that the padding counts where it is a list of sides; nowhere else.
    if (isList && !backend.tensorflowGradients && !areWindowsInside(info)) return undefined;
    const slope = backend.pointer(dy);
    const out = backend.make(input.shape, "float32");
    describeWindow(backend, info);
    backend.kernels.avg_pool_gradient_f32(backend.pointer(out), slope, backend.descriptor);
    return out;
  },
);

export const pooling: readonly Kernel[] = [avgPool, avgPoolGrad, maxPool, maxPoolGrad];
