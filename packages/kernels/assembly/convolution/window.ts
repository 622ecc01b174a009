// Which input pixels a window of a convolution or pooling sees. Images are NHWC: batch x height x width x channels.
// Source: the definitions of TensorFlow.js's Conv2DInfo, with explicit padding.
//
// The descriptor, in u32 words:
//   0      1    2    3    4     5     6     7        8        9        10       11         12         13      14
//   batch  inH  inW  inC  outH  outW  outC  filterH  filterW  strideH  strideW  dilationH  dilationW  padTop  padLeft
// Tap (fy, fx) of output pixel (oy, ox) is input pixel (oy strideH + fy dilationH - padTop, the same in x), or outside.

/** Byte offsets of the descriptor's words. */
export const BATCH: usize = 0;
export const IN_HEIGHT: usize = 4;
export const IN_WIDTH: usize = 8;
export const IN_CHANNELS: usize = 12;
export const OUT_HEIGHT: usize = 16;
export const OUT_WIDTH: usize = 20;
export const OUT_CHANNELS: usize = 24;
export const FILTER_HEIGHT: usize = 28;
export const FILTER_WIDTH: usize = 32;
export const STRIDE_HEIGHT: usize = 36;
export const STRIDE_WIDTH: usize = 40;
export const DILATION_HEIGHT: usize = 44;
export const DILATION_WIDTH: usize = 48;
export const PAD_TOP: usize = 52;
export const PAD_LEFT: usize = 56;

/** What `tapPixel` returns for a tap outside the image. */
export const OUTSIDE: u32 = 0xffffffff;

/** The output pixels of the whole batch. */
export function outPixels(shape: usize): u32 {
  return load<u32>(shape, BATCH) * load<u32>(shape, OUT_HEIGHT) * load<u32>(shape, OUT_WIDTH);
}

/** The input pixels of the whole batch. */
export function inPixels(shape: usize): u32 {
  return load<u32>(shape, BATCH) * load<u32>(shape, IN_HEIGHT) * load<u32>(shape, IN_WIDTH);
}

/** The taps of a window. */
export function tapsOf(shape: usize): u32 {
  return load<u32>(shape, FILTER_HEIGHT) * load<u32>(shape, FILTER_WIDTH);
}

/**
 * The window of output pixel `pixel`, counted over the batch: the input row and column of its first tap (wrapping below 0) and the
 * first row of its image, as the lanes 0, 1 and 2.
 */
export function windowAt(shape: usize, pixel: u32): v128 {
  const outWidth = load<u32>(shape, OUT_WIDTH);
  const outHeight = load<u32>(shape, OUT_HEIGHT);
  const row = pixel / outWidth;
  const image = row / outHeight;
  const top = (row - image * outHeight) * load<u32>(shape, STRIDE_HEIGHT) - load<u32>(shape, PAD_TOP);
  const left = (pixel - row * outWidth) * load<u32>(shape, STRIDE_WIDTH) - load<u32>(shape, PAD_LEFT);
  const first = image * load<u32>(shape, IN_HEIGHT);
  return i32x4.replace_lane(i32x4.replace_lane(i32x4.splat(first), 0, top), 1, left);
}

/** The input row of the window's first tap, wrapping below 0. */
export function topOf(window: v128): u32 {
  return i32x4.extract_lane(window, 0);
}

/** The input column of the window's first tap, wrapping below 0. */
export function leftOf(window: v128): u32 {
  return i32x4.extract_lane(window, 1);
}

/** The number in the batch of the first input row of the window's image. */
export function firstRowOf(window: v128): u32 {
  return i32x4.extract_lane(window, 2);
}

/**
 * The number in the batch of the input pixel that tap `tap` sees, or OUTSIDE, in the window whose first tap is at row `top` and column
 * `left` of the image that begins at row `first` of the batch.
 */
export function tapPixel(shape: usize, top: u32, left: u32, first: u32, tap: u32): u32 {
  const filterWidth = load<u32>(shape, FILTER_WIDTH);
  const fy = tap / filterWidth;
  // Above or left of the image these wrap to large numbers, so that one comparison sees both sides.
  const y = top + fy * load<u32>(shape, DILATION_HEIGHT);
  const x = left + (tap - fy * filterWidth) * load<u32>(shape, DILATION_WIDTH);
  const width = load<u32>(shape, IN_WIDTH);
  return y < load<u32>(shape, IN_HEIGHT) && x < width ? (first + y) * width + x : OUTSIDE;
}
