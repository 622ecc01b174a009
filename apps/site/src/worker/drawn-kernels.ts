// Kernels that were drawn, kept for the next move of a slider: most moves leave most weights as they are.

import type { Initializer } from "@fanin/core";

const MOST = 2 ** 24; // values that are kept, 64 MiB of them

const kept = new Map<string, Float32Array>();
let count = 0;

/** The values of `initializer(shape)`, drawn once; what was asked for longest ago is given up first. */
export function drawnKernel(initializer: Initializer, shape: readonly [number, number]): Float32Array {
  const { className, stream } = initializer;
  const key = JSON.stringify([className, initializer.getConfig(), stream, shape]);
  const known = kept.get(key);
  if (known) {
    // To the end of the order in which the map gives its keys.
    kept.delete(key);
    kept.set(key, known);
    return known;
  }
  const { data } = initializer(shape);
  kept.set(key, data);
  count += data.length;
  for (const [oldest, values] of kept) {
    if (count <= MOST || oldest === key) break;
    kept.delete(oldest);
    count -= values.length;
  }
  return data;
}
