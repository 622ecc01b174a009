// The tensors of each family of transformers: one table of roles per family and head, names by templates.
// Source: transformers 5.17, models/{llama,mistral,qwen2,gpt2}/modeling_*.py and modeling_layers.py (constructors, _init_weights).

import type { Shape } from "@fanin/tensor";
import { suggestion } from "@fanin/tensor/arguments";
import { MAX_LAYERS, type TransformerConfig } from "./transformer-config.ts";

/** The placeholder of the layer's number in a template. */
export const LAYER = "{layer}";

/** The initialization of a tensor: a normal with a standard deviation, ones or zeros. */
export type RoleDistribution = number | "ones" | "zeros";

/** One kind of tensor of a family. */
export interface Role {
  readonly role: string;
  /** Its name; `{layer}` is the number of the layer, from 0. */
  readonly template: string;
  readonly shape: Shape;
  readonly distribution: RoleDistribution;
  /** The zero row of the padding token. */
  readonly zeroRow?: number | undefined;
}

/** The roles before the layers, of each layer, and after the layers. */
export interface Family {
  readonly layers: number;
  readonly first: readonly Role[];
  readonly each: readonly Role[];
  readonly last: readonly Role[];
}

/** The prefix of the base model in a class, and the roles after it. */
interface Head {
  readonly prefix: string;
  readonly roles: readonly Role[];
}

/** The head of the class that `architectures` names. */
function headOf(config: TransformerConfig, heads: Readonly<Record<string, () => Head>>, fallback: string): Head {
  const name = config.architecture() ?? fallback;
  const head = Object.hasOwn(heads, name) ? heads[name] : undefined;
  const known = Object.keys(heads);
  if (head) return head();
  return config.fail("architectures", `one of ${known.join(", ")}${suggestion(name, known)}`);
}

/** A weight and optionally its bias. */
function pair(
  role: string,
  module: string,
  shape: Shape,
  distribution: RoleDistribution,
  outputs: number | undefined,
): readonly Role[] {
  const weight: Role = { role, template: `${module}.weight`, shape, distribution };
  if (outputs === undefined) return [weight];
  return [weight, { role: `${role}_bias`, template: `${module}.bias`, shape: [outputs], distribution: "zeros" }];
}

/** The deviation of everything but GPT-2's Conv1D: transformers replaces 0 by 0.02. */
function rangeOf(config: TransformerConfig): number {
  return config.initializerRange() || 0.02;
}

/** The classes of a Llama, Mistral or Qwen2. */
function llamaHead(config: TransformerConfig, title: string, hidden: number, vocabulary: number): Head {
  const distribution = rangeOf(config);
  const score = (prefix: string, outputs: number, hasBias: boolean, role = "score"): Head => ({
    prefix,
    roles: pair(role, role, [outputs, hidden], distribution, hasBias ? outputs : undefined),
  });
  const isTied = config.boolean("tie_word_embeddings");
  // Llama's and Qwen2's ForQuestionAnswering call the base model "transformer".
  const answering = title === "Mistral" ? "model." : "transformer.";
  const heads = {
    [`${title}Model`]: () => ({ prefix: "", roles: [] }),
    [`${title}ForCausalLM`]: () => ({
      prefix: "model.",
      roles: isTied ? [] : pair("lm_head", "lm_head", [vocabulary, hidden], distribution, undefined),
    }),
    [`${title}ForSequenceClassification`]: () => score("model.", config.labels(), false),
    [`${title}ForTokenClassification`]: () =>
      score("model.", config.labels(), config.boolean("token_classification_bias")),
    [`${title}ForQuestionAnswering`]: () => score(answering, 2, true, "qa_outputs"),
  };
  return headOf(config, heads, `${title}ForCausalLM`);
}

