// The binary of networks, deterministic. A module of its own, so that a bundler drops its bytes from a page that trains nothing.
// Source: assembly/network.ts.

import { compile } from "./compile.ts";
import { decodeBase64 } from "./decode-base64.ts";
import { expectModule } from "./expect-module.ts";
import { networkKernelNames } from "./generated/kernel-names.ts";
import { base64 } from "./generated/kernels-network-base64.ts";
import type { NetworkKernels } from "./generated/kernels-type.ts";
import { instantiateOn } from "./instantiate-on.ts";

/**
 * The WebAssembly of the kernels of networks, decoded from the copy embedded here.
 *
 * @example
 * WebAssembly.validate(networkKernelsBytes()); // => true
 */
export function networkKernelsBytes(): Uint8Array<ArrayBuffer> {
  return decodeBase64(base64);
}

/**
 * Instantiates the kernels of networks on `memory`. Its first `heap_base()` bytes hold their constants, with room for those of the
 * kernels of streams.
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
