// Comparisons with broadcasting, the logic of their results, and the selection by them.
// Source: the comparisons, LogicalAnd, LogicalOr, LogicalNot and Select of tfjs-backend-cpu 4.22; their numbers are those of compare_f32 in @fanin/kernels.

import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import { describeBroadcast } from "./binary.ts";
import { defineKernel, type Kernel } from "./kernel.ts";

/** tfjs's names, in the order of compare_f32's numbers. */
const relations = ["Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual"] as const;

const select = defineKernel<{ condition: TensorInfo; t: TensorInfo; e: TensorInfo }>(
  "Select",
  (backend, { condition, t, e }) => {
    const isCovered = t.dtype === e.dtype && (t.dtype === "float32" || t.dtype === "int32");
    if (!isCovered || condition.dtype !== "bool" || !util.arraysEqual(condition.shape, t.shape)) return undefined;
    const [flags, a, b] = [backend.get(condition.dataId), backend.pointer(t), backend.pointer(e)];
    const out = backend.make(t.shape, t.dtype);
    backend.kernels.select_f32(backend.pointer(out), flags.pointer, a, b, flags.size);
    return out;
  },
);

/** Both operands of one shape; flags that are broadcast are rare. */
const logic = (["LogicalAnd", "LogicalOr"] as const).map((name) =>
  defineKernel<{ a: TensorInfo; b: TensorInfo }>(name, (backend, { a, b }) => {
    if (a.dtype !== "bool" || b.dtype !== "bool" || !util.arraysEqual(a.shape, b.shape)) return undefined;
    const [x, y] = [backend.get(a.dataId), backend.pointer(b)];
    const out = backend.make(a.shape, "bool");
    const { logical_and_u8, logical_or_u8 } = backend.kernels;
    (name === "LogicalAnd" ? logical_and_u8 : logical_or_u8)(backend.pointer(out), x.pointer, y, x.size);
    return out;
  }),
);

const logicalNot = defineKernel<{ x: TensorInfo }>("LogicalNot", (backend, { x }) => {
  if (x.dtype !== "bool") return undefined;
  const data = backend.get(x.dataId);
  const out = backend.make(x.shape, "bool");
  backend.kernels.logical_not_u8(backend.pointer(out), data.pointer, data.size);
  return out;
});

export const comparison: readonly Kernel[] = [
  ...relations.map((name, relation) =>
    defineKernel<{ a: TensorInfo; b: TensorInfo }>(name, (backend, { a, b }) => {
      if (a.dtype !== "float32" || b.dtype !== "float32") return undefined;
      const [x, y] = [backend.pointer(a), backend.pointer(b)];
      const shape = describeBroadcast(backend, a, b);
      if (!shape) return undefined;
      const out = backend.make(shape, "bool");
      backend.kernels.compare_f32(backend.pointer(out), x, y, backend.descriptor, relation);
      return out;
    }),
  ),
  ...logic,
  logicalNot,
  select,
];
