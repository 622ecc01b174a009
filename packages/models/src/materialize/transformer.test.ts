import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readWeightsSpec } from "./read-spec.ts";
import { WeightsSpecError } from "./spec-error.ts";
import { TensorSource, type WeightsPlan } from "./tensor-plan.ts";

type Described = readonly [
  name: string,
  shape: readonly number[],
  dtype: string,
  distribution: unknown,
  zeroRow?: number,
];
interface Goldens {
  readonly models: readonly (readonly Described[])[];
  readonly cases: readonly (readonly [config: Record<string, unknown>, answer: number | string])[];
}

/** Written by test/goldens/transformer-configs.py with transformers. */
const goldens = JSON.parse(
  readFileSync(new URL("../../test/goldens/transformer-configs.json", import.meta.url), "utf8"),
) as Goldens;

function describePlan({ tensors }: WeightsPlan): Described[] {
  return tensors.map(({ name, shape, dtype, source }) => {
    if (source.kind === "keras") throw new TypeError("expected an initializer");
    const { className, config, zeroRow } = source;
    const distribution = className === "RandomNormal" ? config["stddev"] : className.toLowerCase();
    return zeroRow === undefined ? [name, shape, dtype, distribution] : [name, shape, dtype, distribution, zeroRow];
  });
}

/** The tensors of a config, or the error. */
function answerOf(config: unknown): readonly Described[] | string {
  try {
    return describePlan(readWeightsSpec(JSON.stringify(config)));
  } catch (error) {
    if (error instanceof WeightsSpecError) return error.message;
    throw error;
  }
}

/** Intended differences, with reasons. */
const exceptions: readonly (readonly [why: string, applies: (config: Record<string, unknown>) => boolean])[] = [
  [
    "a negative number of layers, which range() treats as 0",
    (c) => c["num_hidden_layers"] === -1 || c["n_layer"] === -1,
  ],
  ["a null that is no code: transformers fails while it looks for code in it", (c) => c["auto_map"] === null],
  ["kinds of attention of layers: they change no weight, whether a window is set or not", (c) => "layer_types" in c],
];

const named = (config: Record<string, unknown>) => config["model_type"] as string;

