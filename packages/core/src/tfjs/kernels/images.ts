// Gradients of resizing, projective transforms of several images, and soft suppression of boxes.
// Source: the image ops of TensorFlow 2.21. tfjs-backend-cpu 4.22 turns height and width of a gradient, ignores halfPixelCenters
// in it, transforms the first image alone, rounds -0.5 into the image, and suppresses by the threshold what should only lose score.

import {
  kernel_impls,
  type NonMaxSuppressionV5Attrs,
  type ResizeBilinearGradAttrs,
  type TensorInfo,
  type TransformAttrs,
} from "@tensorflow/tfjs-core";
import { areFloats, defineKernel, floatsOf, type Kernel } from "./kernel.ts";

type Size4D = [number, number, number, number];

/** Two pixels of the input that a pixel of the output is made of, and how much of the second. */
interface Blend {
  readonly first: number;
  readonly second: number;
  readonly share: number;
}

function ratioOf(from: number, to: number, alignCorners: boolean): number {
  return alignCorners && to > 1 ? (from - 1) / (to - 1) : from / to;
}

function bilinearPlaces(from: number, to: number, attrs: ResizeBilinearGradAttrs): Blend[] {
  const ratio = ratioOf(from, to, attrs.alignCorners);
  return Array.from({ length: to }, (_, i) => {
    const place = attrs.halfPixelCenters ? ratio * (i + 0.5) - 0.5 : ratio * i;
    const first = Math.max(0, Math.floor(place));
    return { first, second: Math.min(from - 1, Math.max(0, Math.ceil(place))), share: place - first };
  });
}

function nearestPlaces(from: number, to: number, attrs: ResizeBilinearGradAttrs): Blend[] {
  const ratio = ratioOf(from, to, attrs.alignCorners);
  return Array.from({ length: to }, (_, i) => {
    const place = ratio * (attrs.halfPixelCenters ? i + 0.5 : i);
    const first = Math.min(from - 1, Math.max(0, attrs.alignCorners ? Math.round(place) : Math.floor(place)));
    return { first, second: first, share: 0 };
  });
}

/** The adjoint of resizing: each pixel of dy is handed to those that it was made of. */
const resizeGrad = (name: string, placesOf: typeof bilinearPlaces) =>
  defineKernel<{ images: TensorInfo; dy: TensorInfo }, ResizeBilinearGradAttrs>(
    name,
    (backend, { images, dy }, attrs) => {
      if (!areFloats(images, dy)) return undefined;
      const [batch, height, width, channels] = images.shape as Size4D;
      const [, toHeight, toWidth] = dy.shape as Size4D;
      const out = backend.make(images.shape, "float32");
      const [to, slope] = [floatsOf(backend, out), floatsOf(backend, dy)];
      const sums = new Float64Array(to.length);
      const columns = placesOf(width, toWidth, attrs);
      const rows = placesOf(height, toHeight, attrs);
      let at = 0;
      for (let image = 0; image < batch; image++) {
        const add = (y: number, x: number, share: number) => {
          if (share === 0) return;
          const pixel = ((image * height + y) * width + x) * channels;
          for (let c = 0; c < channels; c++) (sums[pixel + c] as number) += share * (slope[at + c] as number);
        };
        for (const row of rows) {
          for (const column of columns) {
            add(row.first, column.first, (1 - row.share) * (1 - column.share));
            add(row.first, column.second, (1 - row.share) * column.share);
            add(row.second, column.first, row.share * (1 - column.share));
            add(row.second, column.second, row.share * column.share);
            at += channels;
          }
        }
      }
      to.set(sums);
      return out;
    },
    "script",
  );

/** Where a coordinate outside of 0 ... length - 1 reads. */
function mirrored(place: number, length: number): number {
  if (length <= 1) return 0;
  const period = 2 * length;
  let inside = place;
  if (inside < 0) {
    if (inside < period) inside += period * Math.trunc(-inside / period);
    inside = inside < -length ? inside + period : -inside - 1;
  } else if (inside > length - 1) {
    inside -= period * Math.trunc(inside / period);
    if (inside >= length) inside = period - inside - 1;
  }
  return Math.min(Math.max(inside, 0), length - 1);
}

