// Reads a Hugging Face config.json like its config class: defaults, types, aliases; refuses unknown keys.
// Source: transformers 5.17, configuration_utils.py and models/{llama,mistral,qwen2,gpt2}/configuration_*.py.

import type { FloatDType } from "@fanin/tensor";
import { describeBriefly, nearest, suggestion } from "@fanin/tensor/arguments";
import { WeightsSpecError } from "./spec-error.ts";
import { SpecReader } from "./spec-reader.ts";
import { type ConfigField, configFields, generationKeys, gpt2Aliases, modelTypes } from "./transformer-defaults.ts";

/** The greatest number of layers of a transformer. */
export const MAX_LAYERS = 100_000;

/** Keys that models read but their config class does not declare. */
const undeclaredFields: Readonly<Record<string, ConfigField>> = {
  num_labels: [null, "integer or null"],
  token_classification_bias: [true, "boolean"],
};

/** Keys that earlier versions of transformers, the hub and training tools write; they change no weight. */
const HARMLESS_KEYS: readonly string[] = [
  ...["_attn_implementation", "_attn_implementation_autoset", "_commit_hash", "_flash_attn_2_enabled", "_name_or_path"],
  ...[
    "attn_implementation",
    "bos_token",
    "classifier_dropout",
    "cross_attention_hidden_size",
    "decoder_start_token_id",
  ],
  ...["embedding_dropout", "eos_token", "finetuning_task", "gradient_checkpointing", "hidden_dropout"],
  ...[
    "is_decoder",
    "is_llama_config",
    "max_sequence_length",
    "model_max_length",
    "model_type",
    "n_ctx",
    "name_or_path",
  ],
  ...["original_max_position_embeddings", "output_attentions", "output_past", "pad_token", "partial_rotary_factor"],
  ...["predict_special_tokens", "prefix", "residual_dropout", "rope_interleaved", "rope_scaling", "rope_theta"],
  ...["rope_type", "sep_token_id", "summary_last_dropout", "task_specific_params", "tf_legacy_loss"],
  ...["tie_encoder_decoder", "tokenizer_class", "torch_dtype", "torchscript", "transformers.js_config"],
  ...["unsloth_fixed", "unsloth_version", "use_bfloat16", "use_mrope", "xla_device"],
];

/** Keys that change the tensors unless they are empty. */
const refusedKeys: Readonly<Record<string, string>> = {
  auto_map: "the model uses custom code",
  compression_config: "its tensors are compressed",
  per_layer_config: "its layers differ",
  pruned_heads: "its layers differ",
  quantization_config: "its tensors are quantized",
};

/** torch's names of supported dtypes. */
const torchDTypes: Readonly<Record<string, FloatDType>> = {
  ...{ float32: "float32", float: "float32", float64: "float64", double: "float64" },
  ...{ float16: "float16", half: "float16", bfloat16: "bfloat16" },
};

