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

/** Returns PyTorch's name of a tensor of Keras; `className` is that of its layer, if an architecture gives it. */
export function torchName(name: string, has: (name: string) => boolean, className: string | undefined): string {
  const { owner, last } = pathOf(name);
  const named = (...own: readonly string[]): string => nameIn("torch", [...owner, ...own]);
  if (last === "bias" && has([...owner, "pointwise_kernel"].join("/"))) return named("pointwise", "bias");
  // Attention has scales, too, which are no weights of a normalization.
  if (last === "scale") return named(/norm/i.test(className ?? owner.at(-1) ?? "") ? "weight" : "scale");
  return named(...((Object.hasOwn(torchNames, last) && torchNames[last]) || [last]));
}

const statistics: Readonly<Record<string, string>> = { running_mean: "moving_mean", running_var: "moving_variance" };

/** What a name of Keras depends on besides PyTorch's, where no architecture gives it. */
export interface KerasNaming {
  readonly part: TensorPart;
  readonly rank: number;
  readonly has: (name: string) => boolean;
  /** The rank of the tensor of this name. */
  readonly rankOf: (name: string) => number | undefined;
}

/** Returns Keras's name of a tensor of PyTorch; undefined if Keras has no such tensor, or none that is certain. */
export function kerasName(name: string, { part, rank, has, rankOf }: KerasNaming): string | undefined {
  const { owner, last } = pathOf(name);
  const named = (own: string): string => nameIn("keras", [...owner, own]);
  const beside = (other: string): string => [...owner, other].join(".");
  if (Object.hasOwn(statistics, last)) return named(statistics[last] as string);
  if (last === "bias") return named(rankOf(beside("weight")) === 1 ? "beta" : "bias");
  if (last !== "weight") return last === "num_batches_tracked" ? undefined : named(last);
  if (part.role === "embedding") return named("embeddings");
  if (rank > 1) return named("kernel");
  // The weight of a normalization; without a bias it may be the slopes of a PReLU.
  return has(beside("bias")) || has(beside("running_mean")) ? named("gamma") : undefined;
}

/** The framework whose names a tensor has; undefined for a name that shows none. */
export function styleOfName(name: string): Layout | undefined {
  if (name.includes("/")) return "keras";
  if (name.includes(".")) return "torch";
  if (/^(weight|running_(mean|var)|in_proj_)/.test(name)) return "torch";
  return /^(.*kernel|gamma|beta|embeddings|moving_(mean|variance))$/.test(name) ? "keras" : undefined;
}
