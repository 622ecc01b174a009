// The kernels of networks with fused multiply-adds, for engines with relaxed SIMD. A module of its own, so that a bundler drops its
// bytes from a page that does not use them. Source: the relaxed SIMD proposal of WebAssembly.

import { compile } from "./compile.ts";
import { decodeBase64 } from "./decode-base64.ts";
import { expectModule } from "./expect-module.ts";
import { networkKernelNames } from "./generated/kernel-names.ts";
import { base64 } from "./generated/kernels-relaxed-base64.ts";
import type { NetworkKernels } from "./generated/kernels-type.ts";
import { instantiateOn } from "./instantiate-on.ts";

/** A module with one function, f32x4.relaxed_madd of three splats. */
const PROBE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03, 0x02, 0x01, 0x00],
  ...[0x0a, 0x13, 0x01, 0x11, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0x41, 0x00, 0xfd, 0x0f, 0x41, 0x00, 0xfd, 0x0f],
  ...[0xfd, 0x85, 0x02, 0x0b],
);

/**
 * Whether this engine compiles the relaxed kernels: V8 from version 11.4 on (Chrome 114, Node 22).
 *
 * @example
 * const bytes = supportsRelaxedSimd() ? relaxedKernelsBytes() : networkKernelsBytes();
 * WebAssembly.validate(bytes); // => true
 */
export function supportsRelaxedSimd(): boolean {
  return WebAssembly.validate(PROBE);
}

/**
 * The WebAssembly of the relaxed kernels: those of networks, with the same results up to the rounding of gemm and
 * convolution, which may differ between machines.
 *
 * @example
 * WebAssembly.validate(relaxedKernelsBytes()) === supportsRelaxedSimd(); // => true
 */
export function relaxedKernelsBytes(): Uint8Array<ArrayBuffer> {
  return decodeBase64(base64);
}

/**
 * Instantiates the relaxed kernels on `memory`. Its first `heap_base()` bytes then hold their constants, so put no other binary on it.
 *
 * @throws WebAssembly.CompileError where the engine lacks relaxed SIMD; TypeError or RangeError for a `module` or `memory` of another kind,
 *   and for a file that is not of this version.
 * @example
 * const memory = new WebAssembly.Memory({ initial: 16 });
 * const kernels = supportsRelaxedSimd() ? instantiateRelaxed(memory) : instantiateNetwork(memory);
 * kernels.heap_base() < 65536; // => true
 */
export function instantiateRelaxed(memory: WebAssembly.Memory, module?: WebAssembly.Module): NetworkKernels {
  const compiled =
    module === undefined
      ? compile(relaxedKernelsBytes())
      : expectModule(module, networkKernelNames, "kernels-relaxed.wasm");
  return instantiateOn(memory, compiled) as unknown as NetworkKernels;
}
