// Copies: transposes of up to six dimensions, slices with steps, pads, rows by number and by segment.

import { floats, integers, type KernelCase, lengths } from "../harness.ts";
import * as reference from "../reference/copy.ts";

const product = (sizes: readonly number[]): number => sizes.reduce((total, size) => total * size, 1);
const stridesOf = (sizes: readonly number[]): number[] => sizes.map((_, d) => product(sizes.slice(d + 1)));

/** The descriptor of a copy over `sizes`, outermost first, with the strides of input and output. */
function descriptor(sizes: readonly number[], input: readonly number[], output: readonly number[]): Uint32Array {
  const axes = sizes.map((size, d) => [size, input[d] ?? 0, output[d] ?? 0]).reverse();
  const [inner = [1, 1, 1], ...outer] = axes;
  return Uint32Array.from([outer.length, 0, 0, ...inner, ...outer.flatMap((axis) => [...axis, 0])]);
}

const transposes: [number[], number[]][] = [
  [[1], [0]],
  [
    [3, 5],
    [1, 0],
  ],
  [
    [8, 4],
    [1, 0],
  ],
  [
    [9, 10],
    [1, 0],
  ],
  [
    [5, 0],
    [1, 0],
  ],
  [
    [2, 5, 6],
    [0, 2, 1],
  ],
  [
    [2, 5, 6],
    [2, 1, 0],
  ],
  [
    [4, 3, 5],
    [1, 0, 2],
  ],
  [
    [2, 3, 4, 5],
    [0, 3, 1, 2],
  ],
  [
    [2, 3, 4, 5],
    [3, 2, 1, 0],
  ],
  [
    [2, 1, 3, 2, 2, 3],
    [5, 3, 1, 0, 4, 2],
  ],
];

export const copyCases: readonly KernelCase[] = [
  {
    kernel: "strided_copy_f32",
    sizes: transposes.map((_, i) => [i]),
    arguments: (i = 0) => {
      const [sizes, order] = transposes[i] ?? [[], []];
      const from = stridesOf(sizes);
      const to = order.map((axis) => sizes[axis] ?? 0);
      const shape = descriptor(
        to,
        order.map((axis) => from[axis] ?? 0),
        stridesOf(to),
      );
      return [new Float32Array(product(sizes)), floats(product(sizes)), shape];
    },
    reference: reference.strided_copy_f32,
    tolerance: 0,
  },
  {
    // A slice with a step of `step` along the last axis, into the inside of a wider output.
    kernel: "strided_copy_f32",
    sizes: [1, 2, 3].flatMap((step) => [1, 3, 4, 9].flatMap((cols) => [0, 1, 3].map((rows) => [step, rows, cols]))),
    arguments: (step = 1, rows = 0, cols = 1) => [
      floats(rows * (cols + 2), 5, 6),
      floats(rows * cols * step),
      descriptor([rows, cols], [cols * step, step], [cols + 2, 1]),
    ],
    reference: reference.strided_copy_f32,
    tolerance: 0,
  },
  {
    kernel: "fill_f32",
    sizes: lengths(4),
    arguments: (n = 0) => [new Float32Array(n), n, -1.5],
    reference: reference.fill_f32,
    tolerance: 0,
  },
  {
    kernel: "gather_f32",
    sizes: [0, 1, 4].flatMap((rows) => [1, 3, 4, 5, 8, 11].map((cols) => [rows, cols])),
    arguments: (rows = 0, cols = 1) => [new Float32Array(rows * cols), floats(9 * cols), integers(rows, 9), rows, cols],
    reference: reference.gather_f32,
    tolerance: 0,
  },
  {
    kernel: "unsorted_segment_sum_f32",
    sizes: [0, 1, 9].flatMap((rows) => [1, 3, 4, 5, 8, 11].map((cols) => [rows, cols])),
    arguments: (rows = 0, cols = 1) => [
      floats(3 * cols),
      floats(rows * cols),
      Int32Array.from(integers(rows, 5), (id) => id - 1),
      ...[rows, cols, 3],
    ],
    reference: reference.unsorted_segment_sum_f32,
    tolerance: 2e-6,
    why: "float32 sums of up to nine values",
  },
];
