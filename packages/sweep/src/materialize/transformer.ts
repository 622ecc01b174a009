// The tensors of a transformer from its Hugging Face config.json: one table of roles per family, names by templates.
// Source: transformers 4.57, models/{llama,mistral,qwen2,gpt2}/modeling_*.py (state_dict and _init_weights).

import {
  describeBriefly,
  FLOAT_DTYPES,
  type FloatDType,
  nearest,
  type Shape,
  type StreamName,
  suggestion,
} from "@fanin/core";
import { type Identifier, initializedTensor, isSeeded, readInitializer } from "./initializer-source.ts";
import type { SeedSource } from "./seed-rule.ts";
import { WeightsSpecError } from "./spec-error.ts";
import { isObject, SpecReader } from "./spec-reader.ts";
import { expectTensorName } from "./tensor-list.ts";
import type { TensorPlan } from "./tensor-plan.ts";

/** What draws a role's values unless the specification says otherwise. */
type Kind = "weight" | "residual" | "norm" | "bias";

/** One kind of tensor of a family. */
interface Role {
  readonly role: string;
  /** Its name; `{layer}` stands for the number of the layer, from 0. */
  readonly template: string;
  readonly shape: Shape;
  readonly kind: Kind;
}

/** The roles before the layers, of each layer, and after them. */
interface Family {
  readonly layers: number;
  readonly first: readonly Role[];
  readonly each: readonly Role[];
  readonly last: readonly Role[];
}

const LAYER = "{layer}";

/** Reads an integer of 1 or more under the first of `keys` that is there; GPT-2 has names of its own. */
function size(config: SpecReader, keys: readonly string[], fallback?: number): number {
  const key = keys.find((candidate) => config.get(candidate) !== undefined) ?? keys[0] ?? "";
  const value = config.get(key) ?? fallback;
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 1) return value;
  const others = config.keys().filter((other) => other !== key);
  const misspelt = value === undefined ? nearest(key, others) : undefined;
  const near = misspelt === undefined ? "" : `; is ${JSON.stringify(misspelt)} meant to be ${JSON.stringify(key)}?`;
  throw new WeightsSpecError(config.at(key), `expected an integer of 1 or more, got ${describeBriefly(value)}${near}`);
}

/** Refuses sizes of which one must divide the other and does not. */
function expectDivisor(config: SpecReader, key: string, whole: number, divisor: number): number {
  if (whole % divisor !== 0) config.fail(key, `a divisor of ${whole}`, divisor);
  return divisor;
}

/** Llama, and what is built like it; `qkvBias` where query, key and value have biases of their own accord. */
function llama(config: SpecReader, qkvBias: boolean): Family {
  const hidden = size(config, ["hidden_size"]);
  const inner = size(config, ["intermediate_size"]);
  const vocabulary = size(config, ["vocab_size"]);
  const layers = size(config, ["num_hidden_layers"]);
  const heads = size(config, ["num_attention_heads"]);
  const groups = expectDivisor(config, "num_key_value_heads", heads, size(config, ["num_key_value_heads"], heads));
  if (config.get("head_dim") === undefined) expectDivisor(config, "num_attention_heads", hidden, heads);
  const head = size(config, ["head_dim"], hidden / heads);
  const attentionBias = config.boolean("attention_bias", false);
  const mlpBias = config.boolean("mlp_bias", false);
  const linear = (block: string, role: string, outputs: number, inputs: number, hasBias: boolean): Role[] => {
    const template = `model.layers.${LAYER}.${block}.${role}`;
    const weight: Role = { role, template: `${template}.weight`, shape: [outputs, inputs], kind: "weight" };
    const bias: Role = { role: `${role}_bias`, template: `${template}.bias`, shape: [outputs], kind: "bias" };
    return hasBias ? [weight, bias] : [weight];
  };
  const norm = (role: string, template: string): Role => ({ role, template, shape: [hidden], kind: "norm" });
  const table = (role: string, template: string): Role => ({
    role,
    template,
    shape: [vocabulary, hidden],
    kind: "weight",
  });
  return {
    layers,
    first: [table("embed_tokens", "model.embed_tokens.weight")],
    each: [
      ...linear("self_attn", "q_proj", heads * head, hidden, attentionBias || qkvBias),
      ...linear("self_attn", "k_proj", groups * head, hidden, attentionBias || qkvBias),
      ...linear("self_attn", "v_proj", groups * head, hidden, attentionBias || qkvBias),
      ...linear("self_attn", "o_proj", hidden, heads * head, attentionBias),
      ...linear("mlp", "gate_proj", inner, hidden, mlpBias),
      ...linear("mlp", "up_proj", inner, hidden, mlpBias),
      ...linear("mlp", "down_proj", hidden, inner, mlpBias),
      norm("input_layernorm", `model.layers.${LAYER}.input_layernorm.weight`),
      norm("post_attention_layernorm", `model.layers.${LAYER}.post_attention_layernorm.weight`),
    ],
    last: [
      norm("norm", "model.norm.weight"),
      ...(config.boolean("tie_word_embeddings", false) ? [] : [table("lm_head", "lm_head.weight")]),
    ],
  };
}

