// Attributes that say how large an output is: integers within their range, and an output that an address reaches, before any loop.
// Source: the requirements of TensorFlow 2.21's ops. tfjs-backend-cpu's kernels allocate and loop over what they are given.

import { describeBriefly } from "@fanin/tensor/arguments";
import { type TensorInfo, util } from "@tensorflow/tfjs-core";
import { type Check, expectSize, expectSizes } from "./operands.ts";

const MAX_VALUES = 2 ** 30; // of four bytes, in 4 GiB

/** Refuses an output of more values than the memory ever holds. */
function expectRoom(op: string, name: string, ...sizes: readonly number[]): void {
  const count = sizes.reduce((product, n) => product * n, 1);
  if (count <= MAX_VALUES) return;
  throw new RangeError(`${op}: ${name}: expected an output of at most ${MAX_VALUES} values, got ${count}`);
}

function expectFinite(op: string, name: string, value: unknown): number {
  if (typeof value === "number" && Number.isFinite(value)) return value;
  const message = `${op}: ${name}: expected a finite number, got ${describeBriefly(value)}`;
  throw typeof value === "number" ? new RangeError(message) : new TypeError(message);
}

const sizeOf = (tensor: TensorInfo | undefined): number => util.sizeFromShape(tensor?.shape ?? []);

/** One integer that the output has for each of `per` inputs' values, or rows. */
const count =
  (attribute: string, low: number, per?: string): Check =>
  (op, inputs, attrs) =>
    expectRoom(
      op,
      attribute,
      expectSize(op, attribute, attrs[attribute], low),
      per === undefined ? 1 : sizeOf(inputs[per]),
    );

/** The whole shape of the output. */
const shape =
  (attribute: string): Check =>
  (op, _, attrs) =>
    expectRoom(op, attribute, ...expectSizes(op, attribute, attrs[attribute], 0));

/** The height and width of the output's images. */
const images =
  (attribute: string, input: string, batches = input): Check =>
  (op, inputs, attrs) => {
    const [height, width] = expectSizes(op, attribute, attrs[attribute], 1, 2) as [number, number];
    const tensor = inputs[input];
    if (tensor?.shape.length !== 4) {
      throw new RangeError(`${op}: ${input}: expected 4 dimensions, got ${describeBriefly(tensor?.shape)}`);
    }
    expectRoom(op, attribute, height, width, inputs[batches]?.shape[0] ?? 1, tensor.shape[3] as number);
  };

/** Pairs of integers, one a dimension, that the output is larger by. */
function expectPads(op: string, name: string, pads: unknown, from: readonly number[]): void {
  if (!Array.isArray(pads) || pads.length !== from.length) {
    throw new RangeError(
      `${op}: ${name}: expected ${from.length} pairs, one a dimension, got ${describeBriefly(pads)}`,
    );
  }
  const sides = pads.map((pair, d) => expectSizes(op, `${name}[${d}]`, pair, 0, 2) as [number, number]);
  expectRoom(
    op,
    name,
    ...from.map((n, d) => n + (sides[d] as [number, number])[0] + (sides[d] as [number, number])[1]),
  );
}

const padded: Check = (op, { x }, { paddings }) => expectPads(op, "paddings", paddings, x?.shape ?? []);

/** Blocks that are moved between the batch and the dimensions after it. */
const blocks =
  (attribute: string): Check =>
  (op, { x }, attrs) => {
    const size = expectSizes(op, "blockShape", attrs["blockShape"], 1);
    expectPads(op, attribute, attrs[attribute], (x?.shape ?? []).slice(1, 1 + size.length));
  };

const range: Check = (op, _, { start, stop, step }) => {
  const by = expectFinite(op, "step", step);
  if (by === 0) throw new RangeError(`${op}: step: expected a number other than 0, got 0`);
  const length = expectFinite(op, "stop", stop) - expectFinite(op, "start", start);
  expectRoom(op, "stop", Math.abs(Math.ceil(length / by)));
};

