import { describe, expect, it } from "vitest";
import { readWeightsSpec, type SpecDefaults } from "./read-spec.ts";
import { countOf } from "./shard-layout.ts";
import { WeightsSpecError } from "./spec-error.ts";

const read = (value: unknown, defaults?: SpecDefaults) => readWeightsSpec(JSON.stringify(value), defaults);
const tensor = { name: "w", shape: [3, 4], initializer: "he_normal" };

/** The error for `value`, as text. */
function refusal(value: unknown, defaults?: SpecDefaults): string {
  try {
    read(value, defaults);
  } catch (error) {
    if (error instanceof WeightsSpecError) return error.message;
    throw error;
  }
  return "no error";
}

describe("a list of tensors", () => {
  it("accepts names, Keras's JSON and calls, and the caller's defaults", () => {
    const plan = read(
      {
        tensors: [
          tensor,
          {
            ...tensor,
            name: "n",
            initializer: { class_name: "RandomNormal", config: { stddev: 2 } },
            dtype: "float16",
          },
          { ...tensor, name: "u", initializer: "random_uniform(minval=0, maxval=1)", seed: 5, stream: "keras/torch" },
          { ...tensor, name: "z", initializer: "zeros" },
        ],
      },
      { seed: 9, stream: "keras/jax", dtype: "bfloat16" },
    );
    expect(plan.tensors.map(({ name, dtype, randomAccess }) => [name, dtype, randomAccess])).toEqual([
      ["w", "bfloat16", true],
      ["n", "float16", true],
      ["u", "bfloat16", false],
      ["z", "bfloat16", true],
    ]);
    expect(plan.tensors.map(({ source }) => source)).toMatchObject([
      { className: "HeNormal", stream: "keras/jax" },
      { className: "RandomNormal", config: { stddev: 2 } },
      { className: "RandomUniform", config: { minval: 0, maxval: 1, seed: 5 }, stream: "keras/torch" },
      { className: "Zeros", config: {} },
    ]);
    expect([plan.seed, plan.metadata, plan.keras]).toEqual([9, { format: "pt" }, null]);
  });

  it("numbers seeds by index on request, also beyond 2^53", () => {
    const tensors = ["a", "b"].map((name) => ({ ...tensor, name }));
    const seeds = (seed: unknown) =>
      read({ seed, seedRule: "index", tensors }).tensors.map(
        ({ source }) => "config" in source && source.config["seed"],
      );
    expect(seeds(40)).toEqual([40, 41]);
    expect(seeds("9007199254740991")).toEqual([9007199254740991, 9007199254740992n]);
  });

  it.each([
    [{ tensors: [] }, "tensors: expected a list of one tensor or more, got []"],
    [{}, "spec: expected one of tensors, keras, transformer, got none"],
    [
      { tensors: [tensor], keras: "m.json" },
      "spec: expected one of tensors, keras, transformer, got tensors and keras",
    ],
    [{ tensors: [tensor], sed: 1 }, 'spec: unknown key "sed"; expected $schema, seed, .*; did you mean "seed"?'],
    [{ tensors: [tensor], seed: 1.5 }, "seed: expected an integer (as text beyond 2^53), got 1.5"],
    [{ tensors: [tensor], seedRule: "nam" }, 'seedRule: expected one of name, index, got "nam"; did you mean "name"?'],
    [{ tensors: [tensor], stream: "keras/jux" }, 'stream: expected one of .*; did you mean "keras/jax"?'],
    [{ tensors: [tensor], metadata: { a: 1 } }, "metadata.a: expected a string, got 1"],
    [{ tensors: [3] }, "tensors[0]: expected an object, got 3"],
    [{ tensors: [tensor, tensor] }, 'tensors[1].name: expected a name of its own, got "w" again'],
    [{ tensors: [{ ...tensor, name: "a\u0007" }] }, "tensors[0].name: expected plain text"],
    [{ tensors: [{ ...tensor, name: "__metadata__" }] }, "tensors[0].name: expected plain text"],
    [{ tensors: [{ ...tensor, shape: [3, -1] }] }, "tensors[0].shape: shape: expected dimensions of 0 or more"],
    [{ tensors: [{ ...tensor, shap: [3] }] }, 'tensors[0]: unknown key "shap"; .*; did you mean "shape"?'],
    [{ tensors: [{ ...tensor, dtype: "floot16" }] }, 'tensors[0].dtype: .*; did you mean "float16"?'],
    [{ tensors: [{ ...tensor, initializer: 4 }] }, 'tensors[0].initializer: expected a name such as "he_normal"'],
    [{ tensors: [{ ...tensor, initializer: "normal(sdtdev=1)" }] }, 'tensors[0].initializer: .*did you mean "stddev"?'],
    [{ tensors: [{ ...tensor, initializer: "zeros", seed: 1 }] }, "tensors[0].seed: expected nothing (Zeros takes no"],
    [
      { tensors: [{ ...tensor, initializer: "he_normal(seed=2)", seed: 1 }] },
      "tensors[0].seed: expected nothing beside",
    ],
    [
      { tensors: [{ ...tensor, seed: -1, stream: "keras/jax" }] },
      "tensors[0]: HeNormal of [3,4] float32: seed: expected",
    ],
    [{ tensors: [{ ...tensor, shape: [3], initializer: "orthogonal" }] }, "tensors[0]: Orthogonal of [3] float32: The"],
    [
      {
        tensors: [
          {
            ...tensor,
            initializer: {
              class_name: "RandomNormal",
              config: { seed: { class_name: "SeedGenerator", config: { seed: 1, name: "g" } } },
            },
          },
        ],
      },
      "tensors[0].initializer.config.seed: expected an integer",
    ],
    [
      {
        tensors: [
          {
            ...tensor,
            shape: [3, 3, 4, 8],
            initializer: { class_name: "Icnr", config: { initializer: { class_name: "HeNormal", config: {} } } },
          },
        ],
      },
      "tensors[0]: expected an integer for initializer.seed, got null",
    ],
    [{ keras: { class_name: "Sequential", config: {} }, seedRule: "name" }, "seedRule: expected nothing beside keras"],
    [
      { keras: { class_name: "Sequentail", config: {} } },
      "keras: model: expected the JSON of a Sequential or Functional",
    ],
  ])("refuses %j", (value, message) => {
    const pattern = message.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("\\.\\*", ".*");
    expect(refusal(value)).toMatch(new RegExp(`^${pattern}`));
  });

  it("refuses a contradicting caller", () => {
    expect(() => read({ seed: 1, tensors: [tensor] }, { seed: 2 })).toThrow("--seed: the specification says 1, got 2");
    expect(() => read({ dtype: "float16", tensors: [tensor] }, { dtype: "float32" })).toThrow("--dtype: the spec");
    expect(read({ seed: 1, tensors: [tensor] }, { seed: 1 }).seed).toBe(1);
  });
});

