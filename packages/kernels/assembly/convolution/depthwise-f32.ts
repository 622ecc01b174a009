// Depthwise convolution and both gradients: each channel has its `outC / inC` filters.
// Source: the definition of TensorFlow.js's DepthwiseConv2dNative; the descriptor `shape` is that of window.ts.
//
//   filter = taps x outC; output channel c * multiplier + q is input channel c under filter (c, q). For every output pixel
//   and tap inside the image, one row: forward   y += x * w     by input   dx += dy * w     by filter   dw += x * dy

import { multiplyAdd } from "../gemm/multiply-add";
import { loadTail, storeTail } from "../math/lanes";
import {
  DILATION_HEIGHT,
  DILATION_WIDTH,
  FILTER_HEIGHT,
  FILTER_WIDTH,
  firstRowOf,
  IN_CHANNELS,
  IN_HEIGHT,
  IN_WIDTH,
  inPixels,
  leftOf,
  OUT_CHANNELS,
  outPixels,
  tapsOf,
  topOf,
  windowAt,
} from "./window";

/** to += a * b, n floats. */
function multiplyRows(to: usize, a: usize, b: usize, n: u32): void {
  let left = <i32>n;
  for (; left > 3; left -= 4, to += 16, a += 16, b += 16) {
    v128.store(to, multiplyAdd(v128.load(a), v128.load(b), v128.load(to)));
  }
  if (left > 0) storeTail(to, multiplyAdd(loadTail(a, left), loadTail(b, left), loadTail(to, left)), left);
}

/** to[c m + q] += narrow[c] * wide[c m + q], for `channels` c and `multiplier` = m filters q. */
function spreadRows(to: usize, narrow: usize, wide: usize, channels: u32, multiplier: u32): void {
  for (let c: u32 = 0; c < channels; c++, narrow += 4) {
    const value = load<f32>(narrow);
    for (let q: u32 = 0; q < multiplier; q++, to += 4, wide += 4) {
      store<f32>(to, load<f32>(to) + value * load<f32>(wide));
    }
  }
}

/** to[c] += the sum over q of a[c m + q] * b[c m + q]. */
function gatherRows(to: usize, a: usize, b: usize, channels: u32, multiplier: u32): void {
  for (let c: u32 = 0; c < channels; c++, to += 4) {
    let sum = load<f32>(to);
    for (let q: u32 = 0; q < multiplier; q++, a += 4, b += 4) sum += load<f32>(a) * load<f32>(b);
    store<f32>(to, sum);
  }
}

const FORWARD: u32 = 0;
const BY_INPUT: u32 = 1;
const BY_FILTER: u32 = 2;

/** Runs over all windows; of x, filter and y the one that `mode` computes is added to. */
function walk(x: usize, filter: usize, y: usize, shape: usize, mode: u32): void {
  const channels = load<u32>(shape, IN_CHANNELS);
  const outChannels = load<u32>(shape, OUT_CHANNELS);
  const multiplier = channels == 0 ? 0 : outChannels / channels;
  const height = load<u32>(shape, IN_HEIGHT);
  const width = load<u32>(shape, IN_WIDTH);
  const filterHeight = load<u32>(shape, FILTER_HEIGHT);
  const filterWidth = load<u32>(shape, FILTER_WIDTH);
  const dilationHeight = load<u32>(shape, DILATION_HEIGHT);
  const dilationWidth = load<u32>(shape, DILATION_WIDTH);
  for (let pixel: u32 = 0, end = outPixels(shape); pixel < end; pixel++, y += outChannels << 2) {
    const window = windowAt(shape, pixel);
    const image = x + ((firstRowOf(window) * width * channels) << 2);
    let w = filter;
    for (let fy: u32 = 0, row = topOf(window); fy < filterHeight; fy++, row += dilationHeight) {
      for (let fx: u32 = 0, column = leftOf(window); fx < filterWidth; fx++, column += dilationWidth) {
        // Above or left of the image these wrap to large numbers, so that one comparison sees both sides.
        if (row < height && column < width) {
          const at = image + (((row * width + column) * channels) << 2);
          const to = mode == FORWARD ? y : mode == BY_INPUT ? at : w;
          if (multiplier == 1) multiplyRows(to, mode == BY_INPUT ? y : at, mode == BY_FILTER ? y : w, channels);
          else if (mode == FORWARD) spreadRows(y, at, w, channels, multiplier);
          else if (mode == BY_INPUT) gatherRows(at, y, w, channels, multiplier);
          else spreadRows(w, at, y, channels, multiplier);
        }
        w += outChannels << 2;
      }
    }
  }
}

/** y = the depthwise convolution of x. */
export function depthwise_conv2d_f32(y: usize, x: usize, filter: usize, shape: usize): void {
  memory.fill(y, 0, (outPixels(shape) * load<u32>(shape, OUT_CHANNELS)) << 2);
  walk(x, filter, y, shape, FORWARD);
}

/** dx = the gradient by the input, for the gradient `dy` by the output. */
export function depthwise_conv2d_input_gradient_f32(dx: usize, dy: usize, filter: usize, shape: usize): void {
  memory.fill(dx, 0, (inPixels(shape) * load<u32>(shape, IN_CHANNELS)) << 2);
  walk(dx, filter, dy, shape, BY_INPUT);
}

/** dfilter = the gradient by the filter, for the gradient `dy` by the output. */
export function depthwise_conv2d_filter_gradient_f32(dfilter: usize, x: usize, dy: usize, shape: usize): void {
  memory.fill(dfilter, 0, (tapsOf(shape) * load<u32>(shape, OUT_CHANNELS)) << 2);
  walk(x, dfilter, dy, shape, BY_FILTER);
}