const stridedSlice: Check = (op, _, attrs) => {
  for (const name of ["begin", "end", "strides"]) {
    const list = attrs[name];
    const isList = Array.isArray(list) && list.every((n) => Number.isInteger(n) && (n !== 0 || name !== "strides"));
    if (isList) continue;
    throw new RangeError(
      `${op}: ${name}: expected integers${name === "strides" ? " other than 0" : ""}, got ${describeBriefly(list)}`,
    );
  }
};

const checks: Readonly<Record<string, Check>> = {
  BatchToSpaceND: blocks("crops"),
  Bincount: count("size", 0),
  CropAndResize: images("cropSize", "image", "boxes"),
  DenseBincount: (op, inputs, attrs) => {
    const { x } = inputs;
    expectRoom(
      op,
      "size",
      expectSize(op, "size", attrs["size"], 0),
      x?.shape.length === 2 ? (x.shape[0] as number) : 1,
    );
  },
  DepthToSpace: count("blockSize", 1),
  Fill: shape("shape"),
  LinSpace: count("num", 1),
  MirrorPad: padded,
  Multinomial: count("numSamples", 0, "logits"),
  NonMaxSuppressionV3: count("maxOutputSize", 0),
  NonMaxSuppressionV4: count("maxOutputSize", 0),
  NonMaxSuppressionV5: count("maxOutputSize", 0),
  OneHot: count("depth", 0, "indices"),
  PadV2: padded,
  Range: range,
  ResizeBilinear: images("size", "images"),
  ResizeNearestNeighbor: images("size", "images"),
  ScatterNd: shape("shape"),
  SpaceToBatchND: blocks("paddings"),
  SparseToDense: shape("outputShape"),
  StridedSlice: stridedSlice,
  StringNGrams: (op, _, { padWidth, nGramWidths }) => {
    expectSize(op, "padWidth", padWidth, -1);
    expectRoom(op, "nGramWidths", ...expectSizes(op, "nGramWidths", nGramWidths, 1).map((width) => width * 64));
  },
  StringToHashBucketFast: (op, _, { numBuckets }) => {
    if (expectFinite(op, "numBuckets", numBuckets) < 1) {
      throw new RangeError(`${op}: numBuckets: expected at least 1, got ${numBuckets}`);
    }
  },
  Tile: (op, { x }, { reps }) =>
    expectRoom(op, "reps", sizeOf(x), ...expectSizes(op, "reps", reps, 0, x?.shape.length ?? 0)),
  TopK: (op, { x }, { k }) => {
    const last = x?.shape.at(-1) ?? 0;
    if (expectSize(op, "k", k, 0) > last) {
      throw new RangeError(`${op}: k: expected at most ${last}, the length of the last dimension, got ${k}`);
    }
  },
  Transform: (op, inputs, attrs) => {
    if (attrs["outputShape"] !== undefined && attrs["outputShape"] !== null) {
      images("outputShape", "image")(op, inputs, attrs);
    }
  },
  UnsortedSegmentSum: (op, { x, segmentIds }, { numSegments }) => {
    const rank = segmentIds?.shape.length ?? 0;
    if (!util.arraysEqual(x?.shape.slice(0, rank) ?? [], segmentIds?.shape ?? [])) {
      throw new RangeError(
        `${op}: segmentIds: expected the first dimensions of [${x?.shape}], got [${segmentIds?.shape}]`,
      );
    }
    expectRoom(op, "numSegments", expectSize(op, "numSegments", numSegments, 0), ...(x?.shape.slice(rank) ?? []));
  },
};

/**
 * What refuses sizes of outputs that the kernel `op` cannot make, with a TypeError or RangeError that names the attribute, what is
 * expected and what came; undefined where its attributes say no sizes.
 */
export const outputSizeCheckOf = (op: string): Check | undefined => checks[op];
