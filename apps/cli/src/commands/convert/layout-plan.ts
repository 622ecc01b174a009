// Plans the conversion of tensors between Keras's and PyTorch's layout. Only tensors of known role and input axis change; for
// every other one, the plan gives the reason why it stays.
// Source: Keras 3.15.1 layers' build(); torch.nn modules' weight shapes, PyTorch 2.13.

import type { Layout, TensorPart } from "@fanin/lab/weights";
import { formatShape, type Shape, sizeOf } from "@fanin/tensor";
import type { MadeTensor } from "./gathered-values.ts";

/** The plan of a tensor: its axes in three groups of sizes [a, b, c] become (c, b, a) with `shape`, or it stays. */
export interface TensorPlan {
  readonly shape: Shape;
  /** Absent if the values stay unchanged. */
  readonly groups?: readonly [number, number, number];
  /** The tensors of OUT that have its values, where they are not this tensor alone with its axes in another order. */
  readonly made?: readonly MadeTensor[];
  /** What was done, or why the tensor stays. */
  readonly said: string;
  /** Whether a tensor stays although its layout differs, or may differ, between Keras and PyTorch. */
  readonly isLeft: boolean;
}

const keepsGates = "; LSTM and RNN have the same order of gates in both";

/** Returns the reason why a tensor other than a kernel stays. */
function reasonByRole({ role }: TensorPart, rank: number): string {
  if (rank < 2 || role === "bias" || role === "scale" || role === "statistic") return "the same in both layouts";
  return role === "embedding" ? "an embedding, the same in both layouts" : "not a kernel";
}

/** Returns the reason why a kernel stays for any layout; undefined if it does not. */
function reasonByKind(part: TensorPart, name: string, rank: number): string | undefined {
  const { kind, isKindKnown, layout, evidence, beside } = part;
  const isUnclear =
    kind === "convolution" && layout === "torch" && rank === 3 && beside === null && !/conv/i.test(name);
  if (isUnclear && evidence !== "given" && evidence !== "architecture") {
    return "a 1-d convolution or a stack of matrices: neither name nor bias shows which";
  }
  if (kind === "attention") return "attention, which the frameworks split into different tensors";
  if (kind === "einsum") return "EinsumDense, which PyTorch lacks";
  if (/bilinear/i.test(name) && rank === 3) return "a bilinear layer, which Keras lacks";
  if (kind === "gated recurrent unit")
    return "GRU, whose gates have another order: z, r, h in Keras and r, z, n in PyTorch";
  return isKindKnown ? undefined : "an ordinary or a depthwise kernel: neither name nor bias shows which";
}

/** Plans (..., in, out) to (out, in, ...), keeping the order of the spatial axes. */
function toTorch(shape: Shape, { kind, role }: TensorPart): TensorPlan {
  const [outputs = 1, inputs = 1] = [shape.at(-1), shape.at(-2)];
  const kernel = shape.slice(0, -2);
  if (kind === "depthwise convolution") {
    // (..., in, multiplier) has one filter for each of in * multiplier outputs.
    const target = [inputs * outputs, 1, ...kernel];
    const groups = [sizeOf(kernel), 1, inputs * outputs] as const;
    return { shape: target, groups, said: `depthwise ${formatShape(shape)} -> ${formatShape(target)}`, isLeft: false };
  }
  const target = [outputs, inputs, ...kernel];
  return {
    shape: target,
    groups: [sizeOf(kernel), inputs, outputs],
    said: change(shape, target, role === "recurrent"),
    isLeft: false,
  };
}

/** Plans (out, in, ...) to (..., in, out). */
function toKeras(name: string, shape: Shape, { kind, role, multiplier, ...part }: TensorPart): TensorPlan {
  const [outputs = 1, inputs = 1, ...kernel] = shape;
  if (kind === "transposed convolution" && part.outputs !== inputs) {
    return left(shape, "a grouped transposed convolution, which Keras lacks", true);
  }
  const groups = [outputs, inputs, sizeOf(kernel)] as const;
  // The multiplier of PyTorch's kernel is known for those that were depthwise kernels of Keras.
  const isOfKeras = /kernel(:0)?$/.test(name) || multiplier !== null;
  if (kind === "depthwise convolution" && isOfKeras) {
    // DepthwiseConv2D has (..., in, multiplier); its values equal those of a grouped convolution, in the same order.
    if (multiplier === null || outputs % multiplier !== 0) {
      return left(shape, "a depthwise kernel with an unknown number of filters per input", true);
    }
    const target = [...kernel, outputs / multiplier, multiplier];
    return { shape: target, groups, said: `depthwise ${formatShape(shape)} -> ${formatShape(target)}`, isLeft: false };
  }
  const target = [...kernel, inputs, outputs];
  const note = kind === "depthwise convolution" ? `; for Conv${kernel.length}D(groups=...)` : "";
  return { shape: target, groups, said: change(shape, target, role === "recurrent") + note, isLeft: false };
}

function change(from: Shape, to: Shape, isRecurrent: boolean): string {
  const kind = from.length === 2 ? "transposed" : `${axesOf(from.length)} permuted`;
  return `${kind} ${formatShape(from)} -> ${formatShape(to)}${isRecurrent && from.length === 2 ? keepsGates : ""}`;
}

const axesOf = (rank: number): string => `${rank - 2}-d convolution`;

const left = (shape: Shape, said: string, isLeft: boolean): TensorPlan => ({
  shape,
  said: `unchanged: ${said}`,
  isLeft,
});

/** Plans the conversion of a tensor to another layout; `file` is the layout of all kernels of the file. */
export function planTensor(name: string, shape: Shape, part: TensorPart, to: Layout, file?: Layout): TensorPlan {
  const rank = shape.length;
  if (part.layout === null || rank < 2) return left(shape, reasonByRole(part, rank), part.role === "other" && rank > 1);
  if (rank > 5) return left(shape, `no layer has a kernel of rank ${rank}`, true);
  if (part.evidence === "assumed") return left(shape, "unknown input axis; pass --from", true);
  if (part.evidence === "family" && to === "torch") {
    return left(shape, "Conv1D, which stores (in, out) in PyTorch, too", false);
  }
  const reason = reasonByKind(part, name, rank);
  if (reason !== undefined) return left(shape, reason, true);
  if (part.layout === to) {
    return left(shape, `${file === to ? "the file is " : ""}in ${to} layout already`, false);
  }
  return to === "torch" ? toTorch(shape, part) : toKeras(name, shape, part);
}
