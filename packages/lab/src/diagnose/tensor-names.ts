// What the name of a tensor says of it: its part in a layer, the layer that it belongs to, the bias beside it.
// Source: the names of keras.Model.weights, of torch's state_dict(), of flax's parameters and of transformers' models.

import type { TensorName } from "./weight-tensor.ts";

/** What part a tensor plays. */
export type Role = "kernel" | "recurrent" | "depthwise" | "embedding" | "bias" | "scale" | "statistic" | "other";

/** Whose convention a kernel's name follows; `plain` where the name is one that anybody gives. */
export type NameStyle = "keras" | "torch" | "plain";

/** A name taken apart. */
export interface NameParts {
  /** The layer: all but the last part, such as `dense_1` of `dense_1/kernel`. */
  readonly owner: string;
  /** The last part, without what a parametrization or TensorFlow adds to it. */
  readonly last: string;
  /** The last part of the layer's own name, such as `query` of `attention.self.query.weight`. */
  readonly module: string;
}

const TORCH_KERNEL =
  /^(weight|weight_orig|weight_v|weight_(ih|hh|hr)(_l\d+(_reverse)?)?|in_proj_weight|[qkv]_proj_weight)$/;
const KERAS_KERNEL = /^(\w+_)?kernel$/;
const PLAIN_KERNEL = /^(w|weights?)(_?\d+)?$/i;
/** Modules whose `weight` is a table of vectors: whole names, because `token_mixing` and `patch_embeddings.projection` are none. */
const TABLE_MODULE =
  /(^|_)(emb|embs|embed|embeds|embedding|embeddings|lookup)(_\d+)?$|^(wte|wpe|lut|shared|embed_(in|tokens|positions)|(tokens?|positions?)_embed|relative_attention_bias)$|^(token|tok|word|char|pos|position|segment|type)_?emb(ed|edding)?s?$/i;
/** Plain parameters that are tables of positions. */
const TABLE = /pos(ition(al)?)?_?(emb|encod|table)|(^|_)embed(ding)?s?(_table)?$/i;
const STATISTIC = /^(moving|running)_(mean|var|variance)$|^num_batches_tracked$|^seed|iterations?$/;

/** Takes a name apart. */
export function nameParts(name: string): NameParts {
  // torch.nn.utils.parametrizations keeps a weight's magnitude as original0 and its direction as original1, or one original.
  const plain = name
    .replace(/:0$/, "")
    .replace(/(^|\.)parametrizations\.(\w+)\.original0$/, "$1$2_g")
    .replace(/(^|\.)parametrizations\.(\w+)\.original1?$/, "$1$2")
    .replace(/(^|\.)parametrizations\.(\w+)\.\d+\.(\w+)$/, "$1$2$3");
  const [, owner = "", last = plain] = /^(.*)[/.]([^/.]*)$/.exec(plain) ?? [];
  return { owner, last, module: owner.replace(/^.*[/.]/, "") };
}

/** Whose convention the name of a kernel follows; undefined where no convention calls a kernel so. */
export function kernelStyle({ last }: NameParts): NameStyle | undefined {
  if (TORCH_KERNEL.test(last)) return "torch";
  if (KERAS_KERNEL.test(last)) return "keras";
  return PLAIN_KERNEL.test(last) ? "plain" : undefined;
}

/** The names that the bias of a kernel may have, the likeliest first. */
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

/** What the name and the rank say; `hasKernels` where the file has kernels that follow a framework's convention. */
export function roleOfName(
  { shape }: TensorName,
  parts: NameParts,
  { hasKernels, hasBias }: { readonly hasKernels: boolean; readonly hasBias: boolean },
): Role {
  const { last, module } = parts;
  const rank = shape.length;
  // Spectral normalization keeps its singular vectors as weight_u and weight_v, which weight normalization calls a kernel.
  if (STATISTIC.test(last) || (rank === 1 && /^weight_[uv]$/.test(last))) return "statistic";
  if (rank === 0) return "other";
  const style = kernelStyle(parts);
  if (rank === 1) {
    if (/bias|beta|^b\d*$/i.test(last)) return "bias";
    if (/gamma|scale|^weight$/.test(last)) return "scale";
    return last === "kernel" ? "kernel" : "other";
  }
  // Of weight normalization: one length for each unit.
  if (/_g$/.test(last)) return "other";
  if (/bias/.test(last)) return "bias";
  if (/recurrent|^weight_(ih|hh|hr)(_l\d|$)/.test(last)) return "recurrent";
  if (/depthwise/.test(last)) return "depthwise";
  // A table has no bias, and only its own module's name tells: the rest of the path says where it stands.
  const isTable = rank === 2 && !hasBias;
  if (style === "torch" && isTable && TABLE_MODULE.test(module)) return "embedding";
  if (/^embeddings?$/.test(last) && rank === 2) return "embedding";
  if (style !== undefined) return "kernel";
  if (TABLE.test(last)) return "embedding";
  return hasKernels ? "other" : "kernel";
}
