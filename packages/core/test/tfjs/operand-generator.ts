// Random operands for every kernel that the backend registers: mostly right ones from a table, then some of them made wrong.
// One file: it is the table of all registered kernels.

import * as tf from "@tensorflow/tfjs-core";

type Attributes = Record<string, unknown>;
type Inputs = Record<string, tf.Tensor | tf.Tensor[]> | tf.Tensor[];

/** One call of a kernel. */
export interface Call {
  inputs: Inputs;
  attrs: Attributes;
}

const HOSTILE: readonly unknown[] = [
  ...[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, -1, -2, -7, 1, 2, 3, 5, 17, 0.5, 1.5, -0.5, 2.25],
  ...[2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 32 + 1, -(2 ** 31), 2 ** 53, 1e300, 5e-324, "2", "same", "valid", "nonsense", ""],
  ...[true, false, null, undefined, [], [0], [1, 1], [-1], [0, 0], [2, 2], [Number.NaN, 1], [0.5, 0.5], [1, 2, 3], [-1, -1]],
  ...[[[0, 0], [-1, 1], [1, -1], [0, 0]], [[1, 1]], [[0.5, 0.5], [0, 0]], {}],
]; // biome-ignore format: rows

/** A generator of one case, by its seed. */
export class Draws {
  #state: number;

  constructor(seed: number) {
    this.#state = (Math.imul(seed, 2654435761) ^ 0x9e3779b9) >>> 0;
  }

  /** mulberry32 */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)] as T;
  }

  shape(rank = this.int(0, 5), low = 0): number[] {
    const high = rank > 4 ? 2 : rank > 3 ? 3 : 5;
    return Array.from({ length: rank }, () => this.int(this.next() < 0.05 ? low : Math.max(low, 1), high));
  }

  floats(shape: number[] = this.shape()): tf.Tensor {
    const special = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 1e30, 1e-30];
    const value = () => (this.next() < 0.03 ? this.pick(special) : Math.fround(this.next() * 8 - 4));
    return tf.tensor(Float32Array.from({ length: tf.util.sizeFromShape(shape) }, value), shape);
  }

  ints(shape: number[] = this.shape(), low = -3, high = 6): tf.Tensor {
    const data = Int32Array.from({ length: tf.util.sizeFromShape(shape) }, () => this.int(low, high));
    return tf.tensor(data, shape, "int32");
  }

  bools(shape: number[] = this.shape()): tf.Tensor {
    return tf.tensor(
      Uint8Array.from({ length: tf.util.sizeFromShape(shape) }, () => this.int(0, 1)),
      shape,
      "bool",
    );
  }

  texts(shape: number[] = this.shape()): tf.Tensor {
    const data = Array.from({ length: tf.util.sizeFromShape(shape) }, () => this.pick(["", "a", "b c", "ä"]));
    return tf.tensor(data, shape, "string");
  }

  complex(shape: number[] = this.shape()): tf.Tensor {
    return tf.complex(this.floats(shape), this.floats(shape));
  }

  any(shape?: number[]): tf.Tensor {
    const kind = this.pick(["floats", "floats", "ints", "bools", "texts", "complex"] as const);
    return this[kind](shape);
  }

  axis(rank: number): number {
    return this.int(-rank, Math.max(rank - 1, 0));
  }

  /** Some axes, each once, or one, or all by saying none. */
  axes(rank: number): unknown {
    const all = Array.from({ length: rank }, (_, d) => d).filter(() => this.next() < 0.6);
    const signed = all.map((d) => (this.next() < 0.3 ? d - rank : d));
    return this.pick([signed, signed, [...signed].reverse(), this.axis(rank), null]);
  }

  /** A shape that broadcasts to `shape`. */
  narrower(shape: readonly number[]): number[] {
    return shape.slice(this.int(0, shape.length)).map((n) => (this.next() < 0.4 ? 1 : n));
  }
}

type Row = (d: Draws) => { inputs: Inputs; attrs?: Attributes };

