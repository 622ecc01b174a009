// im2col and back: the windows of some output pixels as the rows of a matrix, so that a convolution is a product.
// Source: Chellapilla, Puri and Simard, "High performance convolutional neural networks for document processing", 2006.
//
//   row of the matrix = one output pixel:  | tap 0: inC floats | tap 1: inC floats | .. | tap fh*fw-1 |     outside: zeros
// Taps that are neighbours in the image are neighbours in the row too: a span of them is copied at once. Without dilation a
// span is a whole row of the filter, else one tap.

import { addToRow, copyRow, fillRow } from "../elementwise/row-f32";
import {
  DILATION_HEIGHT,
  DILATION_WIDTH,
  FILTER_HEIGHT,
  FILTER_WIDTH,
  firstRowOf,
  IN_CHANNELS,
  IN_HEIGHT,
  IN_WIDTH,
  leftOf,
  topOf,
  windowAt,
} from "./window";

/** How many taps are neighbours in the image. */
function tapsOfSpan(shape: usize): u32 {
  return load<u32>(shape, DILATION_WIDTH) == 1 ? load<u32>(shape, FILTER_WIDTH) : 1;
}

/**
 * Copies the windows of the output pixels first .. first + count - 1 of `image` to `patches`, or, where `backwards`, adds
 * those rows of `patches` to the pixels that the windows see.
 */
function walkPatches(patches: usize, image: usize, shape: usize, first: u32, count: u32, backwards: bool): void {
  const channels = load<u32>(shape, IN_CHANNELS);
  const height = load<u32>(shape, IN_HEIGHT);
  const width = <i32>load<u32>(shape, IN_WIDTH);
  const filterHeight = load<u32>(shape, FILTER_HEIGHT);
  const filterWidth = <i32>load<u32>(shape, FILTER_WIDTH);
  const dilationHeight = load<u32>(shape, DILATION_HEIGHT);
  const dilationWidth = <i32>load<u32>(shape, DILATION_WIDTH);
  const span = <i32>tapsOfSpan(shape);
  for (let pixel = first; pixel < first + count; pixel++) {
    const window = windowAt(shape, pixel);
    const left = <i32>leftOf(window);
    const row = firstRowOf(window);
    for (let fy: u32 = 0, y = topOf(window); fy < filterHeight; fy++, y += dilationHeight) {
      // Above the image y wraps to a large number.
      const inside = y < height;
      const line = image + (((row + y) * width * channels) << 2);
      for (let fx: i32 = 0, x = left; fx < filterWidth; fx += span, x += span * dilationWidth) {
        // Of the span, taps `from` to `to` are inside the image.
        const from = inside ? min(span, max(0, -x)) : span;
        const to = max(from, min(span, width - x));
        const seen = (to - from) * channels;
        const at = line + (((x + from) * channels) << 2);
        if (backwards) {
          addToRow(at, patches + ((from * channels) << 2), seen);
        } else {
          if (from > 0) fillRow(patches, f32x4.splat(0), from * channels);
          copyRow(patches + ((from * channels) << 2), at, seen);
          if (to < span) fillRow(patches + ((to * channels) << 2), f32x4.splat(0), (span - to) * channels);
        }
        patches += (span * channels) << 2;
      }
    }
  }
}

/** Writes the windows of the output pixels first .. first + count - 1 of `image` to `patches`. */
export function gatherPatches(patches: usize, image: usize, shape: usize, first: u32, count: u32): void {
  walkPatches(patches, image, shape, first, count, false);
}

/** Adds the rows of `patches` to the pixels of `image` that their windows see. */
export function scatterPatches(image: usize, patches: usize, shape: usize, first: u32, count: u32): void {
  walkPatches(patches, image, shape, first, count, true);
}
