// Parses the name of a tensor: its part in a layer, its layer, and the bias beside it.
// Source: the names of keras.Model.weights, of torch's state_dict(), of flax's parameters and of transformers' models.

import type { TensorName } from "./weight-tensor.ts";

/** The role of a tensor. */
export type Role = "kernel" | "recurrent" | "depthwise" | "embedding" | "bias" | "scale" | "statistic" | "other";

/** The naming convention of a kernel; `plain` for a name that every framework uses. */
export type NameStyle = "keras" | "torch" | "plain";

/** A parsed name. */
export interface NameParts {
  /** The layer: all but the last part, such as `dense_1` of `dense_1/kernel`. */
  readonly owner: string;
  /** The last part, without the suffix of a parametrization or of TensorFlow. */
  readonly last: string;
  /** The last part of the layer's own name, such as `query` of `attention.self.query.weight`. */
  readonly module: string;
}

const TORCH_KERNEL =
  /^(weight|weight_orig|weight_v|weight_(ih|hh|hr)(_l\d+(_reverse)?)?|in_proj_weight|[qkv]_proj_weight)$/;
const KERAS_KERNEL = /^(\w+_)?kernel$/;
const PLAIN_KERNEL = /^(w|weights?)(_?\d+)?$/i;
/** Modules whose `weight` is a table of vectors. Whole names: `token_mixing` and `patch_embeddings.projection` are not tables. */
const TABLE_MODULE =
  /(^|_)(emb|embs|embed|embeds|embedding|embeddings|lookup)(_\d+)?$|^(wte|wpe|lut|shared|embed_(in|tokens|positions)|(tokens?|positions?)_embed|relative_attention_bias)$|^(token|tok|word|char|pos|position|segment|type)_?emb(ed|edding)?s?$/i;
/** Names of plain parameters that are tables of positions. */
const TABLE = /pos(ition(al)?)?_?(emb|encod|table)|(^|_)embed(ding)?s?(_table)?$/i;
const STATISTIC = /^(moving|running)_(mean|var|variance)$|^num_batches_tracked$|^seed|iterations?$/;

/** Parses a name. */
export function nameParts(name: string): NameParts {
  // torch.nn.utils.parametrizations stores a weight as original0 (magnitude) and original1 (direction), or as one original.
  const plain = name
    .replace(/:0$/, "")
    .replace(/(^|\.)parametrizations\.(\w+)\.original0$/, "$1$2_g")
    .replace(/(^|\.)parametrizations\.(\w+)\.original1?$/, "$1$2")
    .replace(/(^|\.)parametrizations\.(\w+)\.\d+\.(\w+)$/, "$1$2$3");
  const [, owner = "", last = plain] = /^(.*)[/.]([^/.]*)$/.exec(plain) ?? [];
  return { owner, last, module: owner.replace(/^.*[/.]/, "") };
}

/** The naming convention of a kernel; undefined if no convention uses the name for a kernel. */
export function kernelStyle({ last }: NameParts): NameStyle | undefined {
  if (TORCH_KERNEL.test(last)) return "torch";
  if (KERAS_KERNEL.test(last)) return "keras";
  return PLAIN_KERNEL.test(last) ? "plain" : undefined;
}

/** Possible names of a kernel's bias, the likeliest first. */
export function biasNames({ owner, last }: NameParts, separator: string): string[] {
  const prefix = owner === "" ? "" : owner + separator;
  const names = new Set<string>();
  if (/weight/.test(last)) names.add(last.replace(/weight(_orig|_v)?/, "bias"));
  if (/^weight_(orig|v)$/.test(last)) names.add("bias");
  if (KERAS_KERNEL.test(last) && !/recurrent|depthwise/.test(last)) names.add("bias");
  if (last === "depthwise_kernel") names.add("bias");
  if (PLAIN_KERNEL.test(last)) {
    names.add(last.replace(/^w(eights?)?/, "b").replace(/^W(eights?)?/, "B"));
    names.add(last.replace(/^w(eights?)?/i, "b"));
    names.add(last.replace(/^w(eights?)?/i, "bias"));
  }
  return [...names].map((each) => prefix + each);
}

/** The role by name and rank. `hasKernels`: whether the file has kernels that follow a framework's convention. */
export function roleOfName(
  { shape }: TensorName,
  parts: NameParts,
  { hasKernels, hasBias }: { readonly hasKernels: boolean; readonly hasBias: boolean },
): Role {
  const { last, module } = parts;
  const rank = shape.length;
  // A path of a `.weights.h5` file whose class is not known.
  if (module === "vars" && /^\d+$/.test(last)) return "other";
  // Spectral normalization stores singular vectors as weight_u and weight_v; weight normalization uses weight_v for a kernel.
  if (STATISTIC.test(last) || (rank === 1 && /^weight_[uv]$/.test(last))) return "statistic";
  if (rank === 0) return "other";
  const style = kernelStyle(parts);
  if (rank === 1) {
    if (/bias|beta|^b\d*$/i.test(last)) return "bias";
    if (/gamma|scale|^weight$/.test(last)) return "scale";
    return last === "kernel" ? "kernel" : "other";
  }
  // Weight normalization has one length per unit.
  if (/_g$/.test(last)) return "other";
  if (/bias/.test(last)) return "bias";
  if (/recurrent|^weight_(ih|hh|hr)(_l\d|$)/.test(last)) return "recurrent";
  if (/depthwise/.test(last)) return "depthwise";
  // A table has no bias, and only its module's name identifies it: the rest of the path is its place.
  const isTable = rank === 2 && !hasBias;
  if (style === "torch" && isTable && TABLE_MODULE.test(module)) return "embedding";
  if (/^embeddings?$/.test(last) && rank === 2) return "embedding";
  if (style !== undefined) return "kernel";
  if (TABLE.test(last)) return "embedding";
  return hasKernels ? "other" : "kernel";
}
