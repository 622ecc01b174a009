// One memory per realm, made on first use, with the kernels of streams on it: all that an initializer needs.
// The kernels of networks join them on the same memory: network.ts in this folder.

import { HEAP_BASE, instantiateDense, instantiateStreams, type Kernels, type StreamKernels } from "@fanin/kernels";
import { describeBriefly } from "@fanin/tensor/arguments";
import { Arena } from "./arena.ts";

const PAGES = 16; // of a memory that is new

/** Floats in the scratch block through which tensors outside the kernels' memory are filled: 64 KiB, so it stays in cache. */
export const SCRATCH_LENGTH = 16384;

/** The kernels of streams, the memory they work on, a scratch block of `SCRATCH_LENGTH` floats, and their workspace. */
export interface StreamRuntime {
  readonly kernels: StreamKernels;
  readonly arena: Arena;
  readonly scratch: number;
  /** The address of `stream_workspace()` bytes: the state of a counter-based generator, then what a kernel writes aside. */
  readonly workspace: number;
}

/** Options of {@link configure}. */
export interface RuntimeOptions {
  /** The compiled `@fanin/kernels/kernels.wasm`, where the platform forbids compiling from bytes. */
  readonly module?: WebAssembly.Module;
}

let current: StreamRuntime | undefined;
let whole: Kernels | undefined;
/** What {@link configure} was given, on a memory: a variable, so that a bundler drops the check where nothing is configured. */
let makeConfigured: ((memory: WebAssembly.Memory) => Kernels) | undefined;

/**
 * Sets how the kernels are made; call it before anything else of this library.
 *
 * `kernels-dense.wasm` has what the initializers and `@fanin/lab` call, and no other kernels.
 *
 * @throws Error once the kernels are in use; TypeError for what is not a WebAssembly.Module; RangeError for another .wasm, with the
 *   first kernel that it lacks, and for one of another version.
 * @example
 * import { readFileSync } from "node:fs";
 * import { fileURLToPath } from "node:url";
 * import { configure, heNormal } from "@fanin/core";
 * // A Cloudflare Worker has the module from `import module from "@fanin/kernels/kernels.wasm"`.
 * const file = fileURLToPath(import.meta.resolve("@fanin/kernels/kernels.wasm"));
 * configure({ module: new WebAssembly.Module(readFileSync(file)) });
 * heNormal({ seed: 42 })([2, 2]).data[0]; // => 0.017981600016355515
 */
export function configure(options: RuntimeOptions): void {
  if (current) throw new Error("configure: the kernels are already in use; call it before anything else");
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`options: expected an object such as { module }, got ${describeBriefly(options)}`);
  }
  const { module } = options;
  const make =
    module === undefined ? undefined : (memory: WebAssembly.Memory) => instantiateDense(memory, module) as Kernels;
  // Refused here, not at the first draw.
  make?.(new WebAssembly.Memory({ initial: PAGES }));
  makeConfigured = make;
}

/** The runtime of this realm; the first call compiles the kernels, synchronously. */
export function getStreams(): StreamRuntime {
  if (!current) {
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: 65536 });
    whole = makeConfigured?.(memory);
    const kernels = whole ?? instantiateStreams(memory);
    const arena = new Arena(memory, whole ? whole.heap_base() : HEAP_BASE);
    const scratch = arena.alloc(SCRATCH_LENGTH * 4);
    current = { kernels, arena, scratch, workspace: arena.alloc(kernels.stream_workspace()) };
  }
  return current;
}

/** Every kernel in one instance, where {@link configure} was given their module. */
export function configuredKernels(): Kernels | undefined {
  return whole;
}
