// What a kernel of this backend is: a name of tfjs-core and a function over pointers.
// Source: kernel_registry.ts of tfjs-core 4.22, with the arguments unpacked.

import type { NamedTensorInfoMap, TensorInfo } from "@tensorflow/tfjs-core";
import type { FaninBackend } from "../backend.ts";

/** One kernel; where `run` returns undefined (a dtype or layout that it does not cover), tfjs-backend-cpu's kernel runs. */
export interface Kernel {
  readonly kernelName: string;
  /** `wasm`: computed by a kernel of @fanin/kernels; `script`: by TypeScript; `shared`: nothing is computed or copied. */
  readonly support: "wasm" | "script" | "shared";
  run(backend: FaninBackend, inputs: NamedTensorInfoMap, attrs: never): TensorInfo | TensorInfo[] | undefined;
}

/** The floats of `info`: a view that is valid until another tensor is made, which may move memory. */
export function floatsOf(backend: FaninBackend, { dataId }: TensorInfo): Float32Array {
  return backend.get(dataId).values as Float32Array;
}

export const areFloats = (...tensors: TensorInfo[]): boolean => tensors.every(({ dtype }) => dtype === "float32");

/** A kernel whose inputs and attributes have the types given. */
export function defineKernel<I, A = object>(
  kernelName: string,
  run: (backend: FaninBackend, inputs: I, attrs: A) => TensorInfo | TensorInfo[] | undefined,
  support: Kernel["support"] = "wasm",
): Kernel {
  return { kernelName, support, run: run as unknown as Kernel["run"] };
}
