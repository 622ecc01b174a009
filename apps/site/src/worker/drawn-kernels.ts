// Caches drawn kernels: most moves of a slider leave most weights unchanged.

import type { Initializer } from "@fanin/core";

const MAX_VALUES = 2 ** 24; // 64 MiB of cached values

const kept = new Map<string, Float32Array>();
let count = 0;

/** Returns the values of `initializer(shape)`, drawn once; evicts the least recently used first. */
export function drawnKernel(initializer: Initializer, shape: readonly [number, number]): Float32Array {
  const { className, stream } = initializer;
  const key = JSON.stringify([className, initializer.getConfig(), stream, shape]);
  const known = kept.get(key);
  if (known) {
    // Reinserted, so that the key moves to the end of the order of the map.
    kept.delete(key);
    kept.set(key, known);
    return known;
  }
  const { data } = initializer(shape);
  kept.set(key, data);
  count += data.length;
  for (const [oldest, values] of kept) {
    if (count <= MAX_VALUES || oldest === key) break;
    kept.delete(oldest);
    count -= values.length;
  }
  return data;
}