function isEmpty(value: unknown): boolean {
  if (value === null || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** Whether `value` has a type such as "integer or null". */
function isOfKind(value: unknown, kind: string): boolean {
  if (kind === "any") return true;
  return kind.split(" or ").some((one) => {
    if (one === "null") return value === null;
    return one === "integer" ? Number.isSafeInteger(value) : typeof value === one;
  });
}

/** The name of a type in a message: "an integer", "true or false". */
function nameOfKind(kind: string): string {
  const names: Readonly<Record<string, string>> = { integer: "an integer", number: "a number", string: "a string" };
  return kind
    .split(" or ")
    .map((one) => (one === "boolean" ? "true or false" : (names[one] ?? one)))
    .join(" or ");
}

/** The checked config of one transformer. */
export class TransformerConfig {
  readonly family: string;
  readonly #reader: SpecReader;
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #fields: Readonly<Record<string, ConfigField>>;
  readonly #aliases: Readonly<Record<string, string>>;

  /** @throws WeightsSpecError for an unknown family, an unknown or refused key, or a value of a wrong type. */
  constructor(path: string, value: unknown) {
    this.#reader = new SpecReader(path, value);
    this.#object = value as Readonly<Record<string, unknown>>;
    this.family = this.#familyOf(this.#object["model_type"]);
    // Qwen2's class does not declare head_dim, but its layers read it as a number, not null.
    const own: Readonly<Record<string, ConfigField>> = this.family === "qwen2" ? { head_dim: [null, "integer"] } : {};
    this.#fields = { ...undeclaredFields, ...own, ...configFields[this.family] };
    this.#aliases = this.family === "gpt2" ? gpt2Aliases : {};
    for (const key of this.#reader.keys()) this.#expectKey(key);
  }

  #familyOf(modelType: unknown): string {
    const families = Object.keys(configFields);
    if (typeof modelType === "string" && families.includes(modelType)) return modelType;
    const isOther = typeof modelType === "string" && modelTypes.includes(modelType);
    const near = typeof modelType === "string" && !isOther ? suggestion(modelType, families) : "";
    const other = isOther ? " (another family of transformers; list its tensors one by one under tensors)" : near;
    const what = `expected one of ${families.join(", ")}, got ${describeBriefly(modelType)}${other}`;
    throw new WeightsSpecError(this.at("model_type"), what);
  }

  #expectKey(key: string): void {
    const value = this.#object[key];
    const name = this.#aliases[key] ?? key;
    const field = Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
    if (field) {
      const [, kind] = field;
      if (!isOfKind(value, kind)) this.fail(key, nameOfKind(kind));
      return;
    }
    if (Object.hasOwn(refusedKeys, key)) {
      if (isEmpty(value)) return;
      throw new WeightsSpecError(this.at(key), `expected nothing: ${refusedKeys[key]}, got ${describeBriefly(value)}`);
    }
    if (HARMLESS_KEYS.includes(key) || generationKeys.includes(key)) return;
    if (Object.values(configFields).some((fields) => Object.hasOwn(fields, key))) return;
    const known = [...Object.keys(this.#fields), ...Object.keys(this.#aliases)];
    const near = nearest(key, known);
    const hint = near === undefined ? "remove it if it changes no weight" : `did you mean ${JSON.stringify(near)}?`;
    const what = `unknown key of ${this.family}, which may change the model; ${hint}`;
    throw new WeightsSpecError(this.at(key), what);
  }

  /** The path of a key. */
  at(key: string): string {
    return this.#reader.at(key);
  }

  /** Throws the error of an unexpected value of `key`. */
  fail(key: string, expected: string, got: unknown = this.#object[key]): never {
    throw new WeightsSpecError(this.at(key), `expected ${expected}, got ${describeBriefly(got)}`);
  }

  /** The name of `key` in the file; an alias has precedence. */
  nameOf(key: string): string {
    const other = Object.keys(this.#aliases).find((alias) => this.#aliases[alias] === key);
    return other !== undefined && Object.hasOwn(this.#object, other) ? other : key;
  }

  /** The value of `key` or its default. */
  value(key: string): unknown {
    const name = this.nameOf(key);
    return Object.hasOwn(this.#object, name) ? this.#object[name] : (this.#fields[key]?.[0] ?? null);
  }

  /** An integer from `low` to `high`; `fallback` in place of null. */
  size(key: string, fallback?: number, low = 1, high: number = Number.MAX_SAFE_INTEGER): number {
    const value = this.value(key) ?? fallback;
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= low && value <= high) return value;
    const range = high === Number.MAX_SAFE_INTEGER ? `of ${low} or more` : `from ${low} to ${high}`;
    return this.fail(this.nameOf(key), `an integer ${range}`, value);
  }

  boolean(key: string): boolean {
    return this.value(key) === true;
  }

  /** A standard deviation. */
  initializerRange(): number {
    const key = "initializer_range";
    const value = this.value(key) as number;
    if (value < 0) this.fail(key, "a number of 0 or more");
    if (this.family === "llama" && value > 1) this.fail(key, "a number from 0 to 1");
    return value;
  }

  /** The number of classes of a classifier: `num_labels`, or the size of `id2label`, or 2. */
  labels(): number {
    const labels = this.value("id2label");
    const described = labels === null ? this.size("num_labels", 2, 0) : this.#idsOf(labels).size;
    if (described === 1 && this.value("problem_type") === "single_label_classification") {
      this.fail("problem_type", "another problem_type for one label");
    }
    return this.size("num_labels", described, 0);
  }

  #idsOf(labels: unknown): ReadonlySet<number> {
    const ids = new SpecReader(this.at("id2label"), labels).keys();
    const strange = ids.find((id) => !/^\s*[+-]?\d+\s*$/.test(id));
    if (strange !== undefined) this.fail("id2label", "an integer for each key", strange);
    return new Set(ids.map(Number));
  }

  /** The only class of `architectures`; undefined without it. */
  architecture(): string | undefined {
    const names = this.value("architectures");
    if (names === null || (Array.isArray(names) && names.length === 0)) return undefined;
    if (!Array.isArray(names) || names.length > 1 || typeof names[0] !== "string") {
      this.fail("architectures", "a list of one class");
    }
    return (names as readonly string[])[0];
  }
}

/** The dtype of a config, by its new or its old key; undefined without it. */
export function configDType(path: string, value: unknown): FloatDType | undefined {
  const config = new SpecReader(path, value);
  const key = config.get("dtype") === undefined ? "torch_dtype" : "dtype";
  const name = config.get(key);
  if (name === undefined) return undefined;
  if (typeof name === "string" && Object.hasOwn(torchDTypes, name)) return torchDTypes[name];
  const known = Object.keys(torchDTypes);
  const near = typeof name === "string" ? suggestion(name, known) : "";
  throw new WeightsSpecError(
    config.at(key),
    `expected one of ${known.join(", ")}, got ${describeBriefly(name)}${near}`,
  );
}
