// Mean, spread and histogram of a float32 array, computed by the kernels in chunks.
// Source: Chan, Golub and LeVeque 1983 for merging the moments of chunks.

import { getRuntime } from "@fanin/core/runtime";
import type { HistogramData } from "@fanin/figures";

/** Moments and range of an array. */
export interface Moments {
  readonly count: number;
  readonly mean: number;
  /** The population standard deviation (divisor n). */
  readonly standardDeviation: number;
  readonly min: number;
  readonly max: number;
}

const CHUNK = 16384;

/** Copies each chunk of `values` to kernel memory and runs `body` on it. */
function forEachChunk(values: Float32Array, body: (pointer: number, n: number, alloc: number) => void): void {
  const { arena } = getRuntime();
  arena.scope((alloc) => {
    const pointer = alloc(CHUNK * 4);
    const extra = alloc(1024);
    for (let start = 0; start < values.length; start += CHUNK) {
      const n = Math.min(CHUNK, values.length - start);
      arena.f32(pointer, n).set(values.subarray(start, start + n));
      body(pointer, n, extra);
    }
  });
}

/**
 * The moments of `values`, in float64. A NaN value makes all of them NaN. An empty array gives mean 0 and an empty range.
 *
 * @example
 * moments(new Float32Array([1, 3])); // => { count: 2, mean: 2, standardDeviation: 1, min: 1, max: 3 }
 */
export function moments(values: Float32Array): Moments {
  const { kernels, arena } = getRuntime();
  let count = 0;
  let mean = 0;
  let squares = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  forEachChunk(values, (pointer, n, out) => {
    kernels.moments_f32(out, pointer, n);
    const [chunkMean = 0, chunkSquares = 0, low = 0, high = 0] = arena.f64(out, 4);
    const difference = chunkMean - mean;
    const total = count + n;
    squares += chunkSquares + (difference ** 2 * count * n) / total;
    mean += (difference * n) / total;
    count = total;
    min = Math.min(min, low);
    max = Math.max(max, high);
  });
  return { count, mean, standardDeviation: count === 0 ? 0 : Math.sqrt(squares / count), min, max };
}

/**
 * Counts the values in `bins` bins of equal width on [low, high], at most 256. Values outside and NaN are not counted.
 *
 * @example
 * histogram(Float32Array.of(-1, 0, 0.5, 3), -1, 1, 2).counts; // => [ 1, 2 ]
 */
export function histogram(values: Float32Array, low: number, high: number, bins: number): HistogramData {
  const { kernels, arena } = getRuntime();
  const counts = new Array<number>(bins).fill(0);
  forEachChunk(values, (pointer, n, out) => {
    arena.u32(out, bins).fill(0);
    kernels.histogram_f32(out, pointer, n, low, high, bins);
    const chunk = arena.u32(out, bins);
    for (let bin = 0; bin < bins; bin++) counts[bin] = (counts[bin] ?? 0) + (chunk[bin] ?? 0);
  });
  return { low, high, counts };
}