const unary: Row = (d) => ({ inputs: { x: d.next() < 0.8 ? d.floats() : d.any() } });
const binary: Row = (d) => {
  const shape = d.shape();
  const [a, b] = d.next() < 0.5 ? [shape, d.narrower(shape)] : [d.narrower(shape), shape];
  return { inputs: d.next() < 0.7 ? { a: d.floats(a), b: d.floats(b) } : { a: d.any(a), b: d.any(b) } };
};
const reduced =
  (attribute = "axis", make: (d: Draws, shape: number[]) => tf.Tensor = (d, shape) => d.floats(shape)): Row =>
  (d) => {
    const shape = d.shape();
    return { inputs: { x: make(d, shape) }, attrs: { [attribute]: d.axes(shape.length), keepDims: d.next() < 0.5 } };
  };
const along =
  (more: (d: Draws) => Attributes = () => ({})): Row =>
  (d) => {
    const shape = d.shape();
    return {
      inputs: { x: d.next() < 0.8 ? d.floats(shape) : d.any(shape) },
      attrs: { axis: d.axis(shape.length), ...more(d) },
    };
  };

interface Geometry {
  x: number[];
  filter: number[];
  attrs: Attributes;
  out: number[];
}

/** A convolution or pooling over `dimensions` spatial dimensions. */
function geometry(d: Draws, dimensions: 2 | 3, kind: "conv" | "depthwise" | "pool"): Geometry {
  const each = <T>(f: () => T) => Array.from({ length: dimensions }, f);
  const x = [d.int(1, 2), ...each(() => d.int(1, 5)), d.int(1, 3)];
  const window = each(() => d.int(1, 3));
  const strides = each(() => d.int(1, 2));
  const pad = d.pick<unknown>(dimensions === 2 ? ["same", "valid", 0, 1, [[0, 0], [1, 0], [0, 2], [0, 0]]] : ["same", "valid"]); // biome-ignore format: a row
  const filter = [...window, x.at(-1) as number, d.int(1, 3)];
  const attrs: Attributes = { strides, pad, ...(kind === "pool" ? { filterSize: window } : { dilations: 1 }) };
  if (dimensions === 2 && kind !== "pool") attrs["dataFormat"] = "NHWC";
  const compute = dimensions === 2 ? tf.backend_util.computeConv2DInfo : tf.backend_util.computeConv3DInfo;
  let out: number[];
  try {
    const depthwise = kind === "depthwise";
    const rest = dimensions === 2 ? [undefined, depthwise] : [depthwise];
    const square = kind === "pool" ? [...window, x.at(-1), x.at(-1)] : filter;
    out = (compute as unknown as (...values: unknown[]) => { outShape: number[] })(x, square, strides, 1, pad, ...rest).outShape; // biome-ignore format: one call
  } catch {
    out = x;
  }
  return { x, filter, attrs, out: out.map((n) => (n > 0 ? n : 1)) };
}

const convolution =
  (kind: "conv" | "depthwise", fused = false, dimensions: 2 | 3 = 2): Row =>
  (d) => {
    const { x, filter, attrs, out } = geometry(d, dimensions, kind);
    const inputs: Inputs = { x: d.floats(x), filter: d.floats(filter) };
    if (!fused) return { inputs, attrs };
    if (d.next() < 0.6) inputs["bias"] = d.floats([out.at(-1) as number]);
    const activation = d.pick(["linear", "relu", "relu6", "elu", "sigmoid", "leakyrelu", "prelu"]);
    if (activation === "prelu") inputs["preluActivationWeights"] = d.floats([out.at(-1) as number]);
    return { inputs, attrs: { ...attrs, activation, leakyreluAlpha: 0.2 } };
  };
const byFilter =
  (kind: "conv" | "depthwise", dimensions: 2 | 3 = 2): Row =>
  (d) => {
    const { x, filter, attrs, out } = geometry(d, dimensions, kind);
    return { inputs: { x: d.floats(x), dy: d.floats(out) }, attrs: { ...attrs, filterShape: filter } };
  };
