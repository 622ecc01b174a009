// The pool of vector constants: memory gives the same values as immediates, and the binaries keep no immediate.
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
 (export "repeat" (func $repeat))
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
 (func $repeat (param $0 i32) (result i32)
  (local $1 v128)
  loop $again
   local.get $1
   v128.const i32x4 0x00000010 0x00000010 0x00000010 0x00000010
   i32x4.add
   local.set $1
   local.get $0
   i32.const 1
   i32.sub
   local.tee $0
   br_if $again
  end
  local.get $1
  i32x4.extract_lane 0
 )
)
`;
const FEATURES = binaryen.Features.SIMD128 | binaryen.Features.BulkMemory | binaryen.Features.BulkMemoryOpt;

interface Exports {
  heap_base(): number;
  lane(): number;
  repeat(times: number): number;
}

describe("poolConstants", () => {
  const pooled = poolConstants(TEXT, FEATURES);

  it("computes what the constants would", () => {
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(pooled.bytes.slice()), { env: { memory } });
    const { lane, repeat, heap_base } = exports as unknown as Exports;
    expect(lane() >>> 0).toBe(0x80000004 + 0x10 + 0x200);
    expect(repeat(5)).toBe(0x50);
    // Three constants of 16 bytes from 16 on.
    expect(heap_base()).toBe(64);
    expect([...new Uint8Array(memory.buffer, 8, 3)]).toEqual([1, 2, 0]);
  });

  it("loads them once where a function loops", () => {
    const repeat = pooled.text.slice(pooled.text.indexOf("\n (func $repeat"));
    expect(repeat.indexOf("v128.load")).toBeGreaterThan(0);
    expect(repeat.indexOf("v128.load")).toBeLessThan(repeat.indexOf("(loop"));
    expect(repeat.split("v128.load").length).toBe(2);
  });

  it("keeps only constants that engines make without an immediate", () => {
    const constants = [...pooled.text.matchAll(/v128\.const i32x4 ([^)\n]*)/g)].map((match) => match[1]);
    expect(constants).toEqual(["0xffffffff 0xffffffff 0xffffffff 0xffffffff"]);
  });

  it.each(["kernels-streams", "kernels-network", "kernels-relaxed"])("has taken the constants of %s", (name) => {
    const text = readFileSync(new URL(`../build/${name}.wat`, import.meta.url), "utf8");
    const constants = new Set([...text.matchAll(/v128\.const i32x4 ([^)\n]*)/g)].map((match) => match[1]));
    const free = ["0x00000000", "0xffffffff"].map((word) => Array(4).fill(word).join(" "));
    expect([...constants].filter((constant) => !free.includes(constant ?? ""))).toEqual([]);
  });

  it("refuses a module that does not say where memory is free", () => {
    expect(() => poolConstants("(module)", FEATURES)).toThrow("heap_base: expected a function that returns a constant");
  });
});
