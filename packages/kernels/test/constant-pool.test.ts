// The pool of vector constants: the same values from memory as from immediates, and none left in the binaries.
// Source: the WebAssembly text format.

import { readFileSync } from "node:fs";
import binaryen from "binaryen";
import { describe, expect, it } from "vitest";
import { poolConstants } from "../scripts/constant-pool.mjs";

const TEXT = `(module
 (import "env" "memory" (memory $0 1))
 (data $0 (i32.const 8) "\\01\\02")
 (export "heap_base" (func $assembly/runtime/heap-base/heap_base))
 (export "lane" (func $lane))
 (func $assembly/runtime/heap-base/heap_base (result i32)
  i32.const 10
 )
 (func $lane (result i32)
  v128.const i32x4 0x00000001 0x00000002 0x00000003 0x80000004
  v128.const i32x4 0x00000010 0x00000010 0x00000010 0x00000010
  i32x4.add
  v128.const i32x4 0x00000100 0x00000200 0x00000100 0x00000200
  i32x4.add
  v128.const i32x4 0xffffffff 0xffffffff 0xffffffff 0xffffffff
  v128.and
  i32x4.extract_lane 3
 )
)
`;
const FEATURES = binaryen.Features.SIMD128 | binaryen.Features.BulkMemory | binaryen.Features.BulkMemoryOpt;

interface Exports {
  heap_base(): number;
  lane(): number;
}

describe("poolConstants", () => {
  const pooled = poolConstants(TEXT, FEATURES);

  it("computes what the constants would", () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(pooled.bytes.slice()), { env: { memory } });
    const { lane, heap_base } = exports as unknown as Exports;
    expect(lane() >>> 0).toBe(0x80000004 + 0x10 + 0x200);
    // 16 bytes of the first, 8 of the third, 4 of the second, from 16 on; the next multiple of 16 is free.
    expect(heap_base()).toBe(48);
    expect([...new Uint8Array(memory.buffer, 8, 3)]).toEqual([1, 2, 0]);
  });

  it("keeps only what engines make without an immediate", () => {
    const constants = [...pooled.text.matchAll(/v128\.const i32x4 ([^)\n]*)/g)].map((match) => match[1]);
    expect(constants).toEqual(["0xffffffff 0xffffffff 0xffffffff 0xffffffff"]);
  });

  it.each(["kernels", "kernels-relaxed"])("has taken those of %s", (name) => {
    const text = readFileSync(new URL(`../dist/${name}.wat`, import.meta.url), "utf8");
    const constants = new Set([...text.matchAll(/v128\.const i32x4 ([^)\n]*)/g)].map((match) => match[1]));
    const free = ["0x00000000", "0xffffffff"].map((word) => Array(4).fill(word).join(" "));
    expect([...constants].filter((constant) => !free.includes(constant ?? ""))).toEqual([]);
  });

  it("wants to know where memory is free", () => {
    expect(() => poolConstants("(module)", FEATURES)).toThrow("heap_base: expected a function that returns a constant");
  });
});
