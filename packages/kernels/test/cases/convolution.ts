// Convolution and pooling: strides, dilations, padding on one side and both, windows beyond the image, several blocks.

import {
  type Argument,
  floats,
  type KernelCase,
  type KernelName,
  kernels,
  memory,
  sumBounds,
  Workspace,
} from "../harness.ts";
import * as reference from "../reference/convolution.ts";

const { windowOf, ...implementations } = reference;

type Windowed = keyof typeof implementations;

/** batch, inH, inW, filterH, filterW, strideH, strideW, dilationH, dilationW, padTop, padLeft, padBottom, padRight. */
const geometries = [
  [1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0],
  [2, 5, 4, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0],
  [2, 5, 6, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1],
  [1, 7, 8, 3, 2, 2, 3, 1, 1, 0, 1, 1, 0],
  [2, 9, 7, 3, 3, 1, 2, 2, 3, 2, 3, 2, 3],
  [1, 6, 6, 1, 1, 2, 2, 1, 1, 0, 0, 0, 0],
  [1, 4, 4, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1],
  [0, 4, 4, 2, 2, 1, 1, 1, 1, 0, 0, 0, 0],
  [1, 3, 3, 2, 1, 2, 2, 1, 1, 2, 2, 2, 2], // windows that see nothing
];

function descriptor(geometry: readonly number[], inC: number, outC: number): Uint32Array {
  const [batch = 0, inH = 0, inW = 0, fh = 1, fw = 1, sh = 1, sw = 1, dh = 1, dw = 1, pt = 0, pl = 0, pb = 0, pr = 0] =
    geometry;
  const outH = Math.floor((inH + pt + pb - (fh - 1) * dh - 1) / sh) + 1;
  const outW = Math.floor((inW + pl + pr - (fw - 1) * dw - 1) / sw) + 1;
  return Uint32Array.of(batch, inH, inW, inC, outH, outW, outC, fh, fw, sh, sw, dh, dw, pt, pl);
}

/** The lengths of x, filter and y. */
function sizesOf(shape: Uint32Array, depthwise: boolean): { x: number; filter: number; y: number } {
  const s = windowOf(shape);
  return {
    x: s.batch * s.inH * s.inW * s.inC,
    filter: s.filterH * s.filterW * s.outC * (depthwise ? 1 : s.inC),
    y: s.batch * s.outH * s.outW * s.outC,
  };
}

function workspace(shape: Uint32Array): Workspace {
  const at = Math.ceil(kernels.heap_base() / 16) * 16;
  new Uint32Array(memory.buffer, at, shape.length).set(shape);
  return new Workspace(kernels.conv2d_workspace_f32(at));
}

const why = "float32 sums in another order: as many u as there are terms, times the sum of the magnitudes";
const channels = [
  [1, 1],
  [3, 5],
  [4, 8],
  [9, 2],
];
const dense = [
  ...geometries.flatMap((_, g) => channels.map(([inC = 1, outC = 1]) => [g, inC, outC])),
  [2, 256, 6], // K = 2304: blocks of 32 pixels
];
const perChannel = geometries.flatMap((_, g) =>
  [
    [1, 1],
    [3, 2],
    [5, 1],
    [8, 1],
  ].map(([inC = 1, multiplier = 1]) => [g, inC, inC * multiplier]),
);
const pooled = geometries.flatMap((_, g) => [1, 3, 4, 9].map((inC) => [g, inC, inC]));

type Sizes = ReturnType<typeof sizesOf>;

/** How many products each element of the result is the sum of, at the most. */
function termsOf(kernel: Windowed, shape: Uint32Array): number {
  const { batch, outH, outW, inC, outC, filterH, filterW } = windowOf(shape);
  if (kernel.includes("filter_gradient")) return batch * outH * outW;
  const channels = kernel.includes("input_gradient") ? outC : inC;
  return filterH * filterW * (kernel.startsWith("depthwise") ? channels / inC : channels);
}

/** The bounds of a kernel that is linear in its two inputs: its own reference on the magnitudes gives their sums. */
function linearBounds(kernel: Windowed) {
  return (out: Float32Array, p: Float32Array, q: Float32Array, shape: Uint32Array, ...rest: unknown[]) => {
    const [, bias] = rest as [Uint8Array?, (Float32Array | 0)?];
    const sums = new Float64Array(out.length);
    const magnitudes = [sums, p.map(Math.abs), q.map(Math.abs), shape, rest[0], bias ? bias.map(Math.abs) : 0, 0, 0];
    (implementations[kernel] as (...parameters: unknown[]) => undefined)(...magnitudes);
    return new Map([[out, sumBounds(termsOf(kernel, shape), sums)]]);
  };
}

