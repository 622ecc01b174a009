// Gradients that tfjs-core gets wrong or lacks, by the name of the forward kernel. They replace tfjs's on our backend alone.
// One file: a table of formulas, one for each kernel, that share a few lines.
// Source: the derivatives, and the choices of TensorFlow 2.21 where a function has a kink (gradients of ties are shared).

import * as tf from "@tensorflow/tfjs-core";
import { FaninBackend } from "./backend.ts";

type Tensor = tf.Tensor;
type Attributes = Readonly<Record<string, unknown>>;
type Derivatives = Record<string, () => Tensor>;

/**
 * The derivatives by the inputs of one kernel, `saved` being the tensors that the registry was asked to keep; undefined where
 * tfjs's are right.
 */
type Gradient = (dy: Tensor, saved: Tensor[], attrs: Attributes) => Derivatives | undefined;

const { SELU_SCALE, SELU_SCALEALPHA } = tf.backend_util;

/** Several outputs have several gradients; one output that is a list has one. */
const listOf = (dy: Tensor | Tensor[]): Tensor[] => (Array.isArray(dy) ? dy : [dy]);

/** The sum of `x` over what a tensor of `shape` was broadcast along. */
function summedTo(x: Tensor, shape: number[]): Tensor {
  if (tf.util.arraysEqual(x.shape, shape)) return x;
  const axes = tf.backend_util.getReductionAxes(shape, x.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(x, axes) : x, shape);
}

function runKernel(name: string, inputs: Record<string, Tensor>, attrs: Attributes): Tensor {
  return tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap) as Tensor;
}

/** Both derivatives of a function of two tensors that are broadcast. */
const broadcast =
  (byA: (dy: Tensor, a: Tensor, b: Tensor) => Tensor, byB: (dy: Tensor, a: Tensor, b: Tensor) => Tensor): Gradient =>
  (dy, saved) => {
    const [a, b] = saved as [Tensor, Tensor];
    return { a: () => summedTo(byA(dy, a, b), a.shape), b: () => summedTo(byB(dy, a, b), b.shape) };
  };

const when = (condition: Tensor, x: Tensor) => tf.where(condition, x, tf.zerosLike(x));

/** Steps have no slope. tfjs-core's suite asserts that of a quotient where integers are divided. */
function floorDiv(_: Tensor, saved: Tensor[]): Derivatives | undefined {
  const [a, b] = saved as [Tensor, Tensor];
  if (a.dtype !== "float32" || b.dtype !== "float32") return undefined;
  return { a: () => tf.zeros(a.shape), b: () => tf.zeros(b.shape) };
}

/** d |z| = Re(conj(z) dz) / |z|, 0 at 0. */
function complexAbs(dy: Tensor, [z]: Tensor[]): Derivatives {
  const x = () => {
    const [real, imaginary] = [tf.real(z as Tensor), tf.imag(z as Tensor)];
    const slope = tf.divNoNan(dy, tf.sqrt(tf.add(tf.square(real), tf.square(imaginary))));
    return tf.complex(tf.mul(slope, real), tf.mul(slope, imaginary));
  };
  return { x };
}

/** The matrices are multiplied as tfjs does; what was broadcast is summed. */
function batchMatMul(dy: Tensor, saved: Tensor[], { transposeA, transposeB }: Attributes): Derivatives {
  const [a, b] = saved as [Tensor, Tensor];
  const byA = () => (transposeA ? tf.matMul(b, dy, Boolean(transposeB), true) : tf.matMul(dy, b, false, !transposeB));
  const byB = () => (transposeB ? tf.matMul(dy, a, true, Boolean(transposeA)) : tf.matMul(a, dy, !transposeA, false));
  return { a: () => summedTo(byA(), a.shape), b: () => summedTo(byB(), b.shape) };
}

/** A convolution's, with the dilations that tfjs refuses. */
const convolution =
  (byInput: string, byFilter: string): Gradient =>
  (dy, saved, attrs) => {
    const [x, filter] = saved as [Tensor, Tensor];
    return {
      x: () => runKernel(byInput, { dy, filter }, { ...attrs, inputShape: x.shape }),
      filter: () => runKernel(byFilter, { x, dy }, { ...attrs, filterShape: filter.shape }),
    };
  };

