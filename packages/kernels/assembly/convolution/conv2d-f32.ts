// Two-dimensional convolution and both gradients, by im2col in blocks on gemm; a 1x1 filter needs no copy at all.
// Source: Chellapilla, Puri and Simard 2006; the descriptor `shape` is that of window.ts.
//
//   K = filterH * filterW * inC, filter = K x outC (row-major, as Keras has it), P = a block of output pixels x K
//   forward:  y = P W        by filter:  dW = sum over blocks of P^T dy        by input:  dP = dy W^T, added back to dx
// A block holds BLOCK_FLOATS floats of P: it stays in L2 between im2col and gemm.

import { gemm_epilogue_f32, gemm_f32, gemm_workspace_f32 } from "../gemm/gemm-f32";
import { gatherPatches, scatterPatches } from "./im2col-f32";
import {
  IN_CHANNELS,
  IN_HEIGHT,
  IN_WIDTH,
  inPixels,
  OUT_CHANNELS,
  OUT_HEIGHT,
  OUT_WIDTH,
  outPixels,
  PAD_LEFT,
  PAD_TOP,
  STRIDE_HEIGHT,
  STRIDE_WIDTH,
  tapsOf,
} from "./window";

const BLOCK_FLOATS: u32 = 65536;
const MIN_PIXELS: u32 = 32; // fewer would spend more on packing the filter than on multiplying
const MAX_DEPTH: u32 = 1 << 20; // beyond, as many pixels would take more bytes than an address reaches

/** Output pixels a block. */
function blockPixels(shape: usize): u32 {
  const depth = tapsOf(shape) * load<u32>(shape, IN_CHANNELS);
  return min(outPixels(shape), max(depth > MAX_DEPTH ? 1 : MIN_PIXELS, BLOCK_FLOATS / max(depth, 1)));
}

/** Whether every output pixel sees exactly the input pixel of the same number. */
function isPointwise(shape: usize): bool {
  return (
    tapsOf(shape) == 1 &&
    load<u32>(shape, STRIDE_HEIGHT) == 1 &&
    load<u32>(shape, STRIDE_WIDTH) == 1 &&
    load<u32>(shape, PAD_TOP) == 0 &&
    load<u32>(shape, PAD_LEFT) == 0 &&
    load<u32>(shape, IN_HEIGHT) == load<u32>(shape, OUT_HEIGHT) &&
    load<u32>(shape, IN_WIDTH) == load<u32>(shape, OUT_WIDTH)
  );
}

/** The bytes of workspace that each of the three conv2d kernels needs. */
export function conv2d_workspace_f32(shape: usize): usize {
  const depth = tapsOf(shape) * load<u32>(shape, IN_CHANNELS);
  const channels = load<u32>(shape, OUT_CHANNELS);
  const pixels = isPointwise(shape) ? outPixels(shape) : blockPixels(shape);
  const forward = gemm_workspace_f32(pixels, channels, depth);
  const byFilter = gemm_workspace_f32(depth, channels, pixels);
  const byInput = gemm_workspace_f32(pixels, depth, channels);
  const patches: usize = isPointwise(shape) ? 0 : (pixels * depth) << 2;
  return patches + max(forward, max(byFilter, byInput));
}

/** y = activation(conv(x, filter) + bias); `bias`, `activation` and `alpha` as in gemm_epilogue_f32. */
export function conv2d_f32(
  y: usize,
  x: usize,
  filter: usize,
  shape: usize,
  workspace: usize,
  bias: usize,
  activation: u32,
  alpha: f32,
): void {
  const depth = tapsOf(shape) * load<u32>(shape, IN_CHANNELS);
  const channels = load<u32>(shape, OUT_CHANNELS);
  const pixels = outPixels(shape);
  const pointwise = isPointwise(shape);
  const step = pointwise ? pixels : blockPixels(shape);
  const gemmSpace = pointwise ? workspace : workspace + ((step * depth) << 2);
  for (let first: u32 = 0; first < pixels; first += step, y += (step * channels) << 2) {
    const count = min(step, pixels - first);
    if (!pointwise) gatherPatches(workspace, x, shape, first, count);
    const patches = pointwise ? x : workspace;
    gemm_epilogue_f32(
      count,
      channels,
      depth,
      patches,
      depth,
      1,
      filter,
      channels,
      1,
      0,
      y,
      channels,
      gemmSpace,
      bias,
      activation,
      alpha,
    );
  }
}

/** dfilter = the gradient by the filter, for the gradient `dy` by the output. */
export function conv2d_filter_gradient_f32(dfilter: usize, x: usize, dy: usize, shape: usize, workspace: usize): void {
  const depth = tapsOf(shape) * load<u32>(shape, IN_CHANNELS);
  const channels = load<u32>(shape, OUT_CHANNELS);
  const pixels = outPixels(shape);
  const pointwise = isPointwise(shape);
  const step = pointwise ? pixels : blockPixels(shape);
  const gemmSpace = pointwise ? workspace : workspace + ((step * depth) << 2);
  if (pixels == 0) memory.fill(dfilter, 0, (depth * channels) << 2);
  for (let first: u32 = 0; first < pixels; first += step, dy += (step * channels) << 2) {
    const count = min(step, pixels - first);
    if (!pointwise) gatherPatches(workspace, x, shape, first, count);
    const patches = pointwise ? x : workspace;
    const adding: u32 = first > 0 ? 1 : 0;
    gemm_f32(depth, channels, count, patches, 1, depth, dy, channels, 1, adding, dfilter, channels, gemmSpace);
  }
}

/** dx = the gradient by the input, for the gradient `dy` by the output. */
export function conv2d_input_gradient_f32(dx: usize, dy: usize, filter: usize, shape: usize, workspace: usize): void {
  const depth = tapsOf(shape) * load<u32>(shape, IN_CHANNELS);
  const channels = load<u32>(shape, OUT_CHANNELS);
  const pixels = outPixels(shape);
  if (isPointwise(shape)) {
    gemm_f32(pixels, depth, channels, dy, channels, 1, filter, 1, channels, 0, dx, depth, workspace);
    return;
  }
  const step = blockPixels(shape);
  const gemmSpace = workspace + ((step * depth) << 2);
  memory.fill(dx, 0, (inPixels(shape) * load<u32>(shape, IN_CHANNELS)) << 2);
  for (let first: u32 = 0; first < pixels; first += step, dy += (step * channels) << 2) {
    const count = min(step, pixels - first);
    gemm_f32(count, depth, channels, dy, channels, 1, filter, 1, channels, 0, workspace, depth, gemmSpace);
    scatterPatches(dx, workspace, shape, first, count);
  }
}
