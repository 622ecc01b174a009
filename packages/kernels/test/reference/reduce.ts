// Reference implementations of the reductions and of the small data movements.

export function sum_f32(x: Float32Array, n: number): number {
  return x.subarray(0, n).reduce((sum, value) => sum + value, 0);
}

export function column_sum_f32(out: Float32Array, x: Float32Array, rows: number, cols: number): undefined {
  for (let j = 0; j < cols; j++) {
    let sum = 0;
    for (let r = 0; r < rows; r++) sum += x[r * cols + j] ?? 0;
    out[j] = sum;
  }
}

type AxisReduction = (
  out: Float32Array | Uint32Array,
  x: Float32Array,
  outer: number,
  length: number,
  inner: number,
) => undefined;

/** A reduction over the middle axis, from what it does to one row of values. */
function overAxis(reduce: (values: Float32Array) => number): AxisReduction {
  return (out, x, outer, length, inner) => {
    for (let o = 0; o < outer; o++) {
      for (let j = 0; j < inner; j++) {
        const values = Float32Array.from({ length }, (_, i) => x[(o * length + i) * inner + j] ?? 0);
        out[o * inner + j] = reduce(values);
      }
    }
    return undefined;
  };
}

const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);
/** The first place of the largest value; NaN are passed over. */
function indexOfLargest(values: Float32Array): number {
  let best = 0;
  let largest = Number.NEGATIVE_INFINITY;
  values.forEach((value, i) => {
    if (value > largest) [best, largest] = [i, value];
  });
  return best;
}

/** The reductions over the middle axis by kernel. */
export const axisReductions = {
  sum_axis_f32: overAxis(sum),
  mean_axis_f32: overAxis((values) => sum(values) / values.length),
  max_axis_f32: overAxis((values) => Math.max(...values)),
  min_axis_f32: overAxis((values) => Math.min(...values)),
  argmax_axis_f32: overAxis(indexOfLargest),
  argmin_axis_f32: overAxis((values) => indexOfLargest(values.map((value) => -value))),
} as const;

export function moments_f32(out: Float64Array, x: Float32Array, n: number): undefined {
  const mean = n === 0 ? 0 : sum_f32(x, n) / n;
  const squares = x.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  out.set([mean, squares, Math.min(...x), Math.max(...x)]);
}

export function histogram_f32(
  counts: Uint32Array,
  x: Float32Array,
  n: number,
  low: number,
  high: number,
  bins: number,
): undefined {
  for (const value of x.subarray(0, n)) {
    if (!(value >= low && value <= high)) continue;
    const bin = Math.min(Math.floor((value - low) * (bins / (high - low))), bins - 1);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
}

export function bias_add_f32(x: Float32Array, bias: Float32Array, rows: number, cols: number): undefined {
  for (let i = 0; i < rows * cols; i++) x[i] = (x[i] ?? 0) + (bias[i % cols] ?? 0);
}

export function gather_u8_f32(
  out: Float32Array,
  x: Uint8Array,
  indices: Uint32Array,
  rows: number,
  cols: number,
): undefined {
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < cols; j++) out[r * cols + j] = (x[(indices[r] ?? 0) * cols + j] ?? 0) / 255;
  }
}