function wrapped(place: number, length: number): number {
  if (length <= 1) return 0;
  let inside = place;
  if (inside < 0) inside += length * (Math.trunc(-inside / (length - 1)) + 1);
  else if (inside > length - 1) inside -= length * Math.trunc(inside / (length - 1));
  return Math.min(Math.max(inside, 0), length - 1);
}

const coordinates: Readonly<Record<TransformAttrs["fillMode"], (place: number, length: number) => number>> = {
  constant: (place) => place,
  nearest: (place, length) => Math.min(Math.max(place, 0), length - 1),
  reflect: mirrored,
  wrap: wrapped,
};

/** The nearest integer; halves go away from 0. */
const rounded = (x: number) => Math.sign(x) * Math.round(Math.abs(x));

const transform = defineKernel<{ image: TensorInfo; transforms: TensorInfo }, TransformAttrs>(
  "Transform",
  (backend, { image, transforms }, { interpolation, fillMode, fillValue, outputShape }) => {
    const [batch, height, width, channels] = image.shape as Size4D;
    const [count, words] = transforms.shape as [number, number];
    if (!areFloats(image, transforms) || words !== 8 || (count !== 1 && count !== batch)) return undefined;
    const [toHeight, toWidth] = outputShape ?? [height, width];
    const out = backend.make([batch, toHeight, toWidth, channels], "float32");
    const [to, from, matrices] = [floatsOf(backend, out), floatsOf(backend, image), floatsOf(backend, transforms)];
    const inside = coordinates[fillMode];
    let at = 0;
    for (let b = 0; b < batch; b++) {
      const [p, q, r, s, t, u, v, w] = matrices.subarray(count === 1 ? 0 : 8 * b) as unknown as number[] &
        [number, number, number, number, number, number, number, number];
      const read = (y: number, x: number, c: number) =>
        y >= 0 && y < height && x >= 0 && x < width
          ? (from[((b * height + y) * width + x) * channels + c] as number)
          : fillValue;
      for (let i = 0; i < toHeight; i++) {
        for (let j = 0; j < toWidth; j++) {
          const depth = v * j + w * i + 1;
          const x = inside((p * j + q * i + r) / depth, width);
          const y = inside((s * j + t * i + u) / depth, height);
          const [left, top] = [Math.floor(x), Math.floor(y)];
          for (let c = 0; c < channels; c++) {
            let value = fillValue;
            // Where depth is 0 the point is infinitely far, outside of the image.
            if (depth !== 0 && interpolation === "nearest") value = read(rounded(y), rounded(x), c);
            else if (depth !== 0) {
              const upper = (left + 1 - x) * read(top, left, c) + (x - left) * read(top, left + 1, c);
              const lower = (left + 1 - x) * read(top + 1, left, c) + (x - left) * read(top + 1, left + 1, c);
              value = (top + 1 - y) * upper + (y - top) * lower;
            }
            to[at++] = value;
          }
        }
      }
    }
    return out;
  },
  "script",
);

const nonMaxSuppressionV5 = defineKernel<{ boxes: TensorInfo; scores: TensorInfo }, NonMaxSuppressionV5Attrs>(
  "NonMaxSuppressionV5",
  (backend, { boxes, scores }, { maxOutputSize, iouThreshold, scoreThreshold, softNmsSigma }) => {
    if (!areFloats(boxes, scores)) return undefined;
    const { selectedIndices, selectedScores } = kernel_impls.nonMaxSuppressionV5Impl(
      floatsOf(backend, boxes).slice(),
      floatsOf(backend, scores).slice(),
      maxOutputSize,
      // With soft suppression TensorFlow knows no threshold of overlap.
      softNmsSigma > 0 ? 1 : iouThreshold,
      scoreThreshold,
      softNmsSigma,
    );
    return [
      backend.makeTensorInfo([selectedIndices.length], "int32", Int32Array.from(selectedIndices)),
      backend.makeTensorInfo([selectedScores?.length ?? 0], "float32", Float32Array.from(selectedScores ?? [])),
    ];
  },
  "script",
);

export const images: readonly Kernel[] = [
  nonMaxSuppressionV5,
  resizeGrad("ResizeBilinearGrad", bilinearPlaces),
  resizeGrad("ResizeNearestNeighborGrad", nearestPlaces),
  transform,
];
