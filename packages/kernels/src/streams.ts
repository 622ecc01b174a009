// The binary of streams and initializers. A module of its own, so that a page that only draws weights loads these bytes alone.
// Source: assembly/streams.ts.

import { compile } from "./compile.ts";
import { decodeBase64 } from "./decode-base64.ts";
import { expectModule } from "./expect-module.ts";
import { streamsKernelNames } from "./generated/kernel-names.ts";
import { base64 } from "./generated/kernels-streams-base64.ts";
import type { StreamKernels } from "./generated/kernels-type.ts";
import { instantiateOn } from "./instantiate-on.ts";

/**
 * The WebAssembly of the kernels of streams and initializers, decoded from the copy embedded here.
 *
 * @example
 * WebAssembly.validate(streamKernelsBytes()); // => true
 */
export function streamKernelsBytes(): Uint8Array<ArrayBuffer> {
  return decodeBase64(base64);
}

/**
 * Instantiates the kernels of streams and initializers on `memory`. The bytes below `HEAP_BASE` hold their constants, and those of
 * the kernels of networks where you put both on the same memory.
 *
 * @throws WebAssembly.CompileError where the engine lacks SIMD128; TypeError or RangeError for a `module` or `memory` of another kind,
 *   and for a file that is not of this version.
 * @example
 * const memory = new WebAssembly.Memory({ initial: 16 });
 * const kernels = instantiateStreams(memory);
 * const workspace = HEAP_BASE;
 * const out = workspace + kernels.stream_workspace();
 * kernels.philox_seed(workspace, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0);
 * kernels.philox4x32_u32(out, 4, workspace, 0x243f6a88);
 * new Uint32Array(memory.buffer, out, 1)[0]?.toString(16); // => 'd16cfe09'
 */
export function instantiateStreams(memory: WebAssembly.Memory, module?: WebAssembly.Module): StreamKernels {
  const compiled =
    module === undefined ? compile(streamKernelsBytes()) : expectModule(module, streamsKernelNames, "kernels.wasm");
  return instantiateOn(memory, compiled) as unknown as StreamKernels;
}
