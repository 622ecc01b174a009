// The kernels of streams and of dense networks from a file that is not embedded: kernels-dense.wasm, or kernels.wasm.
// Source: assembly/dense.ts.

import { expectModule } from "./expect-module.ts";
import { denseKernelNames } from "./generated/kernel-names.ts";
import type { DenseKernels } from "./generated/kernels-type.ts";
import { instantiateOn } from "./instantiate-on.ts";

/**
 * Instantiates the compiled file `@fanin/kernels/kernels-dense.wasm`, or `kernels.wasm`, which has more kernels, on `memory`. Its
 * first `heap_base()` bytes then hold their constants.
 *
 * @throws TypeError or RangeError for a `module` or `memory` of another kind, and for a file that is not of this version.
 * @example
 * import { readFileSync } from "node:fs";
 * import { fileURLToPath } from "node:url";
 * import { instantiateDense } from "@fanin/kernels";
 * const file = fileURLToPath(import.meta.resolve("@fanin/kernels/kernels-dense.wasm"));
 * const memory = new WebAssembly.Memory({ initial: 16 });
 * const kernels = instantiateDense(memory, new WebAssembly.Module(readFileSync(file)));
 * kernels.heap_base() < 65536; // => true
 */
export function instantiateDense(memory: WebAssembly.Memory, module: WebAssembly.Module): DenseKernels {
  return instantiateOn(memory, expectModule(module, denseKernelNames, "kernels.wasm")) as unknown as DenseKernels;
}
