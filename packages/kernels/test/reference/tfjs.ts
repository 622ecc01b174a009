// Reference implementations of the kernels that only the TensorFlow.js backend calls: comparisons, casts, its forms of the optimizers.

import { broadcast } from "./binary.ts";

const relations: readonly ((a: number, b: number) => boolean)[] = [
  (a, b) => a === b,
  (a, b) => a !== b,
  (a, b) => a > b,
  (a, b) => a >= b,
  (a, b) => a < b,
  (a, b) => a <= b,
];

export function compare_f32(
  out: Uint8Array,
  a: Float32Array,
  b: Float32Array,
  shape: Uint32Array,
  relation: number,
): undefined {
  const flags = new Float32Array(out.length);
  broadcast((x, y) => (relations[relation]?.(x, y) ? 1 : 0), flags, a, b, shape);
  out.set(flags);
}

export function select_f32(
  out: Float32Array,
  condition: Uint8Array,
  a: Float32Array,
  b: Float32Array,
  n: number,
): undefined {
  for (let i = 0; i < n; i++) out[i] = (condition[i] === 1 ? a[i] : b[i]) ?? 0;
}

/** A typed array's own conversion. */
export function convert(out: Float32Array | Int32Array, x: ArrayLike<number>): undefined {
  out.set(x);
}

export function toBool(out: Uint8Array, x: ArrayLike<number>, n: number): undefined {
  for (let i = 0; i < n; i++) out[i] = x[i] === 0 ? 0 : 1;
}

export function logical_and_u8(out: Uint8Array, a: Uint8Array, b: Uint8Array, n: number): undefined {
  for (let i = 0; i < n; i++) out[i] = a[i] && b[i] ? 1 : 0;
}

export function logical_or_u8(out: Uint8Array, a: Uint8Array, b: Uint8Array, n: number): undefined {
  for (let i = 0; i < n; i++) out[i] = a[i] || b[i] ? 1 : 0;
}

export function logical_not_u8(out: Uint8Array, x: Uint8Array, n: number): undefined {
  for (let i = 0; i < n; i++) out[i] = x[i] ? 0 : 1;
}

export function summed_momentum_f32(
  w: Float32Array,
  a: Float32Array,
  g: Float32Array,
  n: number,
  rate: number,
  momentum: number,
  nesterov: number,
): undefined {
  for (let i = 0; i < n; i++) {
    const gradient = g[i] ?? 0;
    const sum = momentum * (a[i] ?? 0) + gradient;
    a[i] = sum;
    w[i] = (w[i] ?? 0) - rate * (nesterov ? gradient + momentum * sum : sum);
  }
}

export function rmsprop_momentum_f32(
  w: Float32Array,
  v: Float32Array,
  d: Float32Array,
  g: Float32Array,
  n: number,
  rate: number,
  rho: number,
  gain: number,
  momentum: number,
  epsilon: number,
  mean: Float32Array | number,
): undefined {
  for (let i = 0; i < n; i++) {
    const gradient = g[i] ?? 0;
    const square = rho * (v[i] ?? 0) + gain * gradient ** 2;
    v[i] = square;
    let under = square + epsilon;
    if (typeof mean !== "number") {
      const average = rho * (mean[i] ?? 0) + gain * gradient;
      mean[i] = average;
      under = Math.max(square - average ** 2, 0) + epsilon;
    }
    const velocity = momentum * (d[i] ?? 0) + (rate * gradient) / Math.sqrt(under);
    d[i] = velocity;
    w[i] = (w[i] ?? 0) - velocity;
  }
}
