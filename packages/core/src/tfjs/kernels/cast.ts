// Casts between float32, int32 and bool; a cast to the same dtype shares the values.
// Source: Cast of tfjs-backend-cpu 4.22, except that no tensor keeps values of another dtype than its own.

import type { NetworkKernels as Kernels } from "@fanin/kernels";
import type { CastAttrs, DataType, TensorInfo } from "@tensorflow/tfjs-core";
import type { FaninBackend } from "../backend.ts";
import { defineKernel, type Kernel } from "./kernel.ts";

type Conversion = (out: number, x: number, n: number) => void;

/** The kernel from one dtype to another, by both names. */
const conversions: Readonly<Record<string, (kernels: Kernels) => Conversion>> = {
  "bool float32": (k) => k.u8_to_f32,
  "bool int32": (k) => k.u8_to_i32,
  "float32 bool": (k) => k.f32_to_bool,
  "float32 int32": (k) => k.f32_to_i32,
  "int32 bool": (k) => k.i32_to_bool,
  "int32 float32": (k) => k.i32_to_f32,
};

/** The values of `x` as `dtype`, whatever dtype `x` itself says: floats truncated, everything but 0 true. */
export function converted(backend: FaninBackend, x: TensorInfo, dtype: DataType): TensorInfo | undefined {
  const data = backend.get(x.dataId);
  const conversion = conversions[`${data.dtype} ${dtype}`];
  if (!conversion) return undefined;
  const out = backend.make(x.shape, dtype);
  conversion(backend.kernels)(backend.pointer(out), data.pointer, data.size);
  return out;
}

const castKernel = defineKernel<{ x: TensorInfo }, CastAttrs>("Cast", (backend, { x }, { dtype }) => {
  if (dtype === x.dtype && dtype !== "complex64") return backend.share(x, x.shape);
  return converted(backend, x, dtype);
});

export const cast: readonly Kernel[] = [castKernel];