/** Running products; with p and s along the axis: dx_i = p_i s_i, s_i = dy_i + x_(i+1) s_(i+1), right with zeros in x too. */
function cumprod(dy: Tensor, saved: Tensor[], { axis, exclusive, reverse }: Attributes): Derivatives {
  const x = saved[0] as Tensor;
  const by = () => {
    const along = axis as number;
    if (x.size === 0) return tf.zerosLike(x);
    const factors = tf.unstack(x, along);
    const slopes = tf.unstack(dy, along);
    if (!reverse) {
      factors.reverse();
      slopes.reverse();
    }
    let sum = tf.zerosLike(factors[0] as Tensor);
    const sums = factors.map((_, i) => {
      const [factor, before] = [factors[i - 1], slopes[i - 1]];
      if (factor) sum = tf.mul(sum, factor);
      const slope = exclusive ? before : slopes[i];
      if (slope) sum = tf.add(sum, slope);
      return sum;
    });
    if (!reverse) sums.reverse();
    return tf.mul(tf.cumprod(x, along, true, Boolean(reverse)), tf.stack(sums, along));
  };
  return { x: by };
}

/** dx_i = the product of all others, by products from both ends: right with zeros in x too. */
function prod(dy: Tensor, saved: Tensor[], attrs: Attributes): Derivatives {
  const x = saved[0] as Tensor;
  const by = () => {
    const axes = tf.util.parseAxisParam((attrs["axis"] ?? null) as number[], x.shape).sort((p, q) => p - q);
    const kept = [...x.shape.keys()].filter((d) => !axes.includes(d));
    const order = [...kept, ...axes];
    const length = tf.util.sizeFromShape(axes.map((d) => x.shape[d] as number));
    const rows = tf.util.sizeFromShape(kept.map((d) => x.shape[d] as number));
    const flat = tf.reshape(tf.transpose(x, order), [rows, length]);
    const others = tf.mul(tf.cumprod(flat, 1, true, false), tf.cumprod(flat, 1, true, true));
    const slopes = tf.mul(others, tf.reshape(dy, [rows, 1]));
    const turned = tf.reshape(
      slopes,
      order.map((d) => x.shape[d] as number),
    );
    return tf.transpose(
      turned,
      order.map((_, d) => order.indexOf(d)),
    );
  };
  return { x: by };
}

/** An extreme's gradient goes to all that reach it, in equal shares. */
const extreme =
  (attribute: string): Gradient =>
  (dy, saved, attrs) => {
    const [x, y] = saved as [Tensor, Tensor];
    const axes = tf.util.parseAxisParam(attrs[attribute] as number[], x.shape);
    const shape = x.shape.map((n, d) => (axes.includes(d) ? 1 : n));
    const by = () => {
      const isReached = tf.cast(tf.equal(x, tf.reshape(y, shape)), "float32");
      return tf.mul(isReached, tf.div(tf.reshape(dy, shape), tf.sum(isReached, axes, true)));
    };
    return { x: by };
  };

/** The adjoint of taking rows: they are added up by number, those of each batch by themselves. */
function gather(dy: Tensor, saved: Tensor[], attrs: Attributes): Derivatives {
  const [x, indices] = saved as [Tensor, Tensor];
  const axis = tf.util.parseAxisParam(attrs["axis"] as number, x.shape)[0] as number;
  const batchDims = (attrs["batchDims"] ?? 0) as number;
  const by = () => {
    const size = (from: number, to: number) => tf.util.sizeFromShape(x.shape.slice(from, to));
    const [batch, outer, inner] = [size(0, batchDims), size(batchDims, axis), size(axis + 1, x.rank)];
    const length = x.shape[axis] as number;
    const count = batch === 0 ? 0 : indices.size / batch;
    const rows = tf.transpose(tf.reshape(dy, [batch, outer, count, inner]), [0, 2, 1, 3]);
    const starts = tf.reshape(tf.mul(tf.range(0, batch, 1, "int32"), tf.scalar(length, "int32")), [batch, 1]);
    const segments = tf.add(tf.reshape(indices, [batch, count]), starts);
    const flat = tf.reshape(segments, [batch * count]) as tf.Tensor1D;
    const sums = tf.unsortedSegmentSum(tf.reshape(rows, [batch * count, outer * inner]), flat, batch * length);
    return tf.reshape(tf.transpose(tf.reshape(sums, [batch, length, outer, inner]), [0, 2, 1, 3]), x.shape);
  };
  return { x: by, indices: () => tf.zeros(indices.shape) };
}