/** The padding token's row in a table of `rows`, which torch.nn.Embedding sets to zero. */
function paddingRow(config: TransformerConfig, rows: number): number | undefined {
  const id = config.value("pad_token_id") as number | null;
  if (id === null) return undefined;
  if (id >= rows || id < -rows) config.fail("pad_token_id", `an integer from ${-rows} to ${rows - 1}`);
  return id < 0 ? id + rows : id;
}

/** Llama, and the families with the same structure. */
function llama(config: TransformerConfig, title: string): Family {
  const hidden = config.size("hidden_size");
  const inner = config.size("intermediate_size", undefined, 0);
  const vocabulary = config.size("vocab_size");
  const layers = config.size("num_hidden_layers", undefined, 0, MAX_LAYERS);
  const heads = config.size("num_attention_heads");
  if (title === "Llama" && hidden % heads !== 0) config.fail("num_attention_heads", `a divisor of ${hidden}`, heads);
  const groups = config.size("num_key_value_heads", heads);
  if (heads % groups !== 0) {
    config.fail("num_key_value_heads", `a divisor of ${heads}`, groups);
  }
  // Mistral's layers take 0 as absent.
  const isAbsent = title === "Mistral" && config.value("head_dim") === 0;
  const head = isAbsent ? Math.floor(hidden / heads) : config.size("head_dim", Math.floor(hidden / heads));
  if (head % 2 !== 0 && head !== 1) config.fail("head_dim", "an even number for rotary embeddings", head);
  // Mistral has no biases; Qwen2 has biases of q, k and v; neither reads the keys.
  const attentionBias = title === "Llama" && config.boolean("attention_bias");
  const queryBias = attentionBias || title === "Qwen2";
  const mlpBias = title === "Llama" && config.boolean("mlp_bias");
  const distribution = rangeOf(config);
  const { prefix, roles } = llamaHead(config, title, hidden, vocabulary);
  const linear = (block: string, role: string, outputs: number, inputs: number, hasBias: boolean): readonly Role[] =>
    pair(
      role,
      `${prefix}layers.${LAYER}.${block}.${role}`,
      [outputs, inputs],
      distribution,
      hasBias ? outputs : undefined,
    );
  const norm = (role: string, template: string): Role => ({ role, template, shape: [hidden], distribution: "ones" });
  const table: Role = {
    role: "embed_tokens",
    template: `${prefix}embed_tokens.weight`,
    shape: [vocabulary, hidden],
    distribution,
    zeroRow: paddingRow(config, vocabulary),
  };
  return {
    layers,
    first: [table],
    each: [
      ...linear("self_attn", "q_proj", heads * head, hidden, queryBias),
      ...linear("self_attn", "k_proj", groups * head, hidden, queryBias),
      ...linear("self_attn", "v_proj", groups * head, hidden, queryBias),
      ...linear("self_attn", "o_proj", hidden, heads * head, attentionBias),
      ...linear("mlp", "gate_proj", inner, hidden, mlpBias),
      ...linear("mlp", "up_proj", inner, hidden, mlpBias),
      ...linear("mlp", "down_proj", hidden, inner, mlpBias),
      norm("input_layernorm", `${prefix}layers.${LAYER}.input_layernorm.weight`),
      norm("post_attention_layernorm", `${prefix}layers.${LAYER}.post_attention_layernorm.weight`),
    ],
    last: [norm("norm", `${prefix}norm.weight`), ...roles],
  };
}