describe("configs of Hugging Face", () => {
  it.each(["llama", "mistral", "qwen2", "gpt2"])("%s has the tensors that transformers saves", (family) => {
    const differences: unknown[] = [];
    let compared = 0;
    for (const [config, answer] of goldens.cases) {
      if (named(config) !== family) continue;
      // Python distinguishes 1 from 1.0 and refuses the former for a declared float; JSON has one number type.
      if (typeof answer === "string" && / expected float, got int /.test(answer)) continue;
      if (exceptions.some(([, applies]) => applies(config))) continue;
      compared++;
      const got = answerOf(config);
      if (typeof answer === "string") {
        if (typeof got !== "string") differences.push([config, answer, "accepted"]);
        continue;
      }
      if (typeof got === "string") {
        differences.push([config, got]);
        continue;
      }
      const expected = goldens.models[answer] as readonly Described[];
      // The goldens build large models without values, so their distributions are unknown.
      const ours = got.map(([name, shape, dtype, distribution, ...row], i) => [
        ...[name, shape, dtype, expected[i]?.[3] === null ? null : distribution],
        ...row,
      ]);
      const place = expected.findIndex((tensor, i) => JSON.stringify(ours[i]) !== JSON.stringify(tensor));
      if (place >= 0 || ours.length !== expected.length) {
        const [mine, theirs] = [ours[place], expected[place]].map((tensor) => JSON.stringify(tensor));
        differences.push([config, `${ours.length} of ${expected.length} tensors: ${mine} for ${theirs}`]);
      }
    }
    expect(differences.map((difference) => JSON.stringify(difference)).slice(0, 3)).toEqual([]);
    expect(compared).toBeGreaterThan(150);
  });

  const small = {
    hidden_size: 16,
    intermediate_size: 24,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    vocab_size: 11,
  };

  it.each([
    [{ model_type: "qwen3" }, 'model_type: expected one of llama, mistral, qwen2, gpt2, got "qwen3" (another family'],
    [
      { model_type: "mixtral" },
      'model_type: expected one of llama, mistral, qwen2, gpt2, got "mixtral" (another family',
    ],
    [{ model_type: "t5", d_model: 8 }, 'model_type: expected one of llama, mistral, qwen2, gpt2, got "t5" (another'],
    [
      { model_type: "lama" },
      'model_type: expected one of llama, mistral, qwen2, gpt2, got "lama"; did you mean "llama"?',
    ],
    [{ architectures: ["LlamaModel"] }, "model_type: expected one of llama, mistral, qwen2, gpt2, got nothing"],
    [{ model_type: 3 }, "model_type: expected one of llama, mistral, qwen2, gpt2, got 3"],
    [{ model_type: "llama", ...small, num_experts: 8 }, "num_experts: unknown key of llama"],
    [{ model_type: "mistral", ...small, num_local_experts: 8 }, "num_local_experts: unknown key of mistral"],
    [{ model_type: "qwen2", ...small, moe_intermediate_size: 8 }, "moe_intermediate_size: unknown key of qwen2"],
    [
      { model_type: "llama", ...small, hiden_size: 8 },
      'hiden_size: unknown key of llama, .*did you mean "hidden_size"?',
    ],
    [{ model_type: "llama", ...small, quantization_config: { bits: 4 } }, "quantization_config: expected nothing"],
    [{ model_type: "llama", ...small, per_layer_config: { 0: {} } }, "per_layer_config: expected nothing"],
    [{ model_type: "gpt2", pruned_heads: { 0: [1] } }, "pruned_heads: expected nothing"],
    [{ model_type: "llama", auto_map: { AutoModel: "x.Y" } }, "auto_map: expected nothing"],
    [{ model_type: "llama", ...small, architectures: ["LlamaForCausalM"] }, 'architectures: .*"LlamaForCausalLM"?'],
    [{ model_type: "llama", ...small, architectures: ["A", "B"] }, "architectures: expected a list of one class"],
    [{ model_type: "llama", ...small, architectures: "LlamaModel" }, "architectures: expected a list of one class"],
    [
      { model_type: "llama", ...small, num_hidden_layers: 1e9 },
      "num_hidden_layers: .*from 0 to 100000, got 1000000000",
    ],
    [{ model_type: "gpt2", n_layer: 1e9 }, "n_layer: expected an integer from 0 to 100000, got 1000000000"],
    [{ model_type: "gpt2", num_hidden_layers: 1e9 }, "num_hidden_layers: expected an integer from 0 to 100000"],
    [{ model_type: "llama", ...small, vocab_size: 2 ** 52 }, "config: model.embed_tokens.weight: "],
    [{ model_type: "llama", ...small, id2label: { a: "b" } }, "id2label: expected an integer for each key"],
    [{ model_type: "llama", ...small, dtype: "float8_e4m3fn" }, "dtype: expected one of float32, .*float8_e4m3fn"],
  ])("refuses %j by name", (config, message) => {
    const pattern = message.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replaceAll("\\.\\*", ".*");
    expect(answerOf(config)).toMatch(new RegExp(`^${pattern}`));
  });

  /** A config of test/cases, and its tensors by name. */
  function shapesOf(file: string): ReadonlyMap<string, readonly number[]> {
    const text = readFileSync(new URL(`../../test/cases/${file}`, import.meta.url), "utf8");
    return new Map(readWeightsSpec(text).tensors.map(({ name, shape }) => [name, shape]));
  }

  it("uses defaults of the class, and ignores or obeys keys like the class", () => {
    const defaults = shapesOf("config-mistral-without-kv-heads.json");
    expect(defaults.get("model.layers.1.self_attn.k_proj.weight")).toEqual([16, 32]);
    expect(defaults.get("model.layers.1.self_attn.v_proj.weight")).toEqual([16, 32]);
    const ignored = [...shapesOf("config-mistral-attention-bias.json").keys()];
    expect(ignored.filter((name) => name.endsWith(".bias"))).toEqual([]);
    const base = [...shapesOf("config-llama-base-model.json").keys()];
    expect(base[0]).toBe("embed_tokens.weight");
    expect(base.filter((name) => /^model\.|lm_head/.test(name))).toEqual([]);
    const crossed = [...shapesOf("config-gpt2-cross-attention.json").keys()];
    expect(crossed.filter((name) => /crossattention|ln_cross_attn/.test(name))).toHaveLength(16);
    expect(() => shapesOf("llama-1e9-layers.json")).toThrow("num_hidden_layers: expected an integer from 0 to 100000");
  });

  it("sets the padding token's row to zero, in slices and in whole", () => {
    const plan = readWeightsSpec(JSON.stringify({ model_type: "llama", ...small, pad_token_id: 3 }));
    const source = new TensorSource(plan);
    const whole = new Float32Array(11 * 16);
    source.fill(0, whole, 0);
    const zeros = [...whole.keys()].filter((i) => whole[i] === 0);
    expect(zeros).toEqual(Array.from({ length: 16 }, (_, i) => 48 + i));
    for (const [offset, length] of [
      [0, 50],
      [50, 5],
      [55, 20],
      [64, 112],
      [10, 30],
    ] as const) {
      const part = new Float32Array(length);
      source.fill(0, part, offset);
      expect(part).toEqual(whole.subarray(offset, offset + length));
    }
  });
});
