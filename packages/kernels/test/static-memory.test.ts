// Kernels keep no state of their own: static data is constant, and two instances on one memory do not disturb each other.

import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import { networkKernelsBytes, relaxedKernelsBytes, streamKernelsBytes } from "../src/index.ts";
import { programs, runPrograms } from "./concurrent-programs.mjs";
import { dataSegments, mutableGlobals, onSharedMemory } from "./wasm-module.ts";

describe.each([
  ["kernels-streams", streamKernelsBytes()],
  ["kernels-network", networkKernelsBytes()],
  ["kernels-relaxed", relaxedKernelsBytes()],
])("%s", (_, bytes) => {
  // A block that a kernel would write is reserved with zeros.
  it("has no static block without contents", () => {
    const segments = dataSegments(bytes);
    expect(segments.length).toBeGreaterThan(0);
    expect(segments.filter((segment) => segment.bytes.every((byte) => byte === 0))).toEqual([]);
  });

  it("has no mutable global", () => {
    expect(mutableGlobals(bytes)).toEqual([]);
  });
});

const PAGES = 256;
const binaries = [streamKernelsBytes(), networkKernelsBytes()];

/** Runs the programs in a worker, with an instance of its own on `memory`, and returns the bytes that each gave. */
function inWorker(memory: WebAssembly.Memory, base: number, rounds: number): Promise<Uint8Array[]> {
  const worker = new Worker(fileURLToPath(new URL("./concurrent-worker.mjs", import.meta.url)), {
    workerData: {
      memory,
      base,
      rounds,
      binaries: binaries.map((bytes) => onSharedMemory(bytes, PAGES)),
    },
  });
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

describe("two instances on one memory", () => {
  const MEBIBYTE = 2 ** 20;

  it("give what one gives while both run at once, each with a workspace of its own", async () => {
    const alone = runPrograms(programs, new WebAssembly.Memory({ initial: PAGES }), MEBIBYTE, 1, binaries);
    expect(alone.map((bytes) => bytes.some((byte) => byte !== 0))).toEqual(programs.map(() => true));

    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true });
    const results = await Promise.all([inWorker(memory, MEBIBYTE, 40), inWorker(memory, 8 * MEBIBYTE, 40)]);
    for (const got of results) {
      programs.forEach(({ name }, i) => {
        expect(Buffer.compare(got[i] as Uint8Array, alone[i] as Uint8Array), name).toBe(0);
      });
    }
  }, 60_000);
});