/** What was mirrored into the border is added where it came from, one axis after another. */
function mirrorPad(dy: Tensor, saved: Tensor[], attrs: Attributes): Derivatives {
  const { shape } = saved[0] as Tensor;
  const skipped = attrs["mode"] === "reflect" ? 1 : 0;
  const by = () => {
    let sum = dy;
    for (const [axis, [before, after]] of (attrs["paddings"] as [number, number][]).entries()) {
      const n = shape[axis] as number;
      const part = (from: number, count: number) => {
        const begin = sum.shape.map((_, d) => (d === axis ? from : 0));
        return tf.slice(
          sum,
          begin,
          sum.shape.map((size, d) => (d === axis ? count : size)),
        );
      };
      const folded = (from: number, count: number, at: number) => {
        const paddings = sum.shape.map((_, d): [number, number] => (d === axis ? [at, n - at - count] : [0, 0]));
        return tf.pad(tf.reverse(part(from, count), axis), paddings);
      };
      const parts = [part(before, n)];
      if (before > 0) parts.push(folded(0, before, skipped));
      if (after > 0) parts.push(folded(before + n, after, n - after - skipped));
      sum = tf.addN(parts);
    }
    return sum;
  };
  return { x: by };
}

/** The adjoint of repeating: a sum over the repetitions. */
function tile(dy: Tensor, saved: Tensor[], { reps }: Attributes): Derivatives {
  const x = saved[0] as Tensor;
  const by = () => {
    const axes = x.shape.map((_, d) => 2 * d);
    const split = tf.reshape(
      dy,
      x.shape.flatMap((n, d) => [(reps as number[])[d] as number, n]),
    );
    return x.rank === 0 ? dy.clone() : tf.sum(split, axes);
  };
  return { x: by };
}

/** Segments that there are not have no sum, and no gradient. */
function unsortedSegmentSum(dy: Tensor, saved: Tensor[], attrs: Attributes): Derivatives {
  const ids = saved[0] as Tensor;
  const by = () => {
    const last = tf.scalar((attrs["numSegments"] as number) - 1, "int32");
    const isThere = tf.logicalAnd(tf.greaterEqual(ids, tf.scalar(0, "int32")), tf.lessEqual(ids, last));
    const rows = tf.gather(dy, tf.maximum(tf.minimum(ids, last), tf.scalar(0, "int32")) as tf.Tensor1D);
    const flags = tf.reshape(isThere, [...ids.shape, ...rows.shape.slice(ids.rank).map(() => 1)]);
    return when(tf.logicalAnd(flags, tf.ones(rows.shape, "bool")), rows);
  };
  return { x: by };
}

/** Where the values came from, by slicing their numbers; there they go back. */
function stridedSlice(dy: Tensor, saved: Tensor[], attrs: Attributes): Derivatives {
  const x = saved[0] as Tensor;
  const by = () => {
    const numbers = tf.reshape(tf.range(0, x.size, 1, "int32"), x.shape);
    const places = tf.reshape(runKernel("StridedSlice", { x: numbers }, attrs), [dy.size]) as tf.Tensor1D;
    return tf.reshape(tf.unsortedSegmentSum(tf.reshape(dy, [dy.size]), places, x.size), x.shape);
  };
  return { x: by };
}

/** By each factor: the product of dy and the other factors, with the factor's labels; what was summed away is repeated. */
function einsum(dy: Tensor, saved: Tensor[], { equation }: Attributes): Derivatives {
  const [left, result] = (equation as string).replaceAll(" ", "").split("->") as [string, string];
  const terms = left.split(",");
  return Object.fromEntries(
    terms.map((term, i) => {
      const by = () => {
        const others = terms.filter((_, j) => j !== i);
        const known = [...term].filter((label) => [result, ...others].some((other) => other.includes(label))).join("");
        const factors = saved.filter((_, j) => j !== i);
        const slope = tf.einsum(`${[result, ...others].join()}->${known}`, dy, ...factors);
        const { shape } = saved[i] as Tensor;
        const ones = [...term].map((label, d) => (known.includes(label) ? (shape[d] as number) : 1));
        return tf.broadcastTo(tf.reshape(slope, ones), shape);
      };
      return [i, by];
    }),
  );
}

