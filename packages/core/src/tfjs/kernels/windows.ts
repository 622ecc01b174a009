// Where the windows of convolutions and pooling lie: along each axis of two or three, as TensorFlow places them.
// Source: tf.nn.convolution and tf.nn.pool of TensorFlow 2.21; dimRoundingMode and padding by a number are of tfjs-core 4.22.
//
// tfjs-core takes a number of pixels for a window as high as wide, and in three dimensions pads "same" with less than nothing.

import { backend_util, type Conv2DAttrs } from "@tensorflow/tfjs-core";

type Rounding = "floor" | "round" | "ceil";

const roundings: Readonly<Record<Rounding, (x: number) => number>> = {
  floor: Math.floor,
  round: Math.round,
  ceil: Math.ceil,
};

/** The kernels whose windows have two dimensions, but AvgPoolGrad, which looks at the form that padding is given in. */
const planar = new Set([
  ...["AvgPool", "MaxPool", "MaxPoolGrad", "MaxPoolWithArgmax"],
  ...["Conv2D", "Conv2DBackpropFilter", "Conv2DBackpropInput", "FusedConv2D"],
  ...["DepthwiseConv2dNative", "DepthwiseConv2dNativeBackpropFilter", "DepthwiseConv2dNativeBackpropInput"],
  ...["Dilation2D", "Dilation2DBackpropFilter", "Dilation2DBackpropInput", "FusedDepthwiseConv2D"],
]);

/** `attrs` with padding by a number spelled out for each side. */
export function withExplicitPad<A>(attrs: A): A {
  const { pad, dataFormat } = attrs as { pad?: unknown; dataFormat?: string };
  if (typeof pad !== "number") return attrs;
  const [none, side] = [
    [0, 0],
    [pad, pad],
  ];
  return { ...attrs, pad: dataFormat === "NCHW" ? [none, none, side, side] : [none, side, side, none] };
}

/** Whether the windows of the kernel `op` have two dimensions, so that padding by a number is spelled out for it. */
export const isPlanar = (op: string): boolean => planar.has(op);

/** Whether `count` windows lie along an axis that has `length` for their beginnings, in some rounding mode. */
function isCount(count: number, length: number, stride: number): boolean {
  return Object.values(roundings).some((round) => round(length / stride + 1) === count);
}

/** Sizes or pads of NCHW images in the order of NHWC. */
export const channelsLastShape = <T>([batch, channels, height, width]: readonly T[]): T[] =>
  [batch, height, width, channels] as T[];

/** Whether dy is larger than the output `out` in some direction, and smaller in none. */
export const isLarger = (dy: readonly number[], out: readonly number[]): boolean =>
  dy.length === out.length &&
  dy.every((n, d) => (d === 1 || d === 2 ? n >= (out[d] as number) : n === out[d])) &&
  dy.some((n, d) => n !== out[d]);

/** The attributes that place windows in two dimensions, checked. */
export interface PlaneAttrs {
  readonly strides: [number, number] | number;
  readonly pad: Conv2DAttrs["pad"];
  readonly dilations?: [number, number] | number | undefined;
  readonly dimRoundingMode?: Conv2DAttrs["dimRoundingMode"] | undefined;
}

type Info = backend_util.Conv2DInfo;

/** What {@link convolutionInfo} was last asked for, and its answer. */
let asked: readonly unknown[] = [];
let answer: Info | undefined;

/** Whether two attributes are equal: numbers, words, or lists of numbers or pairs. */
function areAlike(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!areAlike(a[i], b[i])) return false;
  return true;
}

/** A copy of an attribute that its owner may change. */
const copyOf = (value: unknown): unknown => (Array.isArray(value) ? value.map(copyOf) : value);

/**
 * Where the windows of a convolution over NHWC images lie. The check of a gradient's dy and its kernel ask for the same, one after
 * the other: the last answer is kept.
 */
export function convolutionInfo(
  x: readonly number[],
  filter: readonly number[],
  { strides, dilations, pad, dimRoundingMode }: PlaneAttrs,
  depthwise: boolean,
): Info {
  const question = [x, filter, strides, dilations ?? 1, pad, dimRoundingMode, depthwise];
  if (answer !== undefined && areAlike(question, asked)) return answer;
  // The answer refers to the lists that it is made of, which belong to tensors and callers: it is made of copies.
  asked = copyOf(question) as unknown[];
  answer = undefined;
  answer = backend_util.computeConv2DInfo(...(asked as unknown as Parameters<typeof backend_util.computeConv2DInfo>));
  return answer;
}

function refuseSlope(op: string, expected: readonly number[], dy: readonly number[]): never {
  throw new RangeError(`${op}: dy: expected the shape [${expected}] of the output, got [${dy}]`);
}

/**
 * `info` for a gradient: with as many windows as `dy` has. tfjs-core keeps dimRoundingMode from some gradients, and the shape
 * of dy says what it was.
 *
 * @throws RangeError for a dy that is no output of the operation in any mode.
 */