function row(
  kernel: Windowed,
  sizes: readonly number[][],
  operands: (size: Sizes, shape: Uint32Array) => Argument[],
  tolerance: number | "sums",
): KernelCase {
  return {
    kernel: kernel as KernelName,
    sizes,
    arguments: (g = 0, inC = 1, outC = 1) => {
      const shape = descriptor(geometries[g] ?? [], inC, outC);
      return operands(sizesOf(shape, kernel.startsWith("depthwise")), shape);
    },
    reference: implementations[kernel],
    ...(tolerance === "sums" ? { tolerance: 0, errorBounds: linearBounds(kernel) } : { tolerance }),
    ...(tolerance === 0 ? {} : { why }),
  };
}

const zeros = (n: number): Float32Array => new Float32Array(n);
/** Values with ties, for the choice of the first of equals. */
const ties = (n: number): Float32Array => floats(n, -3, 3).map(Math.round);

export const convolutionCases: readonly KernelCase[] = [
  row(
    "conv2d_f32",
    dense,
    ({ x, filter, y }, shape) => [
      ...[zeros(y), floats(x), floats(filter), shape, workspace(shape), floats(shape[6] ?? 0), 3, 0.25],
    ],
    "sums",
  ),
  row(
    "conv2d_f32",
    dense,
    ({ x, filter, y }, shape) => [...[zeros(y), floats(x), floats(filter), shape, workspace(shape), 0, 0, 0]],
    "sums",
  ),
  row(
    "conv2d_filter_gradient_f32",
    dense,
    ({ x, filter, y }, shape) => [...[zeros(filter), floats(x), floats(y), shape, workspace(shape)]],
    "sums",
  ),
  row(
    "conv2d_input_gradient_f32",
    dense,
    ({ x, filter, y }, shape) => [...[zeros(x), floats(y), floats(filter), shape, workspace(shape)]],
    "sums",
  ),
  row(
    "depthwise_conv2d_f32",
    perChannel,
    ({ x, filter, y }, shape) => [zeros(y), floats(x), floats(filter), shape],
    "sums",
  ),
  row(
    "depthwise_conv2d_filter_gradient_f32",
    perChannel,
    ({ x, filter, y }, shape) => [...[zeros(filter), floats(x), floats(y), shape]],
    "sums",
  ),
  row(
    "depthwise_conv2d_input_gradient_f32",
    perChannel,
    ({ x, filter, y }, shape) => [...[zeros(x), floats(y), floats(filter), shape]],
    "sums",
  ),
  row("max_pool_f32", pooled, ({ x, y }, shape) => [zeros(y), floats(x), shape], 0),
  row("max_pool_gradient_f32", pooled, ({ x, y }, shape) => [zeros(x), floats(y), ties(x), shape], 1e-6),
  row("avg_pool_f32", pooled, ({ x, y }, shape) => [zeros(y), floats(x), shape], 1e-6),
  row("avg_pool_gradient_f32", pooled, ({ x, y }, shape) => [zeros(x), floats(y), shape], 1e-6),
  {
    kernel: "conv2d_workspace_f32",
    sizes: dense,
    arguments: (g = 0, inC = 1, outC = 1) => [descriptor(geometries[g] ?? [], inC, outC)],
    reference: (shape: Uint32Array) => {
      const s = windowOf(shape);
      const pixels = s.batch * s.outH * s.outW;
      const depth = s.filterH * s.filterW * s.inC;
      const padded = s.padTop + s.padLeft > 0 || s.outH !== s.inH || s.outW !== s.inW;
      const pointwise = s.filterH * s.filterW === 1 && s.strideH * s.strideW === 1 && !padded;
      const block = pointwise ? pixels : Math.min(pixels, Math.max(32, Math.floor(65536 / depth)));
      const gemms = [
        kernels.gemm_workspace_f32(block, s.outC, depth),
        kernels.gemm_workspace_f32(depth, s.outC, block),
        kernels.gemm_workspace_f32(block, depth, s.outC),
      ];
      return (pointwise ? 0 : 4 * block * depth) + Math.max(...gemms);
    },
    tolerance: 0,
  },
];