function depthToSpace(dy: Tensor, _: Tensor[], { blockSize }: Attributes): Derivatives {
  const by = () => {
    const [batch, height, width, channels] = dy.shape as [number, number, number, number];
    const block = blockSize as number;
    const blocks = tf.reshape(dy, [batch, height / block, block, width / block, block, channels]);
    const together = tf.transpose(blocks, [0, 1, 3, 2, 4, 5]);
    return tf.reshape(together, [batch, height / block, width / block, block * block * channels]);
  };
  return { x: by };
}

function diag(dy: Tensor, saved: Tensor[]): Derivatives {
  const x = saved[0] as Tensor;
  const numbers = () => tf.mul(tf.range(0, x.size, 1, "int32"), tf.scalar(x.size + 1, "int32"));
  return { x: () => tf.reshape(tf.gather(tf.reshape(dy, [dy.size]), numbers() as tf.Tensor1D), x.shape) };
}

/** Gradients that tfjs-core registers too. */
const corrected: Readonly<Record<string, Gradient>> = {
  Abs: (dy, [x]) => ({ x: () => tf.mul(dy, tf.sign(tf.cast(x as Tensor, "float32"))) }),
  BatchMatMul: batchMatMul,
  // Whole numbers are steps; the suite asserts that flags let a slope pass.
  Cast: (_, [x], { dtype }) =>
    x?.dtype === "float32" && dtype !== "float32" && dtype !== "complex64" ? { x: () => tf.zeros(x.shape) } : undefined,
  ComplexAbs: complexAbs,
  Conv2D: convolution("Conv2DBackpropInput", "Conv2DBackpropFilter"),
  Conv3D: convolution("Conv3DBackpropInputV2", "Conv3DBackpropFilterV2"),
  Cumsum: (dy, _, { axis, exclusive, reverse }) => ({
    x: () => tf.cumsum(dy, axis as number, Boolean(exclusive), !reverse),
  }),
  FloorDiv: floorDiv,
  GatherV2: gather,
  Maximum: broadcast(
    (dy, a, b) => when(tf.greaterEqual(a, b), dy),
    (dy, a, b) => when(tf.less(a, b), dy),
  ),
  Minimum: broadcast(
    (dy, a, b) => when(tf.lessEqual(a, b), dy),
    (dy, a, b) => when(tf.greater(a, b), dy),
  ),
  Prod: prod,
  RealDiv: broadcast(
    (dy, _, b) => tf.div(dy, b),
    (dy, a, b) => tf.mul(dy, tf.neg(tf.div(tf.div(a, b), b))),
  ),
  Relu6: (dy, [x]) => ({ x: () => when(tf.logicalAnd(tf.greater(x as Tensor, 0), tf.less(x as Tensor, 6)), dy) }),
  Select: (dy, [condition]) => ({
    condition: () => tf.zeros((condition as Tensor).shape),
    t: () => when(condition as Tensor, dy),
    e: () => when(tf.logicalNot(condition as Tensor), dy),
  }),
  SplitV: (dy, _, { axis }) => ({ x: () => tf.concat(listOf(dy), axis as number) }),
  SquaredDifference: broadcast(
    (dy, a, b) => tf.mul(dy, tf.mul(2, tf.sub(a, b))),
    (dy, a, b) => tf.mul(dy, tf.mul(2, tf.sub(b, a))),
  ),
  Tile: tile,
  Unpack: (dy, _, { axis }) => ({ value: () => tf.stack(listOf(dy), axis as number) }),
  UnsortedSegmentSum: unsortedSegmentSum,
};

