// Rows by number: gather, and its gradient, the sum by segment.
// Source: GatherV2 and UnsortedSegmentSum of tfjs-backend-cpu 4.22.

import {
  backend_util,
  type GatherV2Attrs,
  type TensorInfo,
  type UnsortedSegmentSumAttrs,
  util,
} from "@tensorflow/tfjs-core";
import { defineKernel, type Kernel } from "./kernel.ts";

const gather = defineKernel<{ x: TensorInfo; indices: TensorInfo }, GatherV2Attrs>(
  "GatherV2",
  (backend, { x, indices }, { axis, batchDims }) => {
    if (indices.dtype !== "int32" || (x.dtype !== "float32" && x.dtype !== "int32") || batchDims) return undefined;
    const [dimension] = util.parseAxisParam(axis, x.shape) as [number];
    const { outputShape, batchSize, outerSize, dimSize, sliceSize } =
      backend_util.segment_util.collectGatherOpShapeInfo(x as never, indices as never, dimension, 0);
    if (batchSize !== 1) return undefined;
    const places = backend.get(indices.dataId);
    for (const index of places.values as Int32Array) {
      if (index < 0 || index >= dimSize) {
        throw new Error(`GatherV2: the index value ${index} is not in [0, ${dimSize - 1}]`);
      }
    }
    const from = backend.pointer(x);
    const out = backend.make(outputShape, x.dtype);
    const to = backend.pointer(out);
    for (let i = 0; i < outerSize; i++) {
      const [source, target] = [from + 4 * i * dimSize * sliceSize, to + 4 * i * places.size * sliceSize];
      backend.kernels.gather_f32(target, source, places.pointer, places.size, sliceSize);
    }
    return out;
  },
);

const unsortedSegmentSum = defineKernel<{ x: TensorInfo; segmentIds: TensorInfo }, UnsortedSegmentSumAttrs>(
  "UnsortedSegmentSum",
  (backend, { x, segmentIds }, { numSegments }) => {
    if ((x.dtype !== "float32" && x.dtype !== "int32") || segmentIds.dtype !== "int32") return undefined;
    const rest = x.shape.slice(segmentIds.shape.length);
    const [values, ids] = [backend.get(x.dataId), backend.get(segmentIds.dataId)];
    const out = backend.make([numSegments, ...rest], x.dtype);
    const columns = util.sizeFromShape(rest);
    if (x.dtype === "int32") {
      const [to, from, rows] = [backend.get(out.dataId), values, ids].map((data) => data.values as Int32Array) as [
        Int32Array,
        Int32Array,
        Int32Array,
      ];
      to.fill(0);
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] as number;
        if (row < 0 || row >= numSegments) continue;
        for (let c = 0; c < columns; c++) (to[row * columns + c] as number) += from[i * columns + c] as number;
      }
      return out;
    }
    const { kernels } = backend;
    kernels.unsorted_segment_sum_f32(backend.pointer(out), values.pointer, ids.pointer, ids.size, columns, numSegments);
    return out;
  },
);

export const lookup: readonly Kernel[] = [gather, unsortedSegmentSum];
