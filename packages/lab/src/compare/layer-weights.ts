// Histograms of each layer's weights before and after training, over shared bins.
// The report shows them. The same weights give the same bytes.

import { histogram } from "../engine/moments.ts";
import type { LayerWeights } from "./result.ts";

const HISTOGRAM_BINS = 48;

/** One entry for each kernel of a network whose sizes are `layers`. */
export function layerWeights(
  layers: readonly number[],
  before: readonly Float32Array[],
  after: readonly Float32Array[],
): LayerWeights[] {
  return before.map((start, l) => {
    const end = after[l] ?? start;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const values of [start, end]) {
      for (const value of values) {
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    // Constant weights, or weights without a finite value, still need bins of positive width.
    if (!(high > low && Number.isFinite(high - low))) {
      low = Number.isFinite(low) ? low - 0.5 : -1;
      high = low + 1;
    }
    return {
      layer: `dense_${l + 1} (${layers[l]}x${layers[l + 1]})`,
      before: histogram(start, low, high, HISTOGRAM_BINS),
      after: histogram(end, low, high, HISTOGRAM_BINS),
    };
  });
}
