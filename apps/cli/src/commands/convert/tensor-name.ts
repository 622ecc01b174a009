// Names of tensors in the other framework: `block/dense/kernel` of Keras is `block.dense.weight` in PyTorch.
// Source: the weights' paths of Keras 3.15.1; the names of state_dict() of PyTorch 2.13.

import type { Layout, TensorPart } from "@fanin/lab/weights";

/** A path of names and the last one. */
export interface TensorPath {
  readonly owner: readonly string[];
  readonly last: string;
}

/** Splits a name at slashes, or at dots if it has none; TensorFlow's `:0` is dropped. */
export function pathOf(name: string): TensorPath {
  const parts = name.replace(/:0$/, "").split(name.includes("/") ? "/" : ".");
  return { owner: parts.slice(0, -1), last: parts.at(-1) as string };
}

/** Joins a path in a framework's way. */
export const nameIn = (layout: Layout, path: readonly string[]): string => path.join(layout === "torch" ? "." : "/");

const torchNames: Readonly<Record<string, readonly string[]>> = {
  kernel: ["weight"],
  embeddings: ["weight"],
  gamma: ["weight"],
  beta: ["bias"],
  moving_mean: ["running_mean"],
  moving_variance: ["running_var"],
  depthwise_kernel: ["depthwise", "weight"],
  pointwise_kernel: ["pointwise", "weight"],
};

/** Returns PyTorch's name of a tensor of Keras. */
export function torchName(name: string, has: (name: string) => boolean): string {
  const { owner, last } = pathOf(name);
  const beside = (other: string): boolean => has([...owner, other].join("/"));
  if (last === "bias" && beside("pointwise_kernel")) return nameIn("torch", [...owner, "pointwise", "bias"]);
  if (last === "scale" && !beside("kernel")) return nameIn("torch", [...owner, "weight"]);
  return nameIn("torch", [...owner, ...((Object.hasOwn(torchNames, last) && torchNames[last]) || [last])]);
}

/** Layers of Keras that are two of PyTorch: `depthwise` and `pointwise`. */
export const SEPARABLE: RegExp = /^SeparableConv[12]D$/;

const statistics: Readonly<Record<string, string>> = { running_mean: "moving_mean", running_var: "moving_variance" };

/** What a name of Keras depends on besides PyTorch's. */
export interface KerasNaming {
  readonly part: TensorPart;
  readonly rank: number;
  readonly has: (name: string) => boolean;
  /** The rank of the tensor of this name. */
  readonly rankOf: (name: string) => number | undefined;
  /** The class of the layer, if an architecture gives it. */
  readonly className: string | undefined;
}

/** Returns Keras's name of a tensor of PyTorch; undefined if Keras has no such tensor, or none that is certain. */
export function kerasName(name: string, { part, rank, has, rankOf, className }: KerasNaming): string | undefined {
  const { owner, last } = pathOf(name);
  const named = (own: string): string => nameIn("keras", [...owner, own]);
  const beside = (other: string): string => [...owner, other].join(".");
  const module = owner.at(-1);
  if (className !== undefined && SEPARABLE.test(className) && /^(depthwise|pointwise)$/.test(module ?? "")) {
    return nameIn("keras", [...owner.slice(0, -1), last === "bias" ? "bias" : `${module}_kernel`]);
  }
  if (Object.hasOwn(statistics, last)) return named(statistics[last] as string);
  if (last === "bias") return named(rankOf(beside("weight")) === 1 ? "beta" : "bias");
  if (last !== "weight") return last === "num_batches_tracked" ? undefined : named(last);
  if (part.role === "embedding") return named("embeddings");
  if (rank > 1) return named("kernel");
  if (className === "RMSNormalization") return named("scale");
  if (className === "PReLU") return named("alpha");
  // The weight of a normalization; without a bias it may be the slopes of a PReLU.
  return className !== undefined || has(beside("bias")) || has(beside("running_mean")) ? named("gamma") : undefined;
}
