// Reference implementations of the broadcasting functions of two numbers: every element by its own coordinates.

/** Each function by the name of its kernel without _f32. */
export const binary: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  div: (a, b) => a / b,
  elu_slope: (dy, y) => (y >= 0 ? dy : dy * Math.fround(y + 1)),
  max: Math.max,
  min: Math.min,
  mul: (a, b) => a * b,
  // C's pow, and TensorFlow's: ECMAScript alone has NaN for a base of 1 or -1.
  pow: (a, b) => (a === 1 || (a === -1 && Math.abs(b) === Number.POSITIVE_INFINITY) ? 1 : a ** b),
  prelu: (x, slope) => (x < 0 ? slope * x : x),
  squared_difference: (a, b) => Math.fround(a - b) ** 2,
  sub: (a, b) => a - b,
};

/** out = f(a, b), where `shape` is the descriptor of assembly/elementwise/broadcast.ts. */
export function broadcast(
  f: (a: number, b: number) => number,
  out: Float32Array,
  a: Float32Array,
  b: Float32Array,
  shape: Uint32Array,
): undefined {
  const [outer = 0, , , n = 0, stepA = 0, stepB = 0] = shape;
  const axes = Array.from({ length: outer }, (_, d) => shape.subarray(6 + 4 * d, 9 + 4 * d));
  const inner = [n, stepA, stepB];
  const [sources, results] = [[a.slice(), b.slice()], out];
  for (let i = 0; i < results.length; i++) {
    const offsets = [0, 0];
    let rest = i;
    for (const [size = 0, strideA = 0, strideB = 0] of [inner, ...axes]) {
      offsets[0] = (offsets[0] ?? 0) + (rest % size) * strideA;
      offsets[1] = (offsets[1] ?? 0) + (rest % size) * strideB;
      rest = Math.floor(rest / size);
    }
    results[i] = f(sources[0]?.[offsets[0] ?? 0] ?? 0, sources[1]?.[offsets[1] ?? 0] ?? 0);
  }
}
