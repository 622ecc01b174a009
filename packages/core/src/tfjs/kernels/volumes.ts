// Convolution and pooling in three dimensions, and their gradients, on NDHWC volumes.
// Source: tf.nn.conv3d, max_pool3d and avg_pool3d of TensorFlow 2.21; sums are kept in float64.

import type {
  AvgPool3DAttrs,
  Conv3DAttrs,
  Conv3DBackpropFilterV2Attrs,
  Conv3DBackpropInputV2Attrs,
  MaxPool3DAttrs,
  TensorInfo,
} from "@tensorflow/tfjs-core";
import { areFloats, defineKernel, floatsOf, type Kernel } from "./kernel.ts";
import { forEachWindow, type VolumeAttrs, volumeAxes, type WindowAxis } from "./windows.ts";

type PoolAttrs = Pick<MaxPool3DAttrs | AvgPool3DAttrs, "filterSize"> & VolumeAttrs;

const product = (sizes: readonly number[]) => sizes.reduce((size, n) => size * n, 1);

/** The numbers of images and channels, pixels of one image, and windows over it. */
function extents(x: readonly number[], axes: readonly WindowAxis[]) {
  return {
    images: x[0] as number,
    channels: x[4] as number,
    pixels: product(axes.map(({ size }) => size)),
    windows: product(axes.map(({ count }) => count)),
  };
}

const maxPool3D = defineKernel<{ x: TensorInfo }, PoolAttrs>(
  "MaxPool3D",
  (backend, { x }, attrs) => {
    if (!areFloats(x)) return undefined;
    const axes = volumeAxes("MaxPool3D", x.shape.slice(1, 4), attrs.filterSize, attrs);
    const { images, channels, pixels, windows } = extents(x.shape, axes);
    const out = backend.make([images, ...axes.map(({ count }) => count), channels], "float32");
    const [to, from] = [floatsOf(backend, out), floatsOf(backend, x)];
    forEachWindow(axes, (number, seenPixels, _, seen) => {
      for (let image = 0; image < images; image++) {
        for (let c = 0; c < channels; c++) {
          let most = Number.NEGATIVE_INFINITY;
          for (let i = 0; i < seen; i++) {
            const value = from[(image * pixels + (seenPixels[i] as number)) * channels + c] as number;
            if (value > most) most = value;
          }
          to[(image * windows + number) * channels + c] = most;
        }
      }
    });
    return out;
  },
  "script",
);

const maxPool3DGrad = defineKernel<{ dy: TensorInfo; input: TensorInfo }, PoolAttrs>(
  "MaxPool3DGrad",
  (backend, { dy, input }, attrs) => {
    if (!areFloats(dy, input)) return undefined;
    const axes = volumeAxes(backend.op, input.shape.slice(1, 4), attrs.filterSize, attrs, dy.shape.slice(1, 4));
    const { images, channels, pixels, windows } = extents(input.shape, axes);
    const out = backend.make(input.shape, "float32");
    const [to, from, slope] = [floatsOf(backend, out), floatsOf(backend, input), floatsOf(backend, dy)];
    to.fill(0);
    forEachWindow(axes, (number, seenPixels, _, seen) => {
      for (let image = 0; image < images; image++) {
        for (let c = 0; c < channels; c++) {
          let most = Number.NEGATIVE_INFINITY;
          let place = -1;
          for (let i = 0; i < seen; i++) {
            const at = (image * pixels + (seenPixels[i] as number)) * channels + c;
            if ((from[at] as number) > most) {
              most = from[at] as number;
              place = at;
            }
          }
          if (place >= 0) (to[place] as number) += slope[(image * windows + number) * channels + c] as number;
        }
      }
    });
    return out;
  },
  "script",
);

const avgPool3D = defineKernel<{ x: TensorInfo }, PoolAttrs>(
  "AvgPool3D",
  (backend, { x }, attrs) => {
    if (!areFloats(x)) return undefined;
    const axes = volumeAxes("AvgPool3D", x.shape.slice(1, 4), attrs.filterSize, attrs);
    const { images, channels, pixels, windows } = extents(x.shape, axes);
    const out = backend.make([images, ...axes.map(({ count }) => count), channels], "float32");
    const [to, from] = [floatsOf(backend, out), floatsOf(backend, x)];
    forEachWindow(axes, (number, seenPixels, _, seen) => {
      for (let image = 0; image < images; image++) {
        for (let c = 0; c < channels; c++) {
          let sum = 0;
          for (let i = 0; i < seen; i++) {
            sum += from[(image * pixels + (seenPixels[i] as number)) * channels + c] as number;
          }
          // tfjs-core's suite asserts 0 for a window that sees nothing.
          to[(image * windows + number) * channels + c] = seen === 0 ? 0 : sum / seen;
        }
      }
    });
    return out;
  },
  "script",
);

const avgPool3DGrad = defineKernel<{ dy: TensorInfo; input: TensorInfo }, PoolAttrs>(
  "AvgPool3DGrad",
  (backend, { dy, input }, attrs) => {
    if (!areFloats(dy)) return undefined;
    const axes = volumeAxes(backend.op, input.shape.slice(1, 4), attrs.filterSize, attrs, dy.shape.slice(1, 4));
    const { images, channels, pixels, windows } = extents(input.shape, axes);
    const out = backend.make(input.shape, "float32");
    const [to, slope] = [floatsOf(backend, out), floatsOf(backend, dy)];
    const sums = new Float64Array(to.length);
    forEachWindow(axes, (number, seenPixels, _, seen) => {
      for (let image = 0; image < images; image++) {
        for (let c = 0; c < channels; c++) {
          const share = (slope[(image * windows + number) * channels + c] as number) / seen;
          for (let i = 0; i < seen; i++) {
            (sums[(image * pixels + (seenPixels[i] as number)) * channels + c] as number) += share;
          }
        }
      }
    });
    to.set(sums);
    return out;
  },
  "script",
);

