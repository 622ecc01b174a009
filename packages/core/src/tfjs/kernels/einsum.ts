// Einstein sums of one tensor or two, as one walk over all labels.
// Source: tf.einsum of TensorFlow 2.21; equations are read by backend_util of tfjs-core 4.22. tfjs-backend-cpu keeps a label that
// one tensor alone has and the result lacks.

import { backend_util, type EinsumAttrs, type TensorInfo } from "@tensorflow/tfjs-core";
import { defineKernel, type Kernel } from "./kernel.ts";
import { stridesOf } from "./strides.ts";

const einsum = defineKernel<TensorInfo[], EinsumAttrs>(
  "Einsum",
  (backend, tensors, { equation }) => {
    const dtype = tensors[0]?.dtype;
    if ((dtype !== "float32" && dtype !== "int32") || tensors.some((tensor) => tensor.dtype !== dtype))
      return undefined;
    const { allDims, summedDims, idDims } = backend_util.decodeEinsumEquation(equation, tensors.length);
    backend_util.checkEinsumDimSizes(allDims.length, idDims, tensors as never);
    const sizes = new Array<number>(allDims.length).fill(1);
    const strides = tensors.map((tensor, i) => {
      const byLabel = new Array<number>(allDims.length).fill(0);
      const own = stridesOf(tensor.shape);
      for (const [d, label] of (idDims[i] as number[]).entries()) {
        sizes[label] = tensor.shape[d] as number;
        byLabel[label] = own[d] as number;
      }
      return byLabel;
    });
    // Labels of the result come first.
    const kept = allDims.length - summedDims.length;
    const out = backend.make(sizes.slice(0, kept), dtype);
    const to = backend.get(out.dataId).values as Float32Array;
    const [a, b] = tensors.map(({ dataId }) => backend.get(dataId).values as Float32Array);
    const [stridesA, stridesB] = strides;
    const place = new Array<number>(allDims.length).fill(0);
    const sum = (from: number, atA: number, atB: number): number => {
      if (from === allDims.length) return (a?.[atA] as number) * (b === undefined ? 1 : (b[atB] as number));
      const [stepA, stepB] = [stridesA?.[from] as number, stridesB?.[from] ?? 0];
      let total = 0;
      for (let i = 0, n = sizes[from] as number; i < n; i++) total += sum(from + 1, atA + i * stepA, atB + i * stepB);
      return total;
    };
    for (let i = 0; i < to.length; i++) {
      let [atA, atB] = [0, 0];
      for (let d = 0; d < kept; d++) {
        atA += (place[d] as number) * (stridesA?.[d] as number);
        atB += (place[d] as number) * (stridesB?.[d] ?? 0);
      }
      to[i] = sum(kept, atA, atB);
      for (let d = kept - 1; d >= 0; d--) {
        place[d] = (place[d] as number) + 1;
        if ((place[d] as number) < (sizes[d] as number)) break;
        place[d] = 0;
      }
    }
    return out;
  },
  "script",
);

export const einsums: readonly Kernel[] = [einsum];
