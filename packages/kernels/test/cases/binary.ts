// The functions of two numbers: equal shapes, scalars, rows, columns, and both inputs broadcast at once.

import { floats, type KernelCase, type KernelName, lengths } from "../harness.ts";
import { binary, broadcast } from "../reference/binary.ts";

/** Row-major strides of `shape`, 0 where a dimension is 1. */
function strides(shape: readonly number[]): number[] {
  let next = 1;
  return shape.map((_, d) => {
    const size = shape[shape.length - 1 - d] ?? 1;
    const stride = size === 1 ? 0 : next;
    next *= size;
    return stride;
  });
}

/** The arguments for inputs of shapes `a` and `b` of the same rank, without collapsing any dimension. */
function operands(a: readonly number[], b: readonly number[], low: number) {
  const count = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);
  const shape = a.map((size, d) => (size === 1 ? (b[d] ?? 1) : size));
  const [sa, sb] = [strides(a), strides(b)];
  const axes = shape.toReversed().map((size, d) => [size, sa[d] ?? 0, sb[d] ?? 0]);
  const [inner = [1, 1, 1], ...outer] = axes;
  const steps = inner[0] === 1 ? [1, 1, 1] : inner;
  return [
    new Float32Array(count(shape)),
    floats(count(a), low),
    floats(count(b) + 1, low, 1.5).subarray(1),
    Uint32Array.from([outer.length, 0, 0, ...steps, ...outer.flatMap((axis) => [...axis, 0])]),
  ];
}

const broadcasts: [number[], number[]][] = [
  [
    [4, 5],
    [1, 5],
  ],
  [
    [1, 7],
    [3, 7],
  ],
  [
    [4, 1],
    [4, 9],
  ],
  [
    [4, 9],
    [4, 1],
  ],
  [
    [3, 1, 5],
    [1, 4, 5],
  ],
  [
    [2, 3, 1, 4],
    [1, 3, 2, 1],
  ],
  [
    [2, 0, 3],
    [2, 1, 3],
  ],
  [
    [2, 3, 0],
    [1, 3, 1],
  ],
  [
    [3, 2, 1],
    [1, 2, 1],
  ],
];

export const binaryCases: readonly KernelCase[] = Object.entries(binary).flatMap(([name, f]) => {
  const positive = name === "pow" || name === "div";
  const test = {
    kernel: `${name}_f32` as KernelName,
    reference: (out: Float32Array, a: Float32Array, b: Float32Array, shape: Uint32Array) =>
      broadcast(f, out, a, b, shape),
    ...(name === "pow" ? { tolerance: 1e-7, why: "the ULP bound is in ulp.test.ts" } : { tolerance: 0 }),
  };
  const low = positive ? 0.1 : -2;
  return [
    {
      ...test,
      sizes: lengths(4),
      arguments: (n = 0) => operands([n], [n], low),
      inPlace: [
        [0, 1],
        [0, 2],
      ] as const,
    },
    { ...test, sizes: lengths(4), arguments: (n = 0) => operands([n], [1], low), inPlace: [[0, 1]] as const },
    { ...test, sizes: lengths(4), arguments: (n = 0) => operands([1], [n], low) },
    {
      ...test,
      sizes: broadcasts.map((_, i) => [i]),
      arguments: (i = 0) => operands(broadcasts[i]?.[0] ?? [], broadcasts[i]?.[1] ?? [], low),
    },
  ];
});
