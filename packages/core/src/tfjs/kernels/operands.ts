// What a kernel may be given: ranks, windows, strides, pads and the shapes of gradients, checked before anything is allocated.
// Source: the requirements of TensorFlow 2.21's ops; the sizes of outputs by conv_util.ts of tfjs-core 4.22.
//
// tfjs-core's ops check some of this, and its kernels nothing: a stride of 0 is an output of Infinity, a dy of another shape
// is read past its end. The table covers the fallbacks too, whose loops have no end where a size is Infinity.

import { describeBriefly } from "@fanin/tensor/arguments";
import { backend_util, type TensorInfo, util } from "@tensorflow/tfjs-core";
import {
  channelsLastShape,
  convolutionInfo,
  isLarger,
  type PlaneAttrs,
  type VolumeAttrs,
  volumeAxes,
  withExplicitPad,
  withSlope,
} from "./windows.ts";

const LARGEST = 2 ** 31 - 1; // what a descriptor's word holds with a sign

export type Attributes = Readonly<Record<string, unknown>>;
export type Inputs = Readonly<Record<string | number, TensorInfo | undefined>>;
/** Refuses the operands of the kernel `op`, or lets them pass. */
export type Check = (op: string, inputs: Inputs, attrs: Attributes) => void;

/** What conv_util takes, whatever its types: the values are checked before. */
interface WindowAttributes {
  readonly strides: never;
  readonly dilations: never;
  readonly pad: never;
}

/** Returns `value` if it is an integer from `low` to 2^31 - 1. */
export function expectSize(op: string, name: string, value: unknown, low: number): number {
  if (typeof value !== "number") {
    throw new TypeError(`${op}: ${name}: expected an integer >= ${low}, got ${describeBriefly(value)}`);
  }
  if (!Number.isInteger(value) || value < low || value > LARGEST) {
    throw new RangeError(`${op}: ${name}: expected an integer from ${low} to ${LARGEST}, got ${value}`);
  }
  return value;
}

/** Returns `values` if it is a list of `count` integers of at least `low`; any count where none is given. */
export function expectSizes(op: string, name: string, values: unknown, low: number, count?: number): number[] {
  const isList = Array.isArray(values) || ArrayBuffer.isView(values);
  if (!isList || (count !== undefined && (values as ArrayLike<number>).length !== count)) {
    const expected = count === undefined ? "a list" : `${count}`;
    throw new TypeError(`${op}: ${name}: expected ${expected} of integers >= ${low}, got ${describeBriefly(values)}`);
  }
  const list = values as ArrayLike<number>;
  for (let i = 0; i < list.length; i++) {
    const value = list[i] as number;
    // A name is made only for an element that is wrong: every training step comes through here.
    if (!Number.isInteger(value) || value < low || value > LARGEST) expectSize(op, `${name}[${i}]`, value, low);
  }
  return Array.isArray(values) ? values : Array.from(list);
}

/** One integer, or a list of them. */
function expectOneOrMore(op: string, name: string, value: unknown, low: number): void {
  if (Array.isArray(value)) expectSizes(op, name, value, low);
  else expectSize(op, name, value, low);
}

/** Refuses a tensor of another shape than `shape`. */
export function expectShape(op: string, name: string, tensor: TensorInfo, shape: readonly number[]): void {
  if (util.arraysEqual(tensor.shape, [...shape])) return;
  throw new RangeError(`${op}: ${name}: expected the shape [${shape}], got [${tensor.shape}]`);
}

/** Returns the tensor `name` of the inputs; refuses one of another rank, where one is given. */
function expectTensor(op: string, inputs: Inputs, name: string, rank?: number): TensorInfo {
  const tensor = inputs[name];
  if (tensor === undefined || tensor === null) throw new TypeError(`${op}: ${name}: expected a tensor, got nothing`);
  if (rank !== undefined && tensor.shape.length !== rank) {
    throw new RangeError(`${op}: ${name}: expected ${rank} dimensions, got the shape [${tensor.shape}]`);
  }
  return tensor;
}

/** Strides, dilations, the window's size and the padding, where a kernel has them. */
function checkWindow(op: string, { strides, dilations, filterSize, pad }: Attributes): void {
  expectOneOrMore(op, "strides", strides, 1);
  if (dilations !== undefined && dilations !== null) expectOneOrMore(op, "dilations", dilations, 1);
  if (filterSize !== undefined) expectOneOrMore(op, "filterSize", filterSize, 1);
  if (pad === "same" || pad === "valid") return;
  if (Array.isArray(pad)) for (const [i, sides] of pad.entries()) expectSizes(op, `pad[${i}]`, sides, 0, 2);
  else if (typeof pad === "number") expectSize(op, "pad", pad, 0);
  else
    throw new TypeError(
      `${op}: pad: expected "same", "valid", an integer >= 0 or a list of pairs, got ${describeBriefly(pad)}`,
    );
}

