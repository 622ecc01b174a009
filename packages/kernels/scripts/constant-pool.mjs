// Moves the vector constants of a compiled module into its static data, loaded once where a function loops.
// V8 12 and later rebuilds a v128.const from two 64-bit immediates at each use: four instructions inside a hot loop.
// @ts-check

import binaryen from "binaryen";

const CONSTANT = /v128\.const i32x4((?: 0x[0-9a-f]{8}){4})/g;
const BYTES = 16;

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
 * One function with its constants loaded: into locals at its start if it loops, else where they are used.
 * @param {string} text the function in the text format, unfolded, one instruction a line
 * @param {(lanes: string) => number | undefined} addressOf
 */
function loadConstants(text, addressOf) {
  const load = (/** @type {number} */ address) => `i32.const 0\nv128.load offset=${address}`;
  const loops = /^ *loop\b/m.test(text);
  /** @type {Set<number>} */
  const hoisted = new Set();
  const body = text.replace(CONSTANT, (whole, lanes) => {
    const address = addressOf(lanes);
    if (address === undefined) return whole;
    if (!loops) return load(address);
    hoisted.add(address);
    return `local.get $constant${address}`;
  });
  const lines = body.split("\n");
  const start = lines.findIndex((line, i) => i > 0 && !line.trimStart().startsWith("(local "));
  const locals = [...hoisted].map((address) => `(local $constant${address} v128)`);
  const loads = [...hoisted].map((address) => `${load(address)}\nlocal.set $constant${address}`);
  return [...lines.slice(0, start), ...locals, ...loads, ...lines.slice(start)].join("\n");
}

/**
 * The module of `text` with its vector constants in static data, and `heap_base()` after them.
 * @param {string} text the module in the text format, as asc writes it
 * @param {number} features binaryen's feature flags
 * @returns {{ bytes: Uint8Array, text: string }}
 */
export function poolConstants(text, features) {
  const heapBase = /\(func \$assembly\/runtime\/heap-base\/heap_base [^\n]*\n\s*i32\.const (\d+)/.exec(text);
  if (!heapBase) throw new Error("heap_base: expected a function that returns a constant");
  const base = Math.ceil(Number(heapBase[1]) / BYTES) * BYTES;

  const found = [...text.matchAll(CONSTANT)].map((match) => bytesOf(match[1] ?? ""));
  const pool = [...new Set(found)].filter((bytes) => !FREE.has(bytes)).sort();
  const addresses = new Map(pool.map((bytes, i) => [bytes, base + i * BYTES]));
  const end = base + pool.length * BYTES;

  const [head = "", ...functions] = text
    .replace(heapBase[0], heapBase[0].replace(/\d+$/, String(end)))
    .split("\n (func ");
  const data = pool.join("").replace(/../g, "\\$&");
  const pooled = [
    `${head}\n (data $constants (i32.const ${base}) "${data}")`,
    ...functions.map((body) => loadConstants(body, (lanes) => addresses.get(bytesOf(lanes)))),
  ].join("\n (func ");

  const module = binaryen.parseText(pooled);
  try {
    module.setFeatures(features);
    if (!module.validate()) throw new Error("the module is not valid with its constants pooled");
    return { bytes: module.emitBinary(), text: module.emitText() };
  } finally {
    module.dispose();
  }
}
