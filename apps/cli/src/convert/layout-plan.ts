// Which tensors change between Keras's and PyTorch's layout, and how: decided by rank and name, and said of each.
// Source: Keras 3.16 layers' build(); torch.nn modules' weight shapes, PyTorch 2.13.

import { formatShape, type Shape, sizeOf } from "@fanin/core";
import { type Layout, lastPart } from "@fanin/lab";

/** What happens to a tensor: its axes in three groups of sizes [a, b, c] become (c, b, a), and that is `shape`; or nothing. */
export interface TensorPlan {
  readonly shape: Shape;
  /** Absent where the values stay as they are. */
  readonly groups?: readonly [number, number, number];
  /** What was done, or why nothing was. */
  readonly said: string;
}

const embedding = /embed|(^|[./_])(wte|wpe|lut)([./_]|$)/i;
const attention = /(^|[./])(query|key|value|attention_output)[./]|attention.*kernel|in_proj_weight/i;
const einsum = /einsum/i;
const keepsGates = "; the order of gates is LSTM's and RNN's in both";

/** Why a tensor of this name is left as it is whatever its rank; undefined where it is not. */
function reasonByName(name: string, rank: number): string | undefined {
  if (embedding.test(name) && rank === 2) return "an embedding, the same in both layouts";
  if (attention.test(name)) return "attention, which the two split into other tensors";
  if (einsum.test(name)) return "EinsumDense, which PyTorch has no layer for";
  if (/(^|[./_])gru([./_]|$)/i.test(name)) return "GRU, whose gates are in another order";
  return undefined;
}

/** (..., in, out) to (out, in, ...), with the spatial axes in their order. */
function toTorch(name: string, shape: Shape): TensorPlan {
  const [outputs = 1, inputs = 1] = [shape.at(-1), shape.at(-2)];
  const kernel = shape.slice(0, -2);
  if (/depthwise_kernel$/.test(lastPart(name))) {
    // (..., in, multiplier) is one filter for each of in * multiplier outputs.
    const target = [inputs * outputs, 1, ...kernel];
    const groups = [sizeOf(kernel), 1, inputs * outputs] as const;
    return { shape: target, groups, said: `depthwise ${formatShape(shape)} -> ${formatShape(target)}` };
  }
  const target = [outputs, inputs, ...kernel];
  return { shape: target, groups: [sizeOf(kernel), inputs, outputs], said: change(name, shape, target) };
}

/** (out, in, ...) to (..., in, out). */
function toKeras(name: string, shape: Shape): TensorPlan {
  const [outputs = 1, inputs = 1, ...kernel] = shape;
  const target = [...kernel, inputs, outputs];
  return { shape: target, groups: [outputs, inputs, sizeOf(kernel)], said: change(name, shape, target) };
}

function change(name: string, from: Shape, to: Shape): string {
  const last = lastPart(name);
  const isRecurrent = last === "recurrent_kernel" || /lstm|rnn/i.test(name) || /^weight_(ih|hh)_l\d/.test(last);
  const kind = from.length === 2 ? "transposed" : `${axesOf(from.length)} permuted`;
  return `${kind} ${formatShape(from)} -> ${formatShape(to)}${isRecurrent && from.length === 2 ? keepsGates : ""}`;
}

const axesOf = (rank: number): string => `${rank - 2}-d convolution`;

/** What happens to the tensor on its way from one layout to the other. */
export function planTensor(name: string, shape: Shape, from: Layout, to: Layout): TensorPlan {
  const left = (said: string): TensorPlan => ({ shape, said: `left: ${said}` });
  if (from === to) return left(`the file is in ${to} layout already`);
  const rank = shape.length;
  if (rank < 2) return left("the same in both layouts");
  if (rank > 5) return left(`no layer has a kernel of rank ${rank}`);
  const reason = reasonByName(name, rank);
  if (reason !== undefined) return left(reason);
  return to === "torch" ? toTorch(name, shape) : toKeras(name, shape);
}
