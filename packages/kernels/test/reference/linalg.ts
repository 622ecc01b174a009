// Reference implementations of the QR: Householder reflections one by one, in float64, without blocks or rounding.

const NB = 32;

/** Column `j` of the m rows of `a` from row `from` on. */
function column(a: ArrayLike<number>, lda: number, m: number, j: number, from: number): number[] {
  return Array.from({ length: m - from }, (_, i) => a[(from + i) * lda + j] ?? 0);
}

const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0);

export function qr_f32(m: number, n: number, a: Float32Array, lda: number, t: Float32Array): undefined {
  const work = Float64Array.from(a);
  const reflectors: { v: number[]; tau: number }[] = [];
  for (let j = 0; j < n; j++) {
    const x = column(work, lda, m, j, j);
    const [alpha = 0, ...tail] = x;
    const below = dot(tail, tail);
    const pivot = alpha + (alpha < 0 ? -1 : 1) * Math.sqrt(alpha * alpha + below);
    const v = [1, ...tail.map((value) => (below === 0 ? 0 : value / pivot))];
    const tau = below === 0 ? 0 : 2 / dot(v, v);
    for (let c = j; c < n; c++) {
      const w = tau * dot(v, column(work, lda, m, c, j));
      v.forEach((value, i) => {
        work[(j + i) * lda + c] = (work[(j + i) * lda + c] ?? 0) - w * value;
      });
    }
    reflectors.push({ v: [...new Array<number>(j).fill(0), ...v], tau });
  }
  reflectors.forEach(({ v }, j) => {
    for (let i = j + 1; i < m; i++) work[i * lda + j] = v[i] ?? 0;
  });
  a.set(work);
  // The triangle of each panel, column by column: -tau_j T (V^T v_j) above tau_j; `t` holds it negated.
  t.fill(0);
  for (let start = 0; start < n; start += NB) {
    const panel = reflectors.slice(start, start + NB);
    const triangle = panel.map(() => new Array<number>(NB).fill(0));
    panel.forEach(({ v, tau }, j) => {
      const dots = panel.slice(0, j).map((other) => dot(other.v, v));
      for (let i = 0; i < j; i++) (triangle[i] as number[])[j] = -tau * dot((triangle[i] ?? []).slice(0, j), dots);
      (triangle[j] as number[])[j] = tau;
    });
    triangle.forEach((row, i) => {
      row.forEach((value, k) => {
        t[start * NB + i * NB + k] = 0 - value;
      });
    });
  }
}

export function qr_q_f32(
  m: number,
  n: number,
  a: Float32Array,
  lda: number,
  t: Float32Array,
  q: Float32Array,
  ldq: number,
): undefined {
  for (let c = 0; c < n; c++) {
    const x = Float64Array.from({ length: m }, (_, i) => (i === c ? 1 : 0));
    for (let j = n - 1; j >= 0; j--) {
      const row = j % NB;
      const tau = -(t[(j - row) * NB + row * NB + row] ?? 0);
      const v = [1, ...column(a, lda, m, j, j + 1)];
      const w = tau * dot(v, [...x.subarray(j)]);
      v.forEach((value, i) => {
        x[j + i] = (x[j + i] ?? 0) - w * value;
      });
    }
    x.forEach((value, i) => {
      q[i * ldq + c] = value;
    });
  }
}

export function qr_workspace_f32(m: number, n: number): number {
  const up = (x: number, step: number) => Math.ceil(x / step) * step;
  const padded = (x: number) => up(x, 4);
  const gemm = (rows: number, cols: number, depth: number) =>
    4 * (Math.min(depth, 256) * (up(Math.min(rows, 64), 4) + up(Math.min(cols, 512), 8)) + 8 * Math.min(rows, 64));
  const width = Math.min(NB, n);
  const panel = 8 * ((width + 1) * padded(m) + 32 * 33 + 2);
  const products = 4 * 2 * width * padded(n);
  return panel + 4 * width * padded(m) + products + Math.max(gemm(width, n, m), gemm(m, n, width));
}