export function withSlope(op: string, info: backend_util.Conv2DInfo, dy: readonly number[]): backend_util.Conv2DInfo {
  const [batch, outHeight, outWidth, channels] = dy as [number, number, number, number];
  const { top, bottom, left, right } = info.padInfo;
  const isExplicit = info.padInfo.type === "EXPLICIT" || info.padInfo.type === "VALID";
  const fits = (count: number, usual: number, length: number, stride: number) =>
    count === usual || (isExplicit && isCount(count, length, stride));
  if (
    dy.length !== 4 ||
    batch !== info.batchSize ||
    channels !== info.outChannels ||
    !fits(outHeight, info.outHeight, info.inHeight - info.effectiveFilterHeight + top + bottom, info.strideHeight) ||
    !fits(outWidth, info.outWidth, info.inWidth - info.effectiveFilterWidth + left + right, info.strideWidth)
  ) {
    refuseSlope(op, info.outShape, dy);
  }
  if (outHeight === info.outHeight && outWidth === info.outWidth) return info;
  return { ...info, outHeight, outWidth, outShape: [batch, outHeight, outWidth, channels] };
}

/** The windows along one axis. */
export interface WindowAxis {
  readonly size: number;
  readonly window: number;
  readonly stride: number;
  readonly dilation: number;
  /** Pixels of padding in front. */
  readonly before: number;
  /** How many windows there are. */
  readonly count: number;
}

/** The attributes that place windows in three dimensions. */
export interface VolumeAttrs {
  readonly strides: number | readonly number[];
  readonly pad: "valid" | "same" | number;
  readonly dilations?: number | readonly number[] | undefined;
  readonly dimRoundingMode?: Rounding | undefined;
}

const triple = (value: number | readonly number[]): readonly number[] =>
  typeof value === "number" ? [value, value, value] : value;

/**
 * The windows over depth, height and width; with as many as `slope`, the sizes of dy, has.
 *
 * @throws RangeError for sizes of dy that are not those of the output in any rounding mode.
 */
export function volumeAxes(
  op: string,
  sizes: readonly number[],
  windows: number | readonly number[],
  attrs: VolumeAttrs,
  slope?: readonly number[],
): WindowAxis[] {
  const [window, strides, dilations] = [triple(windows), triple(attrs.strides), triple(attrs.dilations ?? 1)];
  const { pad, dimRoundingMode } = attrs;
  const axes = sizes.map((size, d): WindowAxis => {
    const stride = strides[d] as number;
    const dilation = dilations[d] as number;
    const reach = ((window[d] as number) - 1) * dilation + 1;
    const axis = { size, window: window[d] as number, stride, dilation };
    if (pad === "same") {
      const count = Math.ceil(size / stride);
      return { ...axis, before: Math.floor(Math.max(0, (count - 1) * stride + reach - size) / 2), count };
    }
    const before = pad === "valid" ? 0 : pad;
    const length = size - reach + 2 * before;
    const count = roundings[dimRoundingMode ?? "floor"](length / stride + 1);
    const given = slope?.[d];
    return {
      ...axis,
      before,
      count: given !== undefined && isCount(given, length, stride) ? given : Math.max(count, 0),
    };
  });
  const counts = axes.map(({ count }) => count);
  if (slope?.some((count, d) => count !== counts[d])) refuseSlope(op, counts, slope);
  return axes;
}

/**
 * Calls `visit` for each window of a volume, in order: with its number, and the places that it sees, of the image and of the
 * window, the first `seen` of both lists.
 */
export function forEachWindow(
  axes: readonly WindowAxis[],
  visit: (number: number, pixels: Int32Array, taps: Int32Array, seen: number) => void,
): void {
  const [z, y, x] = axes as [WindowAxis, WindowAxis, WindowAxis];
  const taps = new Int32Array(z.window * y.window * x.window);
  const pixels = new Int32Array(taps.length);
  let number = 0;
  for (let i = 0; i < z.count; i++) {
    for (let j = 0; j < y.count; j++) {
      for (let k = 0; k < x.count; k++) {
        let seen = 0;
        for (let a = 0, at = i * z.stride - z.before; a < z.window; a++, at += z.dilation) {
          if (at < 0 || at >= z.size) continue;
          for (let b = 0, row = j * y.stride - y.before; b < y.window; b++, row += y.dilation) {
            if (row < 0 || row >= y.size) continue;
            for (let c = 0, column = k * x.stride - x.before; c < x.window; c++, column += x.dilation) {
              if (column < 0 || column >= x.size) continue;
              taps[seen] = (a * y.window + b) * x.window + c;
              pixels[seen] = (at * y.size + row) * x.size + column;
              seen++;
            }
          }
        }
        visit(number++, pixels, taps, seen);
      }
    }
  }
}