/** The windows of a convolution; shapes were checked to fit together. */
const convolutionAxes = (
  op: string,
  x: readonly number[],
  filter: readonly number[],
  attrs: object,
  dy?: readonly number[],
): WindowAxis[] => volumeAxes(op, x.slice(1, 4), filter.slice(0, 3), attrs as VolumeAttrs, dy?.slice(1, 4));

const conv3D = defineKernel<{ x: TensorInfo; filter: TensorInfo }, Conv3DAttrs>(
  "Conv3D",
  (backend, { x, filter }, attrs) => {
    if (!areFloats(x, filter)) return undefined;
    const axes = convolutionAxes(backend.op, x.shape, filter.shape, attrs);
    const { images, channels, pixels, windows } = extents(x.shape, axes);
    const outputs = filter.shape[4] as number;
    const out = backend.make([images, ...axes.map(({ count }) => count), outputs], "float32");
    const [to, from, weights] = [floatsOf(backend, out), floatsOf(backend, x), floatsOf(backend, filter)];
    const sums = new Float64Array(outputs);
    forEachWindow(axes, (number, seenPixels, taps, seen) => {
      for (let image = 0; image < images; image++) {
        sums.fill(0);
        for (let i = 0; i < seen; i++) {
          const pixel = (image * pixels + (seenPixels[i] as number)) * channels;
          const tap = (taps[i] as number) * channels * outputs;
          for (let c = 0; c < channels; c++) {
            const value = from[pixel + c] as number;
            for (let o = 0; o < outputs; o++) {
              (sums[o] as number) += value * (weights[tap + c * outputs + o] as number);
            }
          }
        }
        to.set(sums, (image * windows + number) * outputs);
      }
    });
    return out;
  },
  "script",
);

const conv3DBackpropInput = defineKernel<{ dy: TensorInfo; filter: TensorInfo }, Conv3DBackpropInputV2Attrs>(
  "Conv3DBackpropInputV2",
  (backend, { dy, filter }, attrs) => {
    if (!areFloats(dy, filter)) return undefined;
    const { inputShape } = attrs;
    const axes = convolutionAxes(backend.op, inputShape, filter.shape, attrs, dy.shape);
    const { images, channels, pixels, windows } = extents(inputShape, axes);
    const outputs = filter.shape[4] as number;
    const out = backend.make([...inputShape], "float32");
    const [to, slope, weights] = [floatsOf(backend, out), floatsOf(backend, dy), floatsOf(backend, filter)];
    const sums = new Float64Array(to.length);
    forEachWindow(axes, (number, seenPixels, taps, seen) => {
      for (let image = 0; image < images; image++) {
        const dyAt = (image * windows + number) * outputs;
        for (let i = 0; i < seen; i++) {
          const pixel = (image * pixels + (seenPixels[i] as number)) * channels;
          const tap = (taps[i] as number) * channels * outputs;
          for (let c = 0; c < channels; c++) {
            let sum = 0;
            for (let o = 0; o < outputs; o++) {
              sum += (slope[dyAt + o] as number) * (weights[tap + c * outputs + o] as number);
            }
            (sums[pixel + c] as number) += sum;
          }
        }
      }
    });
    to.set(sums);
    return out;
  },
  "script",
);

const conv3DBackpropFilter = defineKernel<{ x: TensorInfo; dy: TensorInfo }, Conv3DBackpropFilterV2Attrs>(
  "Conv3DBackpropFilterV2",
  (backend, { x, dy }, attrs) => {
    if (!areFloats(x, dy)) return undefined;
    const { filterShape } = attrs;
    const axes = convolutionAxes(backend.op, x.shape, filterShape, attrs, dy.shape);
    const { images, channels, pixels, windows } = extents(x.shape, axes);
    const outputs = filterShape[4];
    const out = backend.make([...filterShape], "float32");
    const [to, from, slope] = [floatsOf(backend, out), floatsOf(backend, x), floatsOf(backend, dy)];
    const sums = new Float64Array(to.length);
    forEachWindow(axes, (number, seenPixels, taps, seen) => {
      for (let image = 0; image < images; image++) {
        const dyAt = (image * windows + number) * outputs;
        for (let i = 0; i < seen; i++) {
          const pixel = (image * pixels + (seenPixels[i] as number)) * channels;
          const tap = (taps[i] as number) * channels * outputs;
          for (let c = 0; c < channels; c++) {
            const value = from[pixel + c] as number;
            for (let o = 0; o < outputs; o++) {
              (sums[tap + c * outputs + o] as number) += value * (slope[dyAt + o] as number);
            }
          }
        }
      }
    });
    to.set(sums);
    return out;
  },
  "script",
);

export const volumes: readonly Kernel[] = [
  avgPool3D,
  avgPool3DGrad,
  conv3D,
  conv3DBackpropFilter,
  conv3DBackpropInput,
  maxPool3D,
  maxPool3DGrad,
];