/** GPT-2, whose Conv1D keeps its weights as (inputs, outputs). */
function gpt2(config: SpecReader): Family {
  const hidden = size(config, ["n_embd", "hidden_size"]);
  const layers = size(config, ["n_layer", "num_hidden_layers"]);
  const vocabulary = size(config, ["vocab_size"]);
  const positions = size(config, ["n_positions", "max_position_embeddings"], 1024);
  const inner = size(config, ["n_inner", "intermediate_size"], 4 * hidden);
  expectDivisor(config, "n_head", hidden, size(config, ["n_head", "num_attention_heads"]));
  const pair = (role: string, module: string, shape: Shape, kind: Kind): Role[] => [
    { role, template: `${module}.weight`, shape, kind },
    { role: `${role}_bias`, template: `${module}.bias`, shape: [shape.at(-1) ?? 1], kind: "bias" },
  ];
  const block = `transformer.h.${LAYER}`;
  return {
    layers,
    first: [
      { role: "wte", template: "transformer.wte.weight", shape: [vocabulary, hidden], kind: "weight" },
      { role: "wpe", template: "transformer.wpe.weight", shape: [positions, hidden], kind: "weight" },
    ],
    each: [
      ...pair("ln_1", `${block}.ln_1`, [hidden], "norm"),
      ...pair("c_attn", `${block}.attn.c_attn`, [hidden, 3 * hidden], "weight"),
      ...pair("attn_c_proj", `${block}.attn.c_proj`, [hidden, hidden], "residual"),
      ...pair("ln_2", `${block}.ln_2`, [hidden], "norm"),
      ...pair("c_fc", `${block}.mlp.c_fc`, [hidden, inner], "weight"),
      ...pair("mlp_c_proj", `${block}.mlp.c_proj`, [inner, hidden], "residual"),
    ],
    last: [
      ...pair("ln_f", "transformer.ln_f", [hidden], "norm"),
      ...(config.boolean("tie_word_embeddings", true)
        ? []
        : [{ role: "lm_head", template: "lm_head.weight", shape: [vocabulary, hidden], kind: "weight" } as const]),
    ],
  };
}

/** By `model_type`. */
const families: Readonly<Record<string, (config: SpecReader) => Family>> = {
  llama: (config) => llama(config, false),
  mistral: (config) => llama(config, false),
  qwen2: (config) => llama(config, true),
  gpt2,
};

/** Whether an object is a config.json as Hugging Face writes it. */
export function isTransformerConfig(value: unknown): boolean {
  return isObject(value) && typeof value["model_type"] === "string" && ("hidden_size" in value || "n_embd" in value);
}

/** The dtype that the config names, under its old or its new key; undefined without. */
export function configDType(path: string, value: unknown): FloatDType | undefined {
  const config = new SpecReader(path, value);
  return config.choice(config.get("torch_dtype") === undefined ? "dtype" : "torch_dtype", FLOAT_DTYPES);
}