describe("a transformer", () => {
  const llama = {
    model_type: "llama",
    hidden_size: 5120,
    intermediate_size: 13824,
    num_hidden_layers: 40,
    num_attention_heads: 40,
    vocab_size: 32000,
    rope_theta: 10000,
    torch_dtype: "float16",
  };
  const mistral = {
    ...llama,
    model_type: "mistral",
    hidden_size: 4096,
    intermediate_size: 14336,
    num_hidden_layers: 32,
  };
  const qwen = { hidden_size: 896, intermediate_size: 4864, num_hidden_layers: 24, num_attention_heads: 14 };

  /** The numbers of parameters on the models' cards. */
  it.each([
    ["Llama 2 13B", 13_015_864_320, llama],
    ["Mistral 7B", 7_241_732_096, { ...mistral, num_attention_heads: 32, num_key_value_heads: 8 }],
    [
      "Qwen 2 0.5B",
      494_032_768,
      { model_type: "qwen2", ...qwen, num_key_value_heads: 2, vocab_size: 151936, tie_word_embeddings: true },
    ],
    ["GPT-2", 124_439_808, { model_type: "gpt2", n_embd: 768, n_layer: 12, n_head: 12, vocab_size: 50257 }],
    ["GPT-2 XL", 1_557_611_200, { model_type: "gpt2", n_embd: 1600, n_layer: 48, n_head: 25, vocab_size: 50257 }],
  ])("%s has its number of parameters", (_, parameters, config) => {
    const { tensors } = read(config);
    expect(tensors.reduce((sum, each) => sum + countOf(each), 0)).toBe(parameters);
    const seeds = tensors.flatMap(({ source }) => ("config" in source ? [source.config["seed"]] : []));
    const drawn = seeds.filter((seed) => seed !== undefined);
    expect(new Set(drawn).size).toBe(drawn.length);
  });

  it("names and draws its tensors like Hugging Face", () => {
    const { tensors } = read(llama, { seed: 3 });
    const names = tensors.map(({ name }) => name);
    expect(names.slice(0, 3)).toEqual([
      "model.embed_tokens.weight",
      "model.layers.0.self_attn.q_proj.weight",
      "model.layers.0.self_attn.k_proj.weight",
    ]);
    expect(names.slice(-3)).toEqual([
      "model.layers.39.post_attention_layernorm.weight",
      "model.norm.weight",
      "lm_head.weight",
    ]);
    expect(tensors[5]).toMatchObject({
      name: "model.layers.0.mlp.gate_proj.weight",
      shape: [13824, 5120],
      dtype: "float16",
      source: { className: "RandomNormal", config: { mean: 0, stddev: 0.02 } },
    });
    expect(tensors.at(-2)).toMatchObject({ shape: [5120], source: { className: "Ones" } });
    const gpt2 = read({ model_type: "gpt2", n_embd: 8, n_layer: 8, n_head: 2, vocab_size: 9, initializer_range: 0.4 });
    const residual = gpt2.tensors.find(({ name }) => name === "transformer.h.7.mlp.c_proj.weight");
    expect(residual).toMatchObject({ shape: [32, 8], source: { config: { stddev: 0.1 } } });
    expect(gpt2.tensors.at(-1)).toMatchObject({ name: "transformer.ln_f.bias", source: { className: "Zeros" } });
  });

  it("accepts names and initializers by role, and a config by file", () => {
    const transformer = {
      config: "config.json",
      naming: { q_proj: "blocks.{layer}.q", norm: "final" },
      initializers: { q_proj: "glorot_uniform(input_axes=[1], output_axes=[0])" },
    };
    const files: string[] = [];
    const readFile = (path: string) => {
      files.push(path);
      return JSON.stringify({ ...llama, num_hidden_layers: 2 });
    };
    const { tensors } = read({ transformer, dtype: "float32" }, { readFile });
    expect(files).toEqual(["config.json"]);
    expect(tensors.find(({ name }) => name === "blocks.1.q")).toMatchObject({
      dtype: "float32",
      source: { className: "GlorotUniform", config: { input_axes: [1], output_axes: [0] } },
    });
    expect(tensors.map(({ name }) => name)).toContain("final");
  });

  it.each([
    [{ config: { ...llama, model_type: "lama" } }, 'transformer.config.model_type: .*; did you mean "llama"?'],
    [
      { config: { ...llama, hidden_size: undefined, hiden_size: 3 } },
      'transformer.config.hiden_size: unknown key of llama, .*did you mean "hidden_size"?',
    ],
    [
      { config: { ...llama, num_key_value_heads: 7 } },
      "transformer.config.num_key_value_heads: expected a divisor of 40, got 7",
    ],
    [{ config: { ...llama, torch_dtype: "float8" } }, "transformer.config.torch_dtype: expected one of"],
    [{ config: llama, naming: { q_prj: "x" } }, 'transformer.naming: unknown key "q_prj"; .*; did you mean "q_proj"?'],
    [{ config: llama, naming: { q_proj: "x" } }, "transformer.naming.q_proj: expected {layer} in the name"],
    [{ config: llama, naming: { norm: "x{layer}" } }, "transformer.naming.norm: expected a name without {layer}"],
    [
      { config: llama, naming: { q_proj: "{lyer}" } },
      'transformer.naming.q_proj: .*got {lyer}; did you mean "{layer}"?',
    ],
    [{ config: llama, naming: { norm: "lm_head.weight" } }, "transformer.naming.lm_head: expected a name of its own"],
    [
      { config: llama, initializers: { norm: "he_normal(seed=1)" } },
      "transformer.initializers.norm: expected an initializer without",
    ],
    [
      { config: llama, initializers: { nrm: "ones" } },
      'transformer.initializers: unknown key "nrm"; .*; did you mean "norm"?',
    ],
    [{ confg: llama }, 'transformer: unknown key "confg"; .*; did you mean "config"?'],
    [{ config: "c.json" }, 'transformer.config: expected an object, got "c.json"'],
  ])("refuses %j", (transformer, message) => {
    const pattern = message.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("\\.\\*", ".*");
    expect(refusal({ transformer })).toMatch(new RegExp(`^${pattern}`));
  });
});