const byInput =
  (kind: "conv" | "depthwise", dimensions: 2 | 3 = 2): Row =>
  (d) => {
    const { x, filter, attrs, out } = geometry(d, dimensions, kind);
    return { inputs: { dy: d.floats(out), filter: d.floats(filter) }, attrs: { ...attrs, inputShape: x } };
  };
const pooling =
  (dimensions: 2 | 3, gradient = false, more: Attributes = {}): Row =>
  (d) => {
    const { x, attrs, out } = geometry(d, dimensions, "pool");
    const inputs: Inputs = gradient
      ? { dy: d.floats(out), input: d.floats(x), output: d.floats(out) }
      : { x: d.floats(x) };
    return { inputs, attrs: { ...attrs, ...more } };
  };
const dilation =
  (gradient: boolean): Row =>
  (d) => {
    const { x, filter, attrs } = geometry(d, 2, "conv");
    const given: Attributes = { ...attrs, pad: d.pick(["same", "valid"]), dilations: 1 };
    const { outShape } = tf.backend_util.computeDilation2DInfo(
      ...([
        x as never,
        filter.slice(0, 3) as never,
        given["strides"] as never,
        given["pad"] as never,
        "NHWC",
        1,
      ] as const),
    );
    const inputs: Inputs = { x: d.floats(x), filter: d.floats(filter.slice(0, 3)) };
    if (gradient) inputs["dy"] = d.floats(outShape.map((n) => Math.max(n, 0)));
    return { inputs, attrs: given };
  };
const matMul =
  (fused: boolean): Row =>
  (d) => {
    const [m, k, n] = [d.int(0, 9), d.int(0, 9), d.int(0, 9)];
    const outer = d.shape(d.int(0, 2));
    const [transposeA, transposeB] = [d.next() < 0.5, d.next() < 0.5];
    const a = [...d.narrower(outer), ...(transposeA ? [k, m] : [m, k])];
    const b = [...outer, ...(transposeB ? [n, k] : [k, n])];
    const inputs: Inputs = { a: d.floats(a), b: d.floats(b) };
    const attrs: Attributes = { transposeA, transposeB };
    if (!fused) return { inputs, attrs };
    if (d.next() < 0.6) inputs["bias"] = d.floats([n]);
    return {
      inputs,
      attrs: { ...attrs, activation: d.pick(["linear", "relu", "elu", "leakyrelu"]), leakyreluAlpha: 0.1 },
    };
  };
const images = (d: Draws) => d.floats([d.int(1, 2), d.int(1, 4), d.int(1, 4), d.int(1, 3)]);
const resize: Row = (d) => ({ inputs: { images: images(d) }, attrs: { size: [d.int(1, 5), d.int(1, 5)], alignCorners: d.next() < 0.5, halfPixelCenters: d.next() < 0.3 } }); // biome-ignore format: a row
const resizeGradient: Row = (d) => {
  const x = images(d);
  const dy = d.floats([x.shape[0] as number, d.int(1, 5), d.int(1, 5), x.shape[3] as number]);
  return { inputs: { images: x, dy }, attrs: { alignCorners: d.next() < 0.5, halfPixelCenters: false, size: [2, 2] } };
};
const suppression: Row = (d) => {
  const n = d.int(1, 6);
  return {
    inputs: { boxes: d.floats([n, 4]), scores: d.floats([n]) },
    attrs: {
      maxOutputSize: d.int(0, 6),
      iouThreshold: 0.5,
      scoreThreshold: 0,
      softNmsSigma: 0.1,
      padToMaxOutputSize: d.next() < 0.5,
    },
  };
};
const segments: Row = (d) => {
  const [rows, n] = [d.int(1, 5), d.int(1, 6)];
  const segmentIds = tf.tensor1d(Array.from({ length: n }, (_, i) => Math.floor(i / 2)), "int32"); // biome-ignore format: one call
  return { inputs: { data: d.floats([rows, d.int(1, 3)]), indices: d.ints([n], 0, rows - 1), segmentIds } };
};
const alike = (names: readonly string[], rank?: number): Row => (d) => {
  const shape = d.shape(rank);
  return { inputs: Object.fromEntries(names.map((name) => [name, d.floats(shape)])) };
}; // biome-ignore format: a row
const spectrum: Row = (d) => ({ inputs: { input: d.complex([d.int(1, 3), d.int(1, 5)]) } });
const paddings = (d: Draws, shape: readonly number[], most = 3) => shape.map(() => [d.int(0, most), d.int(0, most)]);

