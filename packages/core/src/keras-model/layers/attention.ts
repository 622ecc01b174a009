// Attention: MultiHeadAttention and GroupedQueryAttention, which draw a seed per projection when they are built, and
// Attention and AdditiveAttention. Source: keras/src/layers/attention/*.py 3.15.1.

import { KerasModelError } from "../keras-model-error.ts";
import { type Construction, type Inputs, inputOf, type LayerDefinition, prefixed, type WeightPlan } from "../layer.ts";
import { formatPartial, type PartialShape } from "../partial-shape.ts";
import { type Einsum, einsumWeights } from "./einsum-dense.ts";

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** An einsum that keeps `free` dimensions, sums over `bound` and appends those of `sizes`. */
function projection(free: number, bound: number, sizes: PartialShape, useBias: boolean): Einsum {
  const kept = LETTERS.slice(0, free);
  const summed = LETTERS.slice(free, free + bound);
  const added = LETTERS.slice(free + bound, free + bound + sizes.length);
  return {
    equation: `${kept}${summed},${summed}${added}->${kept}${added}`,
    outputShape: [...new Array<null>(free - 1).fill(null), ...sizes],
    biasAxes: useBias ? added : undefined,
  };
}

/** Query, key and value; the key is the value unless given. */
function attended({ config }: Construction, inputs: Inputs, rank?: number) {
  const query = inputOf(inputs, "query");
  const value = inputOf(inputs, "value");
  const key = inputs["key"]?.[0] ?? value;
  for (const [name, shape] of Object.entries({ query, value, key })) {
    if (rank === undefined ? shape.length >= 3 : shape.length === rank) continue;
    const message = `${name}: expected ${rank ?? "3 or more"} dimensions, got ${formatPartial(shape)}`;
    throw new KerasModelError("E_MODEL_SHAPE", config.where, message);
  }
  return { query, value, key };
}

/** The projections in the order in which they are built, each with clones of the layer's initializers. */
function projector(construction: Construction) {
  const { config, initializer } = construction;
  const kernel = initializer("kernel_initializer", "glorot_uniform");
  const bias = initializer("bias_initializer", "zeros");
  const dropout = config.number("dropout", 0);
  return {
    project(name: string, einsum: Einsum, input: PartialShape): readonly WeightPlan[] {
      const clones = { kernel: kernel.clone(), bias: bias.clone() };
      return prefixed(name, einsumWeights(construction, einsum, input, clones));
    },
    /** The dropout of the scores, which is made between the value's projection and the output's. */
    drawDropout(): void {
      if (dropout > 0) construction.drawSeed();
    },
  };
}

/** kernel (features, heads, size) and bias (heads, size) of query, key, [gate,] value; then those of attention_output. */
export const multiHeadAttention: LayerDefinition = (construction) => {
  const { config } = construction;
  const heads = config.integer("num_heads");
  const keyDim = config.integer("key_dim");
  const valueDim = config.get("value_dim") === undefined ? keyDim : config.integer("value_dim");
  const useBias = config.boolean("use_bias", true);
  const useGate = config.boolean("use_gate", false);
  const given = config.get("output_shape");
  const outputShape = typeof given === "number" ? [config.integer("output_shape")] : config.shape("output_shape");
  const { project, drawDropout } = projector(construction);
  return {
    inputNames: ["query", "value", "key"],
    build(inputs) {
      const { query, value, key } = attended(construction, inputs);
      const into = (shape: PartialShape, size: number) => projection(shape.length - 1, 1, [heads, size], useBias);
      const plans = [
        project("query", into(query, keyDim), query),
        project("key", into(key, keyDim), key),
        useGate ? project("gate", into(query, valueDim), query) : [],
        project("value", into(value, valueDim), value),
      ];
      drawDropout();
      const output = projection(query.length - 1, 2, outputShape ?? [query.at(-1) ?? null], useBias);
      plans.push(project("attention_output", output, [...query.slice(0, -1), heads, valueDim]));
      return plans.flat();
    },
    outputs(inputs) {
      const query = inputOf(inputs, "query");
      return [outputShape ? [...query.slice(0, -1), ...outputShape] : query];
    },
  };
};

/** As {@link multiHeadAttention}, with fewer heads for key and value than for query. */
export const groupedQueryAttention: LayerDefinition = (construction) => {
  const { config } = construction;
  const size = config.integer("head_dim");
  const heads = config.integer("num_query_heads");
  const groups = config.integer("num_key_value_heads");
  if (heads % groups !== 0) config.fail("num_key_value_heads", `a divisor of ${heads}`, groups);
  const useBias = config.boolean("use_bias", true);
  const useGate = config.boolean("use_gate", false);
  const { project, drawDropout } = projector(construction);
  return {
    inputNames: ["query", "value", "key"],
    build(inputs) {
      const { query, value, key } = attended(construction, inputs, 3);
      const plans = [
        project("query", projection(2, 1, [heads, size], useBias), query),
        project("key", projection(2, 1, [groups, size], useBias), key),
        useGate ? project("gate", projection(2, 1, [heads, size], useBias), query) : [],
        project("value", projection(2, 1, [groups, size], useBias), value),
      ];
      drawDropout();
      const output = projection(2, 2, [query[2] ?? null], useBias);
      plans.push(project("attention_output", output, [null, null, heads, size]));
      return plans.flat();
    },
    outputs: (inputs) => [inputOf(inputs, "query")],
  };
};

/** [query, value]: the shape of the query with the value's features. */
function scored(inputs: Inputs): readonly PartialShape[] {
  const [query = [], value = []] = inputs["input"] ?? [];
  return [[...query.slice(0, -1), value.at(-1) ?? null]];
}

/** scale and concat_score_weight, two scalars that are there only if asked for. */
export const attention: LayerDefinition = (construction) => {
  const { config, initializer, weight } = construction;
  const useScale = config.boolean("use_scale", false);
  const isConcat = config.choice("score_mode", ["dot", "concat"], "dot") === "concat";
  const ones = initializer(null, "ones");
  if (config.number("dropout", 0) > 0) construction.drawSeed();
  return {
    build: () => [
      ...(useScale ? [weight("scale", [], ones)] : []),
      ...(isConcat ? [weight("concat_score_weight", [], ones)] : []),
    ],
    outputs: scored,
  };
};

/** scale (features), glorot_uniform, whose seed is drawn when the layer is built. */
export const additiveAttention: LayerDefinition = (construction) => {
  const { config, initializer, weight } = construction;
  const useScale = config.boolean("use_scale", true);
  if (config.number("dropout", 0) > 0) construction.drawSeed();
  return {
    build(inputs) {
      const size = inputs["input"]?.[0]?.at(-1) ?? null;
      return useScale ? [weight("scale", [size], initializer(null, "glorot_uniform"))] : [];
    },
    outputs: scored,
  };
};
