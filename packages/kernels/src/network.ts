// The binary of networks, deterministic. A module of its own, so that a bundler drops its bytes where nothing is trained.
// Source: assembly/network.ts.

import { compile } from "./compile.ts";
import { decodeBase64 } from "./decode-base64.ts";
import { expectModule } from "./expect-module.ts";
import { networkKernelNames } from "./generated/kernel-names.ts";
import { base64 } from "./generated/kernels-network-base64.ts";
import type { NetworkKernels } from "./generated/kernels-type.ts";
import { instantiateOn } from "./instantiate-on.ts";

/**
 * The WebAssembly of the kernels that networks run on, decoded from the copy embedded here.
 *
 * @example
 * WebAssembly.validate(networkKernelsBytes()); // => true
 */
export function networkKernelsBytes(): Uint8Array<ArrayBuffer> {
  return decodeBase64(base64);
}

/**
 * Instantiates the kernels of networks on `memory`, whose first `heap_base()` bytes then belong to the kernels; those of streams
 * fit in below theirs.
 *
 * @throws WebAssembly.CompileError where the engine lacks SIMD128; TypeError or RangeError for a `module` or `memory` of another kind,
 *   and for a file that is not of this version.
 * @example
 * const memory = new WebAssembly.Memory({ initial: 16 });
 * const kernels = instantiateNetwork(memory);
 * const x = kernels.heap_base();
 * new Float32Array(memory.buffer, x, 3).set([-1, 0, 2]);
 * kernels.relu_f32(x, x, 3);
 * new Float32Array(memory.buffer, x, 3); // => Float32Array(3) [ 0, 0, 2 ]
 */
export function instantiateNetwork(memory: WebAssembly.Memory, module?: WebAssembly.Module): NetworkKernels {
  const compiled =
    module === undefined ? compile(networkKernelsBytes()) : expectModule(module, networkKernelNames, "kernels.wasm");
  return instantiateOn(memory, compiled) as unknown as NetworkKernels;
}