/** How to call each kernel rightly. */
export const rows: Readonly<Record<string, Row>> = {
  ...Object.fromEntries(
    "Abs Acos Acosh Asin Asinh Atan Atanh Ceil Cos Cosh Elu Erf Exp Expm1 Floor Identity IsFinite IsInf IsNan Log Log1p LogicalNot Neg OnesLike Reciprocal Relu Relu6 Round Rsqrt Selu Sigmoid Sign Sin Sinh Softplus Sqrt Square Tan Tanh ZerosLike Diag"
      .split(" ")
      .map((name) => [name, unary]),
  ),
  ...Object.fromEntries(
    "Add Atan2 BitwiseAnd Equal FloorDiv Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr Maximum Minimum Mod Multiply NotEqual Pow RealDiv SquaredDifference Sub"
      .split(" ")
      .map((name) => [name, binary]),
  ),
  AddN: (d) => ({ inputs: Object.values(alike(["a", "b", "c"].slice(0, d.int(1, 3)))(d).inputs) as tf.Tensor[] }),
  All: reduced("axis", (d, shape) => d.bools(shape)),
  Any: reduced("axis", (d, shape) => d.bools(shape)),
  ArgMax: along(),
  ArgMin: along(),
  AvgPool: pooling(2),
  AvgPool3D: pooling(3, false, { dataFormat: "NDHWC" }),
  AvgPool3DGrad: pooling(3, true),
  AvgPoolGrad: pooling(2, true),
  BatchMatMul: matMul(false),
  BatchToSpaceND: (d) => ({ inputs: { x: d.floats([4, d.int(1, 3), d.int(1, 3), 2]) }, attrs: { blockShape: [2, 2], crops: [[0, d.int(0, 1)], [0, 0]] } }), // biome-ignore format: a row
  Bincount: (d) => ({ inputs: { x: d.ints([5], 0, 4), weights: d.floats([5]) }, attrs: { size: d.int(1, 6) } }),
  BroadcastArgs: (d) => ({ inputs: { s0: d.ints([d.int(1, 3)], 1, 3), s1: d.ints([d.int(1, 3)], 1, 1) } }),
  Cast: (d) => ({ inputs: { x: d.any() }, attrs: { dtype: d.pick(["float32", "int32", "bool", "complex64", "string", "float64"]) } }), // biome-ignore format: a row
  ClipByValue: (d) => ({ inputs: { x: d.floats() }, attrs: { clipValueMin: -1, clipValueMax: 1 } }),
  Complex: alike(["real", "imag"]),
  ComplexAbs: (d) => ({ inputs: { x: d.complex() } }),
  Concat: (d) => {
    const shape = d.shape(d.int(1, 4));
    const axis = d.axis(shape.length);
    const part = () => d.floats(shape.map((n, i) => (i === (axis + shape.length) % shape.length ? d.int(0, 3) : n)));
    return { inputs: Array.from({ length: d.int(1, 3) }, part), attrs: { axis } };
  },
  Conv2D: convolution("conv"),
  Conv2DBackpropFilter: byFilter("conv"),
  Conv2DBackpropInput: byInput("conv"),
  Conv3D: convolution("conv", false, 3),
  Conv3DBackpropFilterV2: byFilter("conv", 3),
  Conv3DBackpropInputV2: byInput("conv", 3),
  CropAndResize: (d) => ({ inputs: { image: images(d), boxes: d.floats([2, 4]), boxInd: d.ints([2], 0, 0) }, attrs: { cropSize: [d.int(1, 3), 2], method: d.pick(["bilinear", "nearest"]), extrapolationValue: 0 } }), // biome-ignore format: a row
  Cumprod: along((d) => ({ exclusive: d.next() < 0.5, reverse: d.next() < 0.5 })),
  Cumsum: along((d) => ({ exclusive: d.next() < 0.5, reverse: d.next() < 0.5 })),
  DenseBincount: (d) => ({ inputs: { x: d.ints([2, 3], 0, 4), weights: d.floats([2, 3]) }, attrs: { size: 5, binaryOutput: d.next() < 0.5 } }), // biome-ignore format: a row
  DepthToSpace: (d) => ({ inputs: { x: d.floats([1, d.int(1, 3), 2, 4]) }, attrs: { blockSize: 2, dataFormat: d.pick(["NHWC", "NCHW"]) } }), // biome-ignore format: a row
  DepthwiseConv2dNative: convolution("depthwise"),
  DepthwiseConv2dNativeBackpropFilter: byFilter("depthwise"),
  DepthwiseConv2dNativeBackpropInput: byInput("depthwise"),
  Dilation2D: dilation(false),
  Dilation2DBackpropFilter: dilation(true),
  Dilation2DBackpropInput: dilation(true),
  Draw: (d) => ({ inputs: { image: d.floats([2, 2, 3]) }, attrs: { canvas: { getContext: () => null }, options: {} } }),
  Einsum: (d) => ({ inputs: [d.floats([2, 3]), d.floats([3, 2])], attrs: { equation: d.pick(["ij,jk->ik", "ij,ji->", "ij,jk->ki"]) } }), // biome-ignore format: a row
  EluGrad: alike(["dy", "y"]),
  ExpandDims: (d) => {
    const shape = d.shape();
    return { inputs: { input: d.any(shape) }, attrs: { dim: d.axis(shape.length + 1) } };
  },
  FFT: spectrum,
  Fill: (d) => ({ inputs: {}, attrs: { shape: d.shape(), value: d.pick([1, 0.5, "text"]), dtype: d.pick(["float32", "int32", "bool", "string"]) } }), // biome-ignore format: a row
  FlipLeftRight: (d) => ({ inputs: { image: images(d) } }),
  FusedBatchNorm: (d) => {
    const x = images(d);
    const statistic = () => d.floats([x.shape[3] as number]);
    const inputs = { x, mean: statistic(), variance: statistic(), scale: statistic(), offset: statistic() };
    return { inputs, attrs: { varianceEpsilon: 1e-3 } };
  },
  FusedConv2D: convolution("conv", true),
  FusedDepthwiseConv2D: convolution("depthwise", true),
  GatherNd: (d) => ({ inputs: { params: d.floats([3, 4, 2]), indices: d.ints([d.int(1, 3), d.int(1, 3)], 0, 1) } }),
  GatherV2: (d) => {
    const shape = d.shape(d.int(1, 4), 1);
    const axis = d.axis(shape.length);
    const size = shape.at(axis) as number;
    const indices = d.ints(d.shape(d.int(0, 2)), d.next() < 0.2 ? -2 : 0, d.next() < 0.2 ? size + 2 : size - 1);
    return {
      inputs: { x: d.next() < 0.7 ? d.floats(shape) : d.any(shape), indices },
      attrs: { axis, batchDims: d.pick([0, 0, 1]) },
    };
  },
  IFFT: spectrum,
  Imag: (d) => ({ inputs: { input: d.complex() } }),
  LRN: (d) => ({ inputs: { x: images(d) }, attrs: { depthRadius: d.int(0, 3), bias: 1, alpha: 1, beta: 0.5 } }),
  LRNGrad: (d) => ({
    ...alike(["x", "y", "dy"], 4)(d),
    attrs: { depthRadius: d.int(0, 3), bias: 1, alpha: 1, beta: 0.5 },
  }),
  LeakyRelu: (d) => ({ inputs: { x: d.floats() }, attrs: { alpha: 0.1 } }),
  LinSpace: (d) => ({ inputs: {}, attrs: { start: d.int(-3, 3), stop: d.int(-3, 3), num: d.int(1, 5) } }),
  Max: reduced("reductionIndices"),
  MaxPool: pooling(2),
  MaxPool3D: pooling(3, false, { dataFormat: "NDHWC" }),
  MaxPool3DGrad: pooling(3, true),
  MaxPoolGrad: pooling(2, true),
  MaxPoolWithArgmax: pooling(2, false, { includeBatchInIndex: true }),
  Mean: reduced(),
  Min: reduced(),
  MirrorPad: (d) => {
    const shape = d.shape(d.int(1, 4), 2);
    return {
      inputs: { x: d.floats(shape) },
      attrs: { paddings: paddings(d, shape, 1), mode: d.pick(["reflect", "symmetric"]) },
    };
  },
  Multinomial: (d) => ({ inputs: { logits: d.floats([2, 3]) }, attrs: { numSamples: d.int(1, 4), seed: 3, normalized: d.next() < 0.5 } }), // biome-ignore format: a row
  NonMaxSuppressionV3: suppression,
  NonMaxSuppressionV4: suppression,
  NonMaxSuppressionV5: suppression,
  OneHot: (d) => ({
    inputs: { indices: d.ints() },
    attrs: { depth: d.int(1, 5), onValue: 1, offValue: 0, dtype: "int32" },
  }),
  Pack: (d) => {
    const shape = d.shape(d.int(0, 4));
    const inputs = Array.from({ length: d.int(1, 3) }, () => d.floats(shape));
    return { inputs, attrs: { axis: d.axis(shape.length + 1) } };
  },
  PadV2: (d) => {
    const shape = d.shape(d.int(0, 4));
    return { inputs: { x: d.any(shape) }, attrs: { paddings: paddings(d, shape), constantValue: d.pick([0, 1]) } };
  },
  Prelu: (d) => {
    const shape = d.shape();
    return { inputs: { x: d.floats(shape), alpha: d.floats(d.narrower(shape)) } };
  },
  Prod: reduced(),
  RaggedGather: (d) => ({ inputs: { paramsNestedSplits: [d.pick([tf.tensor1d([0, 2, 3], "int32"), d.ints([3], 0, 4)])], paramsDenseValues: d.floats([3]), indices: d.ints([2], 0, 1) }, attrs: { outputRaggedRank: 1 } }), // biome-ignore format: a row
  RaggedRange: (d) => ({ inputs: { starts: d.ints([2], 0, 3), limits: d.ints([2], 3, 6), deltas: d.ints([2], 1, 2) } }),
  RaggedTensorToTensor: (d) => ({ inputs: { shape: d.ints([2], 1, 4), values: d.floats([4]), defaultValue: d.floats([]), rowPartitionTensors: [tf.tensor1d([0, 2, 4], "int32")] }, attrs: { rowPartitionTypes: ["ROW_SPLITS"] } }), // biome-ignore format: a row
  Range: (d) => ({ inputs: {}, attrs: { start: d.int(-3, 3), stop: d.int(-3, 9), step: d.pick([1, 2, 0.5, -1]), dtype: d.pick(["float32", "int32"]) } }), // biome-ignore format: a row
  Real: (d) => ({ inputs: { input: d.complex() } }),
  Reshape: (d) => {
    const shape = d.shape();
    return { inputs: { x: d.any(shape) }, attrs: { shape: d.pick([[...shape].reverse(), [-1], [...shape, 1]]) } };
  },
  ResizeBilinear: resize,
  ResizeBilinearGrad: resizeGradient,
  ResizeNearestNeighbor: resize,
  ResizeNearestNeighborGrad: resizeGradient,
  Reverse: (d) => {
    const shape = d.shape();
    return { inputs: { x: d.any(shape) }, attrs: { dims: d.axes(shape.length) } };
  },
  RotateWithOffset: (d) => ({ inputs: { image: images(d) }, attrs: { radians: 0.3, fillValue: 0, center: 0.5 } }),
  ScatterNd: (d) => ({
    inputs: { indices: d.ints([3, 1], 0, 4), updates: d.floats([3, 2]) },
    attrs: { shape: [5, 2] },
  }),
  SearchSorted: (d) => ({ inputs: { sortedSequence: d.floats([2, 4]), values: d.floats([2, 3]) }, attrs: { side: d.pick(["left", "right"]) } }), // biome-ignore format: a row
  Select: (d) => {
    const shape = d.shape();
    const condition = d.bools(d.next() < 0.7 ? shape : shape.slice(0, 1));
    return { inputs: { condition, t: d.floats(shape), e: d.floats(shape) } };
  },
  Slice: (d) => {
    const shape = d.shape();
    const begin = shape.map((n) => d.int(0, n) * d.pick([1, 1, 1, 0.5]));
    const size = shape.map((n, i) => d.pick([-1, d.int(0, Math.max(n - Math.ceil(begin[i] as number), 0))]));
    return { inputs: { x: d.next() < 0.7 ? d.floats(shape) : d.any(shape) }, attrs: { begin, size } };
  },
  Softmax: (d) => ({ inputs: { logits: d.floats() }, attrs: { dim: -1 } }),
  SpaceToBatchND: (d) => ({ inputs: { x: d.floats([1, 4, d.int(1, 2) * 2, 2]) }, attrs: { blockShape: [2, 2], paddings: [[0, d.pick([0, 2])], [1, 1]] } }), // biome-ignore format: a row
  SparseFillEmptyRows: (d) => ({ inputs: { indices: d.ints([3, 2], 0, 3), values: d.floats([3]), denseShape: d.ints([2], 3, 5), defaultValue: d.floats([]) } }), // biome-ignore format: a row
  SparseReshape: (d) => ({ inputs: { inputIndices: d.ints([3, 2], 0, 1), inputShape: tf.tensor1d([2, 3], "int32"), newShape: d.pick([tf.tensor1d([3, 2], "int32"), d.ints([2], -1, 6)]) } }), // biome-ignore format: a row
  SparseSegmentMean: segments,
  SparseSegmentSum: segments,
  SparseToDense: (d) => ({ inputs: { sparseIndices: d.ints([3, 1], 0, 4), sparseValues: d.floats([3]), defaultValue: d.floats([]) }, attrs: { outputShape: [5] } }), // biome-ignore format: a row
  SplitV: (d) => {
    const shape = d.shape(d.int(1, 4));
    const axis = d.axis(shape.length);
    const n = shape.at(axis) as number;
    const first = d.int(0, n);
    return { inputs: { x: d.any(shape) }, attrs: { numOrSizeSplits: d.pick<unknown>([1, 2, [first, n - first], [first, -1], [-1, first]]), axis } }; // biome-ignore format: a row
  },
  StaticRegexReplace: (d) => ({ inputs: { x: d.texts() }, attrs: { pattern: "a", rewrite: "b", replaceGlobal: true } }),
  Step: (d) => ({ inputs: { x: d.floats() }, attrs: { alpha: 0.5 } }),
  StridedSlice: (d) => {
    const shape = d.shape(d.int(1, 4));
    const each = (low: number, high: number) => shape.map(() => d.int(low, high));
    const mask = () => d.int(0, 3);
    return { inputs: { x: d.any(shape) }, attrs: { begin: each(-2, 3), end: each(-2, 6), strides: shape.map(() => d.pick([1, 2, -1])), beginMask: mask(), endMask: mask(), ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: d.int(0, 1) } }; // biome-ignore format: a row
  },
  StringNGrams: (d) => ({ inputs: { data: d.texts([4]), dataSplits: tf.tensor1d([0, 2, 4], "int32") }, attrs: { separator: "|", nGramWidths: [d.int(1, 3)], leftPad: "L", rightPad: "R", padWidth: d.int(-1, 2), preserveShortSequences: d.next() < 0.5 } }), // biome-ignore format: a row
  StringSplit: (d) => ({
    inputs: { input: d.texts([3]), delimiter: tf.scalar(d.pick(["", " "])) },
    attrs: { skipEmpty: true },
  }),
  StringToHashBucketFast: (d) => ({ inputs: { input: d.texts() }, attrs: { numBuckets: d.int(1, 9) } }),
  Sum: reduced(),
  TensorScatterUpdate: (d) => ({
    inputs: { tensor: d.floats([5, 2]), indices: d.ints([3, 1], 0, 4), updates: d.floats([3, 2]) },
  }),
  Tile: (d) => {
    const shape = d.shape();
    return { inputs: { x: d.any(shape) }, attrs: { reps: shape.map(() => d.int(0, 3)) } };
  },
  TopK: (d) => {
    const shape = d.shape(d.int(1, 3), 1);
    return { inputs: { x: d.floats(shape) }, attrs: { k: d.int(0, shape.at(-1) as number), sorted: d.next() < 0.5 } };
  },
  Transform: (d) => {
    const image = images(d);
    return { inputs: { image, transforms: d.floats([image.shape[0] as number, 8]) }, attrs: { interpolation: d.pick(["nearest", "bilinear"]), fillMode: d.pick(["constant", "reflect", "wrap", "nearest"]), fillValue: 0, outputShape: d.pick([[2, 3], undefined]) } }; // biome-ignore format: a row
  },
  Transpose: (d) => {
    const shape = d.shape();
    const perm = shape.map((_, i) => i).sort(() => d.next() - 0.5);
    return { inputs: { x: d.next() < 0.7 ? d.floats(shape) : d.any(shape) }, attrs: { perm } };
  },
  Unique: along(),
  Unpack: (d) => {
    const shape = d.shape(d.int(1, 4));
    return { inputs: { value: d.any(shape) }, attrs: { axis: d.axis(shape.length) } };
  },
  UnsortedSegmentSum: (d) => {
    const shape = d.shape(d.int(1, 3));
    const ids = d.ints(shape.slice(0, d.int(1, shape.length)), -1, 4);
    return {
      inputs: { x: d.next() < 0.7 ? d.floats(shape) : d.ints(shape), segmentIds: ids },
      attrs: { numSegments: d.int(0, 4) },
    };
  },
  _FusedMatMul: matMul(true),
};

