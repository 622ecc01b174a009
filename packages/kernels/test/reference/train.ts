// Reference implementations of the training kernels, in float64.

export function sgd_f32(w: Float32Array, g: Float32Array, n: number, rate: number): undefined {
  for (let i = 0; i < n; i++) w[i] = (w[i] ?? 0) - rate * (g[i] ?? 0);
}

export function momentum_f32(
  w: Float32Array,
  m: Float32Array,
  g: Float32Array,
  n: number,
  rate: number,
  momentum: number,
): undefined {
  for (let i = 0; i < n; i++) {
    const velocity = momentum * (m[i] ?? 0) - rate * (g[i] ?? 0);
    m[i] = velocity;
    w[i] = (w[i] ?? 0) + velocity;
  }
}

export function adam_f32(
  w: Float32Array,
  m: Float32Array,
  v: Float32Array,
  g: Float32Array,
  n: number,
  alpha: number,
  gain1: number,
  gain2: number,
  epsilon: number,
): undefined {
  for (let i = 0; i < n; i++) {
    const gradient = g[i] ?? 0;
    const first = (m[i] ?? 0) + (gradient - (m[i] ?? 0)) * gain1;
    const second = (v[i] ?? 0) + (gradient ** 2 - (v[i] ?? 0)) * gain2;
    m[i] = first;
    v[i] = second;
    w[i] = (w[i] ?? 0) - (first * alpha) / (Math.sqrt(second) + epsilon);
  }
}

export function rmsprop_f32(
  w: Float32Array,
  v: Float32Array,
  g: Float32Array,
  n: number,
  rate: number,
  rho: number,
  gain: number,
  epsilon: number,
): undefined {
  for (let i = 0; i < n; i++) {
    const gradient = g[i] ?? 0;
    const square = rho * (v[i] ?? 0) + gain * gradient ** 2;
    v[i] = square;
    w[i] = (w[i] ?? 0) - (rate * gradient) / Math.sqrt(square + epsilon);
  }
}

export function softmax_f32(out: Float32Array, x: Float32Array, rows: number, cols: number): undefined {
  for (let r = 0; r < rows; r++) {
    const row = [...x.subarray(r * cols, (r + 1) * cols)];
    const largest = Math.max(...row);
    const e = row.map((value) => Math.exp(value - largest));
    const sum = e.reduce((total, value) => total + value, 0);
    for (let j = 0; j < cols; j++) out[r * cols + j] = (e[j] ?? 0) / sum;
  }
}

export function softmax_cross_entropy_f32(
  gradient: Float32Array,
  x: Float32Array,
  labels: Uint32Array,
  rows: number,
  cols: number,
  scale: number,
): number {
  const probabilities = new Float64Array(rows * cols);
  softmax_f32(probabilities as unknown as Float32Array, x, rows, cols);
  let loss = 0;
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < cols; j++) {
      const p = probabilities[r * cols + j] ?? 0;
      if (j === labels[r]) loss -= Math.log(p);
      gradient[r * cols + j] = (p - (j === labels[r] ? 1 : 0)) * scale;
    }
  }
  return loss;
}

export function count_correct_f32(x: Float32Array, labels: Uint32Array, rows: number, cols: number): number {
  let correct = 0;
  for (let r = 0; r < rows; r++) {
    const row = x.subarray(r * cols, (r + 1) * cols);
    if (row.indexOf(Math.max(...row)) === labels[r]) correct++;
  }
  return correct;
}