/** Gradients of which tfjs-core's suite asserts another value: ours where `register({ tensorflowGradients: true })` asks. */
const contested: Readonly<Record<string, Gradient>> = {
  DepthwiseConv2dNative: convolution("DepthwiseConv2dNativeBackpropInput", "DepthwiseConv2dNativeBackpropFilter"),
  Max: extreme("reductionIndices"),
  Min: extreme("axis"),
  MirrorPad: mirrorPad,
  // TensorFlow's slope at 0 is that of the right side.
  Selu: (dy, [x]) => ({
    x: () => {
      const left = tf.mul(SELU_SCALEALPHA, tf.exp(tf.minimum(x as Tensor, 0)));
      return tf.mul(dy, tf.where(tf.less(x as Tensor, 0), left, tf.fill((x as Tensor).shape, SELU_SCALE)));
    },
  }),
};

/** Gradients that tfjs-core lacks, and what is kept of their inputs. */
const added: Readonly<Record<string, readonly [gradient: Gradient, saved: "all" | readonly string[]]>> = {
  Cumprod: [cumprod, ["x"]],
  DepthToSpace: [depthToSpace, []],
  Diag: [diag, ["x"]],
  Einsum: [einsum, "all"],
  GatherNd: [
    (dy, saved) => {
      const [params, indices] = saved as [Tensor, Tensor];
      return {
        params: () => tf.scatterND(indices, dy, params.shape as never),
        indices: () => tf.zeros(indices.shape),
      };
    },
    ["params", "indices"],
  ],
  ScatterNd: [
    (dy, saved) => {
      const indices = saved[0] as Tensor;
      return { updates: () => tf.gatherND(dy, indices), indices: () => tf.zeros(indices.shape) };
    },
    ["indices"],
  ],
  StridedSlice: [stridedSlice, ["x"]],
  TensorScatterUpdate: [
    (dy, saved) => {
      const [indices, updates] = saved as [Tensor, Tensor];
      return {
        tensor: () => tf.tensorScatterUpdate(dy, indices, tf.zerosLike(updates)),
        indices: () => tf.zeros(indices.shape),
        updates: () => tf.gatherND(dy, indices),
      };
    },
    ["indices", "updates"],
  ],
};

/** Names of the kernels whose gradients are ours: with tfjs-core's own, with one that its suite asserts, and without. */
export const gradientNames: Readonly<Record<"corrected" | "contested" | "added", readonly string[]>> = {
  corrected: Object.keys(corrected),
  contested: Object.keys(contested),
  added: Object.keys(added),
};

const replaced: Readonly<Record<string, Gradient>> = { ...corrected, ...contested };

/** The kernels that {@link ensureGradient} has a gradient for. */
export const hasGradient = (kernelName: string): boolean => kernelName in replaced || kernelName in added;

const installed = new WeakSet<tf.GradConfig>();

/** tfjs's gradient, and ours before it where our backend is. */
function replacement(kernelName: string, official: tf.GradConfig): tf.GradConfig {
  const ours = replaced[kernelName] as Gradient;
  const isContested = kernelName in contested;
  const gradFunc: tf.GradFunc = (dy, saved, attrs) => {
    const backend = tf.backend();
    const isOurs = backend instanceof FaninBackend && (!isContested || backend.tensorflowGradients);
    return (isOurs ? ours(dy as Tensor, saved, attrs) : undefined) ?? official.gradFunc(dy, saved, attrs);
  };
  // tfjs's gradient of a cast looks at nothing; ours needs the dtype.
  return { ...official, gradFunc, ...(kernelName === "Cast" && { inputsToSave: ["x"] }) };
}

/**
 * Makes the gradient of `kernelName` ours where the backend is; other backends keep tfjs's. Returns what is registered now.
 *
 * Each forward kernel asks for it: tfjs-layers, which registers tfjs's own, may be loaded after the backend.
 */
export function ensureGradient(kernelName: string): tf.GradConfig | undefined {
  const present = tf.getGradient(kernelName) as tf.GradConfig | undefined;
  if (present && installed.has(present)) return present;
  const own = added[kernelName];
  let config: tf.GradConfig;
  if (own) {
    if (present) return present;
    const [gradient, saved] = own;
    const keeps = saved === "all" ? { saveAllInputs: true } : { inputsToSave: [...saved] };
    config = { kernelName, ...keeps, gradFunc: gradient as tf.GradFunc };
  } else {
    // Where tfjs's gradients are not loaded no model trains, and the error is tfjs's.
    if (!present) return undefined;
    config = replacement(kernelName, present);
  }
  installed.add(config);
  tf.registerGradient(config);
  return config;
}