/** One of the numbers in nested lists changed, or the whole. */
function spoil(d: Draws, value: unknown): unknown {
  if (!Array.isArray(value) || value.length === 0 || d.next() < 0.4) return d.pick(HOSTILE);
  const i = d.int(0, value.length - 1);
  return value.map((part, at) => (at === i ? spoil(d, part) : part));
}

/** A call of `kernel`, right in about a third of the cases. */
export function drawCall(kernel: string, d: Draws): Call {
  const { inputs: right, attrs = {} } = (rows[kernel] as Row)(d);
  const inputs = (Array.isArray(right) ? [...right] : { ...right }) as Record<string, unknown>;
  const call = { inputs, attrs: { ...attrs } };
  for (let faults = d.pick([0, 0, 1, 1, 1, 2]); faults > 0; faults--) {
    const names = [
      ...Object.keys(inputs).map((name) => ["inputs", name]),
      ...Object.keys(attrs).map((name) => ["attrs", name]),
    ];
    if (names.length === 0) break;
    const [where, name] = d.pick(names) as ["inputs" | "attrs", string];
    if (where === "attrs") {
      call.attrs[name] = spoil(d, call.attrs[name]);
      continue;
    }
    const given = inputs[name];
    const shape: number[] = given instanceof tf.Tensor ? given.shape : [2];
    const wrong = d.pick(["kind", "shape", "larger", "disposed", "missing", "rank"] as const);
    if (wrong === "kind") inputs[name] = d.any(shape);
    else if (wrong === "shape") inputs[name] = d.floats();
    else if (wrong === "larger") inputs[name] = d.floats(shape.map((n) => n + d.int(-1, 2)).map((n) => Math.max(n, 0)));
    else if (wrong === "rank") inputs[name] = d.floats(d.shape(d.int(0, 6)));
    else if (wrong === "missing" && !Array.isArray(right)) delete inputs[name];
    else if (given instanceof tf.Tensor) given.dispose();
  }
  return call as unknown as Call;
}