/** What the layers of Hugging Face begin with: normal, with the residual branches of GPT-2 scaled by depth. */
function initializerOf(kind: Kind, range: number, layers: number): Identifier {
  if (kind === "norm") return { className: "Ones", config: {} };
  if (kind === "bias") return { className: "Zeros", config: {} };
  const stddev = kind === "residual" ? range / Math.sqrt(2 * layers) : range;
  return { className: "RandomNormal", config: { mean: 0, stddev } };
}

/** The template of a role, checked. */
function templateOf({ template }: Role, given: string | undefined, path: string): string {
  const text = given ?? template;
  const [strange] = text.match(/\{[^}]*\}?/g)?.filter((placeholder) => placeholder !== LAYER) ?? [];
  if (strange !== undefined) {
    throw new WeightsSpecError(
      path,
      `expected no placeholder but ${LAYER}, got ${strange}${suggestion(strange, [LAYER])}`,
    );
  }
  if (text.includes(LAYER) === template.includes(LAYER)) return text;
  const expected = template.includes(LAYER) ? `${LAYER} in the name, one for each layer` : `a name without ${LAYER}`;
  throw new WeightsSpecError(path, `expected ${expected}, got ${describeBriefly(text)}`);
}

/** Choices for a transformer beside its config. */
export interface TransformerChoices {
  /** The path of the config in the specification, for messages. */
  readonly path: string;
  /** The path of the object with `naming` and `initializers`; empty where the config is the specification. */
  readonly within: string;
  readonly naming: Readonly<Record<string, string>>;
  readonly initializers: Readonly<Record<string, unknown>>;
  readonly dtype: FloatDType;
  readonly stream: StreamName;
  readonly seeds: SeedSource;
}

/**
 * The tensors of a transformer, in the order of its state_dict.
 *
 * @throws WeightsSpecError for an unknown family, a missing size, or a name or initializer of a role that it does not have.
 */
export function transformerTensors(value: unknown, choices: TransformerChoices): readonly TensorPlan[] {
  const { path, within, naming, initializers, dtype, stream, seeds } = choices;
  const config = new SpecReader(path, value);
  const familyName = config.choice("model_type", Object.keys(families));
  const family = familyName === undefined ? undefined : families[familyName]?.(config);
  if (!family) return config.fail("model_type", `one of ${Object.keys(families).join(", ")}`);
  const range = config.number("initializer_range", 0.02);
  const roles = [...family.first, ...family.each, ...family.last];
  const known = roles.map(({ role }) => role);
  new SpecReader(`${within}.naming`, naming).expectKeys(known);
  new SpecReader(`${within}.initializers`, initializers).expectKeys(known);
  const details = new Map(
    roles.map((role) => {
      const placed = `${within}.initializers.${role.role}`;
      const given = initializers[role.role];
      const identifier =
        given === undefined ? initializerOf(role.kind, range, family.layers) : readInitializer(placed, given);
      if (identifier.config["seed"] !== undefined && identifier.config["seed"] !== null) {
        throw new WeightsSpecError(
          placed,
          "expected an initializer without a seed: each tensor has its own by the rule",
        );
      }
      return [role, { identifier, template: templateOf(role, naming[role.role], `${within}.naming.${role.role}`) }];
    }),
  );
  const names = new Set<string>();
  const tensors: TensorPlan[] = [];
  const add = (role: Role, layer: number): void => {
    const { identifier, template } = details.get(role) as { identifier: Identifier; template: string };
    const name = expectTensorName(`${within}.naming.${role.role}`, template.replaceAll(LAYER, String(layer)), names);
    const seed = isSeeded(identifier) ? seeds.seedOf(name, tensors.length) : null;
    const where = `${within === "" ? path || "config" : within}: ${name}`;
    tensors.push(initializedTensor(where, { name, shape: role.shape, dtype }, identifier, stream, seed));
  };
  for (const role of family.first) add(role, 0);
  for (let layer = 0; layer < family.layers; layer++) for (const role of family.each) add(role, layer);
  for (const role of family.last) add(role, 0);
  return tensors;
}
