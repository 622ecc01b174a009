// Download sizes, gzipped: both binaries of Fanin, and the SIMD binary of TensorFlow.js.
// @ts-check

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gzipSync } from "node:zlib";

const BUDGET = 60_000;
const { resolve } = createRequire(import.meta.url);
const gzipped = (/** @type {Uint8Array} */ bytes) => gzipSync(bytes, { level: 9 }).length;

/** @type {import("../compare.mjs").Suite} */
export const sizes = {
  name: "sizes",
  title: "sizes: gzipped bytes; above 1x Fanin is smaller",
  cases: () => [
    {
      name: "wasm, gzipped",
      targets: [{ own: "both binaries", atMost: BUDGET, unit: "60 kB" }],
      async prepare() {
        const files = {
          kernels: readFileSync(resolve("@fanin/kernels/kernels.wasm")),
          relaxed: readFileSync(resolve("@fanin/kernels/kernels-relaxed.wasm")),
          tfjs: readFileSync(resolve("@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm")),
        };
        for (const [name, bytes] of Object.entries(files)) {
          if (!WebAssembly.validate(bytes) && name !== "relaxed")
            throw new Error(`${name}: expected a WebAssembly module`);
        }
        return [
          { name: "both binaries", own: true, cost: gzipped(files.kernels) + gzipped(files.relaxed) },
          { name: "kernels.wasm", own: true, cost: gzipped(files.kernels) },
          { name: "tfjs wasm", cost: gzipped(files.tfjs) },
        ];
      },
    },
  ],
};
