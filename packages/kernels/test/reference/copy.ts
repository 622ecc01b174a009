// Reference implementations of the copies by strides and by row number.

/** The descriptor of assembly/elementwise/broadcast.ts, A the input and B the output. */
export function strided_copy_f32(out: Float32Array, x: Float32Array, shape: Uint32Array): undefined {
  const [outer = 0, , , ...inner] = shape.slice(0, 6);
  const axes = [inner, ...Array.from({ length: outer }, (_, d) => [...shape.subarray(6 + 4 * d, 9 + 4 * d)])];
  const count = axes.reduce((product, [size = 0]) => product * size, 1);
  for (let i = 0; i < count; i++) {
    let [from, to, rest] = [0, 0, i];
    for (const [size = 1, strideIn = 0, strideOut = 0] of axes) {
      from += (rest % size) * strideIn;
      to += (rest % size) * strideOut;
      rest = Math.floor(rest / size);
    }
    out[to] = x[from] ?? 0;
  }
}

export function fill_f32(out: Float32Array, n: number, value: number): undefined {
  out.fill(value, 0, n);
}

export function gather_f32(
  out: Float32Array,
  x: Float32Array,
  indices: Uint32Array,
  rows: number,
  cols: number,
): undefined {
  for (let i = 0; i < rows * cols; i++) out[i] = x[(indices[Math.floor(i / cols)] ?? 0) * cols + (i % cols)] ?? 0;
}

export function unsorted_segment_sum_f32(
  out: Float32Array,
  x: Float32Array,
  ids: Int32Array,
  rows: number,
  cols: number,
  segments: number,
): undefined {
  out.fill(0);
  for (let r = 0; r < rows; r++) {
    const segment = ids[r] ?? -1;
    if (segment < 0 || segment >= segments) continue;
    for (let j = 0; j < cols; j++) out[segment * cols + j] = (out[segment * cols + j] ?? 0) + (x[r * cols + j] ?? 0);
  }
}