/** A two-dimensional convolution, and the shape of its gradient where that is given. */
function checkConvolution(
  op: string,
  x: readonly number[],
  filter: readonly number[],
  attrs: Attributes,
  depthwise: boolean,
  dy?: readonly number[],
): void {
  checkWindow(op, attrs);
  const isNchw = attrs["dataFormat"] === "NCHW";
  const ordered = (shape: readonly number[]) => (isNchw ? channelsLastShape(shape) : shape);
  const channels = ordered(x)[3];
  if (channels !== filter[2]) {
    throw new RangeError(`${op}: expected a filter of ${channels} input channels, got the shape [${filter}]`);
  }
  if (dy === undefined) return;
  const pad = isNchw && Array.isArray(attrs["pad"]) ? channelsLastShape(attrs["pad"]) : attrs["pad"];
  const given = withExplicitPad({ pad });
  const { strides, dilations, dimRoundingMode } = attrs as unknown as PlaneAttrs;
  const window = { strides, dilations, pad: given.pad as PlaneAttrs["pad"], dimRoundingMode };
  const info = convolutionInfo(ordered(x), filter, window, depthwise);
  // The official suite transposes a convolution of larger images than it gives, of which the rest is passed over.
  const isTransposed = op === "Conv2DBackpropInput" && pad === "same";
  if (!isTransposed || !isLarger(ordered(dy), info.outShape)) withSlope(op, info, ordered(dy));
}

const forward =
  (depthwise: boolean): Check =>
  (op, inputs, attrs) => {
    const [x, filter] = [expectTensor(op, inputs, "x", 4), expectTensor(op, inputs, "filter", 4)];
    checkConvolution(op, x.shape, filter.shape, attrs, depthwise);
  };

const byFilter =
  (depthwise: boolean): Check =>
  (op, inputs, attrs) => {
    const [x, dy] = [expectTensor(op, inputs, "x", 4), expectTensor(op, inputs, "dy", 4)];
    const filter = expectSizes(op, "filterShape", attrs["filterShape"], 0, 4);
    checkConvolution(op, x.shape, filter, attrs, depthwise, dy.shape);
  };

const byInput =
  (depthwise: boolean): Check =>
  (op, inputs, attrs) => {
    const [dy, filter] = [expectTensor(op, inputs, "dy", 4), expectTensor(op, inputs, "filter", 4)];
    const x = expectSizes(op, "inputShape", attrs["inputShape"], 0, 4);
    checkConvolution(op, x, filter.shape, attrs, depthwise, dy.shape);
  };

/** A three-dimensional convolution, and the shape of its gradient where that is given. */
function checkVolume(
  op: string,
  x: readonly number[],
  filter: readonly number[],
  attrs: Attributes,
  dy?: TensorInfo,
): void {
  checkWindow(op, attrs);
  if (x[4] !== filter[3]) {
    throw new RangeError(`${op}: expected a filter of ${x[4]} input channels, got the shape [${filter}]`);
  }
  const axes = volumeAxes(
    op,
    x.slice(1, 4),
    filter.slice(0, 3),
    attrs as unknown as VolumeAttrs,
    dy?.shape.slice(1, 4),
  );
  if (dy) expectShape(op, "dy", dy, [x[0] as number, ...axes.map(({ count }) => count), filter[4] as number]);
}

const pool =
  (rank: 4 | 5): Check =>
  (op, inputs, attrs) => {
    expectTensor(op, inputs, "x", rank);
    checkWindow(op, attrs);
  };

/** The gradient of pooling over images, whose dy the kernel itself checks. */
const poolGradient: Check = (op, inputs, attrs) => {
  expectTensor(op, inputs, "input", 4);
  expectTensor(op, inputs, "dy", 4);
  checkWindow(op, attrs);
};

const poolGradient3D: Check = (op, inputs, attrs) => {
  const [input, dy] = [expectTensor(op, inputs, "input", 5), expectTensor(op, inputs, "dy", 5)];
  checkWindow(op, attrs);
  const windows = attrs["filterSize"] as number | number[];
  const axes = volumeAxes(op, input.shape.slice(1, 4), windows, attrs as unknown as VolumeAttrs, dy.shape.slice(1, 4));
  const [batch, , , , channels] = input.shape as [number, number, number, number, number];
  expectShape(op, "dy", dy, [batch, ...axes.map(({ count }) => count), channels]);
};

