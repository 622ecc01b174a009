// Softmax of rows, and batch normalization by given statistics.
// Source: Softmax and FusedBatchNorm of tfjs-backend-cpu 4.22.

import type { FusedBatchNormAttrs, SoftmaxAttrs, TensorInfo } from "@tensorflow/tfjs-core";
import { describeBroadcast } from "./binary.ts";
import { defineKernel, type Kernel } from "./kernel.ts";
import { describeFlat, MAX_DIMENSIONS } from "./strides.ts";

const softmax = defineKernel<{ logits: TensorInfo }, SoftmaxAttrs>("Softmax", (backend, { logits }, { dim }) => {
  const rank = logits.shape.length;
  if (logits.dtype !== "float32" || (dim !== -1 && dim !== rank - 1)) return undefined;
  const data = backend.get(logits.dataId);
  const columns = logits.shape.at(-1) ?? 1;
  const out = backend.make(logits.shape, "float32");
  if (data.size > 0) backend.kernels.softmax_f32(backend.pointer(out), data.pointer, data.size / columns, columns);
  return out;
});

interface Statistics {
  readonly x: TensorInfo;
  readonly mean: TensorInfo;
  readonly variance: TensorInfo;
  readonly scale?: TensorInfo | null;
  readonly offset?: TensorInfo | null;
}

/** (x - mean) * scale / sqrt(variance + epsilon) + offset, statistics of one value per channel or of x's own shape. */
const fusedBatchNorm = defineKernel<Statistics, FusedBatchNormAttrs>(
  "FusedBatchNorm",
  (backend, { x, mean, variance, scale, offset }, { varianceEpsilon }) => {
    const channels = x.shape.at(-1);
    const given = [x, mean, variance, ...(scale ? [scale] : []), ...(offset ? [offset] : [])];
    const perChannel = given.slice(1).every(({ shape }) => shape.length === 1 && shape[0] === channels);
    if (
      x.shape.length > MAX_DIMENSIONS ||
      !perChannel ||
      channels === undefined ||
      given.some(({ dtype }) => dtype !== "float32")
    )
      return undefined;
    const { kernels, descriptor } = backend;
    const [px, pm, pv] = [backend.pointer(x), backend.pointer(mean), backend.pointer(variance)];
    const [ps, po] = [scale ? backend.pointer(scale) : 0, offset ? backend.pointer(offset) : 0];
    const factor = backend.workspace(4 * channels + 16);
    const epsilon = factor + 4 * channels;
    const out = backend.make(x.shape, "float32");
    const to = backend.pointer(out);
    kernels.fill_f32(epsilon, 1, varianceEpsilon);
    describeFlat(backend.words, channels, 1, 0);
    kernels.add_f32(factor, pv, epsilon, descriptor);
    kernels.rsqrt_f32(factor, factor, channels);
    describeFlat(backend.words, channels, 1, 1);
    if (ps) kernels.mul_f32(factor, factor, ps, descriptor);
    describeBroadcast(backend, x, mean);
    kernels.sub_f32(to, px, pm, descriptor);
    kernels.mul_f32(to, to, factor, descriptor);
    if (po) kernels.add_f32(to, to, po, descriptor);
    return out;
  },
);

export const normalization: readonly Kernel[] = [fusedBatchNorm, softmax];
