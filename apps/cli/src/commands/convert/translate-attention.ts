// Translates multi-head attention between Keras and PyTorch as a whole with its names.

import {
  type AttentionSizes,
  attentionToKeras,
  attentionToTorch,
  type KerasAttention,
  type Projection,
} from "./layer-parts.ts";
import { nameIn, pathOf } from "./tensor-name.ts";
import {
  isSame,
  ofOneDtype,
  present,
  type SourceTensor,
  stay,
  type Translation,
  type TranslationContext,
} from "./translation.ts";

/** Translates multi-head attention of Keras, or of flax. */
export function translateKerasAttention({ tensors }: TranslationContext, query: SourceTensor): Translation | undefined {
  const { owner } = pathOf(query.name);
  const parent = owner.slice(0, -1);
  const at = (...path: string[]): SourceTensor | undefined => tensors.get(nameIn("keras", [...parent, ...path]));
  const [key, value] = [at("key", "kernel"), at("value", "kernel")];
  const outputName = at("attention_output", "kernel") ? "attention_output" : "out";
  const output = at(outputName, "kernel");
  if (key === undefined || value === undefined || output === undefined || query.shape.length !== 3) return undefined;
  const kernels = [query, key, value];
  const biases = ["query", "key", "value"].map((name) => at(name, "bias"));
  const gate = [at("gate", "kernel"), at("gate", "bias")];
  const all = present([...kernels, output, ...biases, at(outputName, "bias"), ...gate]);
  if (gate[0]) return stay(all, "attention with a gate, which PyTorch lacks");
  const [size = 0, heads = 0, dim = 0] = query.shape;
  const outputs = output.shape[2] ?? 0;
  const isEven =
    kernels.every(({ shape }) => isSame(shape, shape[0] as number, heads, dim)) &&
    isSame(output.shape, heads, dim, outputs) &&
    present(biases).every(({ shape }) => isSame(shape, heads, dim));
  if (!isEven) return stay(all, "attention whose queries, keys and values have different heads, which PyTorch lacks");
  if (size !== heads * dim || outputs !== size) {
    const expected = `heads * dim = ${heads * dim} features in and out, as PyTorch has`;
    return stay(all, `attention of ${size} features: expected ${expected}`);
  }
  const hasAll =
    [0, 3].includes(present(biases).length) &&
    (present(biases).length === 3) === (at(outputName, "bias") !== undefined);
  if (!hasAll) return stay(all, "attention with some of its biases");
  if (!ofOneDtype(all)) return stay(all, "a layer of several dtypes");
  const inputs = kernels.map(({ shape }) => shape[0] as number) as [number, number, number];
  const named = (own: string): string => nameIn("torch", [...parent, own]);
  const isJoined = inputs.every((each) => each === size);
  const projection = (kernel: SourceTensor, bias: SourceTensor | undefined): Projection => ({
    ...{ kernel: kernel.name, bias: bias?.name },
  });
  const made = attentionToTorch(
    { heads, dim, inputs, outputs },
    {
      projections: kernels.map((kernel, i) =>
        projection(kernel, biases[i]),
      ) as unknown as KerasAttention["projections"],
      output: projection(output, at(outputName, "bias")),
    },
    {
      weights: isJoined
        ? [named("in_proj_weight")]
        : [named("q_proj_weight"), named("k_proj_weight"), named("v_proj_weight")],
      bias: named("in_proj_bias"),
      output: { kernel: named("out_proj.weight"), bias: named("out_proj.bias") },
    },
  );
  const said = `attention of ${heads} heads, queries, keys and values ${isJoined ? "joined" : "flattened"}`;
  return { sources: all.map(({ name }) => name), made, said };
}

/** Translates torch.nn.MultiheadAttention; `first` is its weight for all projections, or for queries. */
export function translateTorchAttention(context: TranslationContext, first: SourceTensor): Translation | undefined {
  const { tensors, architecture } = context;
  const { owner, last } = pathOf(first.name);
  const at = (own: string): SourceTensor | undefined => tensors.get([...owner, own].join("."));
  const weights =
    last === "in_proj_weight" ? [first] : present(["q", "k", "v"].map((each) => at(`${each}_proj_weight`)));
  const output = at("out_proj.weight");
  if (output === undefined || (weights.length !== 1 && weights.length !== 3)) return undefined;
  const [bias, outputBias] = [at("in_proj_bias"), at("out_proj.bias")];
  const all = present([...weights, bias, output, outputBias]);
  if (at("bias_k") || at("bias_v")) return stay(all, "attention with bias_k and bias_v, which Keras lacks");
  const size = output.shape[0] ?? 0;
  const isJoined = weights.length === 1;
  const inputs = weights.map(({ shape }) => shape[1] ?? 0);
  const sizes = (isJoined ? [size, size, size] : inputs) as [number, number, number];
  const fits =
    isSame(output.shape, size, size) &&
    weights.every(({ shape }, i) => isSame(shape, isJoined ? 3 * size : size, sizes[i] as number)) &&
    (bias === undefined || isSame(bias.shape, 3 * size)) &&
    (bias === undefined) === (outputBias === undefined);
  if (!fits) return stay(all, "attention of other sizes");
  const known = architecture?.layerAt(owner);
  const heads = known?.className === "MultiHeadAttention" ? known.config["num_heads"] : architecture?.heads;
  if (typeof heads !== "number" || !Number.isSafeInteger(heads) || heads < 1 || size % heads !== 0) {
    return stay(all, "attention of an unknown number of heads; pass --architecture or --map");
  }
  if (!ofOneDtype(all)) return stay(all, "a layer of several dtypes");
  const named = (...path: string[]): string => nameIn("keras", [...owner, ...path]);
  const projection = (name: string, own: SourceTensor | undefined): Projection => ({
    ...{ kernel: named(name, "kernel"), bias: own ? named(name, "bias") : undefined },
  });
  const attention: AttentionSizes = { heads, dim: size / heads, inputs: sizes, outputs: size };
  const made = attentionToKeras(
    attention,
    {
      weights: weights.map(({ name }) => name) as unknown as [string],
      bias: bias?.name,
      output: { kernel: output.name, bias: outputBias?.name },
    },
    {
      projections: [projection("query", bias), projection("key", bias), projection("value", bias)],
      output: projection("attention_output", outputBias),
    },
  );
  return {
    sources: all.map(({ name }) => name),
    made,
    said: `attention of ${heads} heads, split into queries, keys and values`,
  };
}
