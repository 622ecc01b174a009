// Moves the vector constants of a compiled module into its static data, from which one instruction loads them.
// V8 from 12 on rebuilds a v128.const from two 64-bit immediates wherever it is used, four instructions inside hot loops.
// @ts-check

import binaryen from "binaryen";

const CONSTANT = /v128\.const i32x4((?: 0x[0-9a-f]{8}){4})/g;

/** Constants that engines make without an immediate: all bits clear, all bits set. */
const FREE = new Set(["0".repeat(32), "f".repeat(32)]);

/**
 * The bytes of a constant in memory's order, as hexadecimal digits.
 * @param {string} lanes four words, as the text format has them
 */
function bytesOf(lanes) {
  return lanes
    .trim()
    .split(/\s+/)
    .map((lane) => {
      const digits = lane.slice(2).padStart(8, "0");
      return [6, 4, 2, 0].map((at) => digits.slice(at, at + 2)).join("");
    })
    .join("");
}

/**
 * The shortest part that, repeated, makes the constant, and the instruction that loads it.
 * @param {string} bytes
 */
function splatOf(bytes) {
  for (const [digits, load] of /** @type {const} */ ([
    [8, "v128.load32_splat"],
    [16, "v128.load64_splat"],
  ])) {
    const part = bytes.slice(0, digits);
    if (part.repeat(32 / digits) === bytes) return { part, load };
  }
  return { part: bytes, load: "v128.load" };
}

/**
 * The module of `text` with its vector constants in static data at `base`, a multiple of 16, and `heap_base()` after them.
 * @param {string} text the module in the text format, as asc writes it
 * @param {number} features binaryen's feature flags
 * @returns {{ bytes: Uint8Array, text: string }}
 */
export function poolConstants(text, features) {
  const heapBase = /\(func \$assembly\/runtime\/heap-base\/heap_base [^\n]*\n\s*\(?i32\.const (\d+)\)?/.exec(text);
  if (!heapBase) throw new Error("heap_base: expected a function that returns a constant");
  const base = (Number(heapBase[1]) + 15) & -16;

  // Widest first, so that each lies at a multiple of its own size.
  const found = [...text.matchAll(CONSTANT)].map((match) => bytesOf(match[1] ?? ""));
  const parts = [...new Set(found.filter((bytes) => !FREE.has(bytes)).map((bytes) => splatOf(bytes).part))];
  parts.sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  /** @type {Map<string, number>} */
  const addresses = new Map();
  let end = base;
  for (const part of parts) {
    addresses.set(part, end);
    end += part.length / 2;
  }

  const data = parts.join("").replace(/../g, "\\$&");
  const pooled = text
    .replace(CONSTANT, (whole, lanes) => {
      const bytes = bytesOf(lanes);
      if (FREE.has(bytes)) return whole;
      const { part, load } = splatOf(bytes);
      return `i32.const 0\n${load} offset=${addresses.get(part)}`;
    })
    .replace(
      heapBase[0],
      heapBase[0].replace(/\d+\)?$/, (digits) => digits.replace(/\d+/, String((end + 15) & -16))),
    )
    .replace(/\n \(func /, `\n (data $constants (i32.const ${base}) "${data}")\n (func `);

  const module = binaryen.parseText(pooled);
  try {
    module.setFeatures(features);
    if (!module.validate()) throw new Error("the pooled module is not valid");
    return { bytes: module.emitBinary(), text: module.emitText() };
  } finally {
    module.dispose();
  }
}