/** GPT-2's classes. */
function gpt2Head(config: TransformerConfig, hidden: number, vocabulary: number): Head {
  const distribution = rangeOf(config);
  const prefix = "transformer.";
  const linear = (role: string, outputs: number, hasBias: boolean, module = role): readonly Role[] =>
    pair(role, module, [outputs, hidden], distribution, hasBias ? outputs : undefined);
  const languageModel = (): readonly Role[] =>
    config.boolean("tie_word_embeddings") ? [] : linear("lm_head", vocabulary, false);
  const summary = (): readonly Role[] => {
    const type = config.value("summary_type");
    if (type === "attn") config.fail("summary_type", "another type: transformers has no code for it");
    if (!config.boolean("summary_use_proj")) return [];
    // GPT2DoubleHeadsModel sets num_labels to 1.
    const outputs = config.boolean("summary_proj_to_labels") ? 1 : hidden;
    return linear("summary", outputs, true, "multiple_choice_head.summary");
  };
  const heads = {
    GPT2Model: () => ({ prefix: "", roles: [] }),
    GPT2LMHeadModel: () => ({ prefix, roles: languageModel() }),
    GPT2DoubleHeadsModel: () => ({ prefix, roles: [...languageModel(), ...summary()] }),
    GPT2ForSequenceClassification: () => ({ prefix, roles: linear("score", config.labels(), false) }),
    GPT2ForTokenClassification: () => ({ prefix, roles: linear("classifier", config.labels(), true) }),
    GPT2ForQuestionAnswering: () => ({ prefix, roles: linear("qa_outputs", 2, true) }),
  };
  return headOf(config, heads, "GPT2LMHeadModel");
}

/** GPT-2. Its Conv1D stores weights as (inputs, outputs). */
function gpt2(config: TransformerConfig): Family {
  const hidden = config.size("n_embd");
  const layers = config.size("n_layer", undefined, 0, MAX_LAYERS);
  const vocabulary = config.size("vocab_size");
  const positions = config.size("n_positions");
  const inner = config.size("n_inner", 4 * hidden);
  const heads = config.size("n_head");
  if (hidden % heads !== 0) config.fail(config.nameOf("n_head"), `a divisor of ${hidden}`, heads);
  const convolution = config.initializerRange();
  const residual = convolution / Math.sqrt(2 * layers);
  const distribution = rangeOf(config);
  const { prefix, roles } = gpt2Head(config, hidden, vocabulary);
  const block = `${prefix}h.${LAYER}`;
  const conv1d = (role: string, module: string, inputs: number, outputs: number, deviation = convolution) =>
    pair(role, `${block}.${module}`, [inputs, outputs], deviation, outputs);
  const norm = (role: string, module: string): readonly Role[] => pair(role, module, [hidden], "ones", hidden);
  const crossAttention = config.boolean("add_cross_attention")
    ? [
        ...conv1d("crossattention_c_attn", "crossattention.c_attn", hidden, 2 * hidden),
        ...conv1d("crossattention_q_attn", "crossattention.q_attn", hidden, hidden),
        ...conv1d("crossattention_c_proj", "crossattention.c_proj", hidden, hidden, residual),
        ...norm("ln_cross_attn", `${block}.ln_cross_attn`),
      ]
    : [];
  return {
    layers,
    first: [
      { role: "wte", template: `${prefix}wte.weight`, shape: [vocabulary, hidden], distribution },
      { role: "wpe", template: `${prefix}wpe.weight`, shape: [positions, hidden], distribution },
    ],
    each: [
      ...norm("ln_1", `${block}.ln_1`),
      ...conv1d("c_attn", "attn.c_attn", hidden, 3 * hidden),
      ...conv1d("attn_c_proj", "attn.c_proj", hidden, hidden, residual),
      ...norm("ln_2", `${block}.ln_2`),
      ...crossAttention,
      ...conv1d("c_fc", "mlp.c_fc", hidden, inner),
      ...conv1d("mlp_c_proj", "mlp.c_proj", inner, hidden, residual),
    ],
    last: [...norm("ln_f", `${prefix}ln_f`), ...roles],
  };
}

/** The tensors of a config, by roles. */
export function familyOf(config: TransformerConfig): Family {
  config.labels(); // the config class checks them for every head
  if (config.family === "gpt2") return gpt2(config);
  const titles: Readonly<Record<string, string>> = { llama: "Llama", mistral: "Mistral", qwen2: "Qwen2" };
  return llama(config, titles[config.family] as string);
}
