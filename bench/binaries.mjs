// The kernels of both binaries, called directly, each with its own memory.
// The second exists if the engine has relaxed SIMD (Node 22 and later).
// @ts-check

import { Arena } from "@fanin/core/runtime";
import { instantiate, instantiateRelaxed, supportsRelaxedSimd } from "@fanin/kernels";

/** @typedef {{ name: string, kernels: import("@fanin/kernels").NetworkKernels, arena: Arena }} Binary */

/** @type {Binary[] | undefined} */
let made;

/** @param {string} name @param {typeof instantiateRelaxed} make @returns {Binary} */
function binary(name, make) {
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 65536 });
  const kernels = make(memory);
  return { name, kernels, arena: new Arena(memory, kernels.heap_base()) };
}

/** `fanin`, which is SIMD128, and `fanin relaxed` if the engine supports it. */
export function binaries() {
  made ??= [
    binary("fanin", instantiate),
    ...(supportsRelaxedSimd() ? [binary("fanin relaxed", instantiateRelaxed)] : []),
  ];
  return made;
}

/**
 * Allocates a block and copies `values` into it.
 * @param {Arena} arena
 * @param {Float32Array} values
 */
export function place(arena, values) {
  const pointer = arena.alloc(values.byteLength);
  arena.f32(pointer, values.length).set(values);
  return pointer;
}

/**
 * Reproducible operands: small multiples of 1/8, whose products are exact in float32.
 * @param {number} length
 * @param {number} seed
 */
export function operand(length, seed) {
  let state = seed;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return ((state >>> 28) - 7.5) / 8;
  });
}