const dilation2D =
  (gradient: boolean): Check =>
  (op, inputs, attrs) => {
    const [x, filter] = [expectTensor(op, inputs, "x", 4), expectTensor(op, inputs, "filter", 3)];
    checkWindow(op, attrs);
    const { strides, pad, dilations } = attrs as unknown as WindowAttributes;
    if (x.shape[3] !== filter.shape[2]) {
      throw new RangeError(`${op}: expected a filter of ${x.shape[3]} channels, got the shape [${filter.shape}]`);
    }
    if (!gradient) return;
    const info = backend_util.computeDilation2DInfo(
      x.shape as never,
      filter.shape as never,
      strides,
      withExplicitPad({ pad }).pad,
      "NHWC",
      dilations,
    );
    expectShape(op, "dy", expectTensor(op, inputs, "dy"), info.outShape);
  };

const resizeGradient: Check = (op, inputs, { alignCorners }) => {
  const [images, dy] = [expectTensor(op, inputs, "images", 4), expectTensor(op, inputs, "dy", 4)];
  const [batch, , , depth] = images.shape as [number, number, number, number];
  const [, height, width] = dy.shape as [number, number, number, number];
  const [, rows, columns] = images.shape as [number, number, number, number];
  if (rows === 0 || columns === 0 || height === 0 || width === 0) {
    throw new RangeError(`${op}: expected images of at least one pixel, got [${images.shape}] and [${dy.shape}]`);
  }
  // tfjs's loop over the window that a pixel came from does not end where that window is infinite.
  const isEndless = (rows === 1 && height > 1) || (columns === 1 && width > 1);
  if (op === "ResizeNearestNeighborGrad" && alignCorners && isEndless) {
    throw new RangeError(`${op}: alignCorners: expected images of more than one row and column, got [${images.shape}]`);
  }
  expectShape(op, "dy", dy, [batch, height, width, depth]);
};

/** Tensors that all have the shape of the first. */
const alike =
  (...names: readonly [string, ...string[]]): Check =>
  (op, inputs) => {
    const { shape } = expectTensor(op, inputs, names[0]);
    for (const name of names.slice(1)) expectShape(op, name, expectTensor(op, inputs, name), shape);
  };

const checks: Readonly<Record<string, Check>> = {
  AvgPool: pool(4),
  AvgPool3D: pool(5),
  AvgPool3DGrad: poolGradient3D,
  AvgPoolGrad: poolGradient,
  Complex: alike("real", "imag"),
  Conv2D: forward(false),
  Conv2DBackpropFilter: byFilter(false),
  Conv2DBackpropInput: byInput(false),
  Conv3D: (op, inputs, attrs) => {
    checkVolume(op, expectTensor(op, inputs, "x", 5).shape, expectTensor(op, inputs, "filter", 5).shape, attrs);
  },
  Conv3DBackpropFilterV2: (op, inputs, attrs) => {
    const filter = expectSizes(op, "filterShape", attrs["filterShape"], 0, 5);
    checkVolume(op, expectTensor(op, inputs, "x", 5).shape, filter, attrs, expectTensor(op, inputs, "dy", 5));
  },
  Conv3DBackpropInputV2: (op, inputs, attrs) => {
    const x = expectSizes(op, "inputShape", attrs["inputShape"], 0, 5);
    checkVolume(op, x, expectTensor(op, inputs, "filter", 5).shape, attrs, expectTensor(op, inputs, "dy", 5));
  },
  DepthwiseConv2dNative: forward(true),
  DepthwiseConv2dNativeBackpropFilter: byFilter(true),
  DepthwiseConv2dNativeBackpropInput: byInput(true),
  Dilation2D: dilation2D(false),
  Dilation2DBackpropFilter: dilation2D(true),
  Dilation2DBackpropInput: dilation2D(true),
  EluGrad: alike("y", "dy"),
  FusedConv2D: forward(false),
  FusedDepthwiseConv2D: forward(true),
  LRNGrad: alike("x", "y", "dy"),
  MaxPool: pool(4),
  MaxPool3D: pool(5),
  MaxPool3DGrad: poolGradient3D,
  MaxPoolGrad: poolGradient,
  MaxPoolWithArgmax: pool(4),
  ResizeBilinearGrad: resizeGradient,
  ResizeNearestNeighborGrad: resizeGradient,
  Select: alike("t", "e"),
};

/**
 * What refuses operands that the kernel `op` cannot compute, with a TypeError or RangeError that names the operand, what is
 * expected and what came; undefined where any operands will do.
 */
export const operandCheckOf = (op: string): Check | undefined => checks[op];
