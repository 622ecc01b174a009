// The compiled kernels: their bytes, their types, and instances on a memory that the caller provides.
// Each binary is a module of its own, so that a bundler drops the bytes of those that a page does not use.

import { expectModule } from "./expect-module.ts";
import { networkKernelNames, streamsKernelNames } from "./generated/kernel-names.ts";
import type { Kernels, NetworkKernels, StreamKernels } from "./generated/kernels-type.ts";
import { instantiateOn } from "./instantiate-on.ts";
import { instantiateNetwork } from "./network.ts";
import { instantiateStreams } from "./streams.ts";

export { instantiateDense } from "./dense.ts";
export { isRelaxedModule } from "./expect-module.ts";
export { HEAP_BASE } from "./generated/heap-base.ts";
export type { DenseKernels } from "./generated/kernels-type.ts";
export { instantiateNetwork, networkKernelsBytes } from "./network.ts";
export { instantiateRelaxed, relaxedKernelsBytes, supportsRelaxedSimd } from "./relaxed.ts";
export { instantiateStreams, streamKernelsBytes } from "./streams.ts";
export type { Kernels, NetworkKernels, StreamKernels };

/**
 * Instantiates every deterministic kernel on `memory`. Its first `heap_base()` bytes then hold their constants.
 *
 * `module` is the compiled file `@fanin/kernels/kernels.wasm`, for platforms that forbid compiling from bytes. Without it the two
 * embedded binaries share the memory.
 *
 * @throws WebAssembly.CompileError where the engine lacks SIMD128; TypeError or RangeError for a `module` or `memory` of another
 *   kind, and for a file that is not of this version.
 * @example
 * const memory = new WebAssembly.Memory({ initial: 16 });
 * const kernels = instantiate(memory);
 * const out = kernels.heap_base(); // the first byte that is free
 * kernels.fill_f32(out, 4, 1.5);
 * new Float32Array(memory.buffer, out, 4); // => Float32Array(4) [ 1.5, 1.5, 1.5, 1.5 ]
 */
export function instantiate(memory: WebAssembly.Memory, module?: WebAssembly.Module): Kernels {
  if (module !== undefined) {
    const names = `${streamsKernelNames} ${networkKernelNames}`;
    return instantiateOn(memory, expectModule(module, names, "kernels.wasm")) as unknown as Kernels;
  }
  return { ...instantiateStreams(memory), ...instantiateNetwork(memory) };
}
