// Small Keras models whose code draws seeds in another order than their JSON has layers, on four backends: what
// model_from_json gives, what the names in the JSON prove, what is warned of, and the seeds that a script has written.
// goldens/keras-construction.py wrote the goldens with Keras 3.15.1.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type KerasWeightsOptions, kerasWeights, type StreamName } from "../src/keras-model.ts";

type Row = [path: string, shape: number[], dtype: string, sha256: string];
interface Model {
  readonly class_name: string;
  readonly config: { readonly name: string };
}
interface Case {
  /** In the file of NumPy; in the others where they differ from it. */
  readonly config?: Model;
  readonly seeded?: Model;
  /** The weights as the code has them, and the hashes of those of model_from_json. */
  readonly code: Row[];
  readonly json: string[];
}

const BACKENDS = ["numpy", "tensorflow", "jax", "torch"] as const;
const MODELS = 49;

const read = (backend: string) =>
  JSON.parse(readFileSync(new URL(`./goldens/keras-construction-${backend}.json`, import.meta.url), "utf8")) as {
    seed: number;
    cases: Record<string, Case>;
  };
const goldens = Object.fromEntries(BACKENDS.map((backend) => [backend, read(backend)]));
const names = Object.keys(goldens["numpy"]?.cases ?? {});

/** Models whose JSON does not show the order of their code, with the warnings that say so. */
const OPEN: Readonly<Record<string, readonly string[]>> = {
  plain_functional: ["W_MODEL_ORDER", "W_MODEL_SEEDS"],
  nested_calls_of_classes: ["W_MODEL_ORDER", "W_MODEL_SEEDS"],
  residual_with_own_names: ["W_MODEL_ORDER", "W_MODEL_SEEDS"],
  made_before_wired_of_classes: ["W_MODEL_ORDER", "W_MODEL_SEEDS"],
  made_before_listed_with_names: ["W_MODEL_SEEDS"],
  initializer_instance_of_bias: ["W_MODEL_INITIALIZER", "W_MODEL_SEEDS"],
  initializers_made_first: ["W_MODEL_INITIALIZER", "W_MODEL_SEEDS"],
  one_initializer_for_two_layers: ["W_MODEL_INITIALIZER", "W_MODEL_SEEDS"],
  one_default_initializer_for_two_layers: ["W_MODEL_SEEDS"],
  one_initializer_for_kernel_and_bias: ["W_MODEL_INITIALIZER", "W_MODEL_SEEDS"],
  shared_generator: ["W_MODEL_INITIALIZER"],
  shared_generator_without_seed: ["W_MODEL_INITIALIZER", "W_MODEL_SEEDS"],
  shared_generator_in_nested_calls: ["W_MODEL_INITIALIZER"],
  generator_of_a_forget_bias: ["W_MODEL_INITIALIZER", "W_MODEL_SEEDS"],
  random_in_between: ["W_MODEL_SEEDS"],
  shuffle_in_between: ["W_MODEL_SEEDS"],
  layer_of_two_models: ["W_MODEL_ORDER", "W_MODEL_SEEDS"],
  attention_made_before_wired: ["W_MODEL_ORDER", "W_MODEL_SEEDS"],
  bidirectional_with_backward_layer: ["W_MODEL_ORDER", "W_MODEL_INITIALIZER", "W_MODEL_SEEDS"],
};

/** Of Keras's paths these are not unique, or hold a scope of the code that the JSON does not have. */
const OTHER_NAMES = ["submodels_with_equal_names", "layer_of_two_models", "name_scope"];

/** PyTorch's square root of a random variance may differ by an ulp, and hashes do not show by how much. */
const isRounded = (backend: string, path: string) => backend === "torch" && /_stddev$/.test(path);

const configOf = (name: string) => goldens["numpy"]?.cases[name]?.config as Model;
const hashesOf = (config: unknown, options: KerasWeightsOptions) =>
  kerasWeights(config, options).map(({ name, data }) =>
    isRounded(options.stream === "keras/torch" ? "torch" : "", name)
      ? "rounded"
      : createHash("sha256").update(data).digest("hex"),
  );

/** A layer that two models hold is listed in both of them. */
function codeOf(name: string, backend: string): Row[] {
  const rows = goldens[backend]?.cases[name]?.code ?? [];
  return name === "layer_of_two_models" ? [...rows.slice(0, 2), ...rows] : rows;
}

/** Keras's paths, without the name of the model itself. */
function pathsOf(name: string): string[] {
  const { class_name, config } = configOf(name);
  const prefix = class_name === "Sequential" ? `${config.name}/` : "";
  return codeOf(name, "numpy").map(([path]) => path.replace(prefix, ""));
}

describe("kerasWeights", () => {
  it(`is tested on ${MODELS} models on each backend`, () => {
    expect(BACKENDS.map((backend) => Object.keys(goldens[backend]?.cases ?? {}))).toEqual(BACKENDS.map(() => names));
    expect(names.length).toBe(MODELS);
  });

  describe.each(BACKENDS)("on %s", (backend) => {
    const { seed, cases } = goldens[backend] as (typeof goldens)[string];
    const stream = `keras/${backend}` as StreamName;

    it.each(names)("gives what model_from_json gives for %s", (name) => {
      const golden = codeOf(name, backend).map(([path], i) =>
        isRounded(backend, path) ? "rounded" : cases[name]?.json[i],
      );
      expect(hashesOf(configOf(name), { seed, stream, order: "json" })).toEqual(golden);
    });

    it.each(names)("gives the bits of the code for %s, or says what is open", (name) => {
      const hashes = hashesOf(configOf(name), { seed, stream });
      const code = codeOf(name, backend).map(([path, , , hash]) => (isRounded(backend, path) ? "rounded" : hash));
      if (name in OPEN) expect(hashes).not.toEqual(code);
      else expect(hashes).toEqual(code);
    });

    it.each(names)("gives the bits of the code for the seeds of %s", (name) => {
      const seeded = cases[name]?.seeded ?? goldens["numpy"]?.cases[name]?.seeded;
      const weights = kerasWeights(seeded, { seed: 0, stream });
      const rows = weights.map(({ shape, dtype, data }) => [
        shape,
        dtype,
        createHash("sha256").update(data).digest("hex"),
      ]);
      expect(rows).toEqual(codeOf(name, backend).map(([, ...row]) => row));
      expect(weights.warnings).toEqual([]);
    });
  });

  it.each(names)("warns of what the JSON of %s leaves open", (name) => {
    const codes = kerasWeights(configOf(name), { seed: 42 }).warnings.map(({ code }) => code);
    if (name in OPEN) expect(codes).toEqual(OPEN[name]);
    // A model whose every seed stands in the JSON is the only one of which nothing is open.
    else expect(codes.length > 0).toBe(name !== "one_seeded_initializer");
    expect(kerasWeights(configOf(name), { seed: 42, order: "json" }).warnings).toEqual([]);
  });

  it.each(names)("names the weights of %s as Keras does", (name) => {
    const made = kerasWeights(configOf(name), { seed: 42 }).map((weight) => weight.name);
    if (OTHER_NAMES.includes(name)) expect(new Set(made).size).toBe(made.length);
    else expect(made).toEqual(pathsOf(name));
    const seeded = kerasWeights(goldens["numpy"]?.cases[name]?.seeded, { seed: 42 });
    if (name === "name_scope") expect(seeded.map((weight) => weight.name)).toEqual(pathsOf(name));
  });

  it("qualifies names that are not unique by their models", () => {
    const made = kerasWeights(configOf("submodels_with_equal_names"), { seed: 42 }).map((weight) => weight.name);
    expect(made).toEqual([
      "functional_1/dense/kernel",
      "functional_1/dense/bias",
      "functional/dense/kernel",
      "functional/dense/bias",
    ]);
  });

  it("begins as Keras does where names prove that the outer layer is made first", () => {
    const [first, , second] = kerasWeights(configOf("nested_calls"), { seed: 42, stream: "keras/tensorflow" });
    expect([first?.name, second?.name]).toEqual(["dense_1/kernel", "dense/kernel"]);
    expect(first?.data[0]).toBeCloseTo(0.8872243, 6);
    expect(second?.data[0]).toBeCloseTo(0.8773805, 6);
  });

  const dense = { class_name: "Dense", config: { name: "dense", units: 2 } };
  const seededModel = (extra: object) => ({
    class_name: "Sequential",
    config: {
      name: "model",
      layers: [
        { class_name: "InputLayer", config: { name: "input", batch_shape: [null, 2] } },
        { ...dense, ...extra },
      ],
    },
  });

  it("takes a seed as a number, as text and as a state", () => {
    const first = (entry: unknown) => kerasWeights(seededModel({ weight_seeds: [entry, null] }), { seed: 0 })[0]?.data;
    expect(first(7)).toEqual(first("7"));
    expect(first(7)).toEqual(first([7, 0]));
    expect(first(7)).not.toEqual(first([7, 1]));
    const values = new Float32Array([1, 2, 3, 4]);
    expect(first({ values: Buffer.from(values.buffer).toString("base64") })).toEqual(values);
  });

  it.each<[string, object, string]>([
    ["no list", { weight_seeds: 3 }, "weight_seeds: expected a list of 2 entries, one for each weight, got 3"],
    ["a short list", { weight_seeds: [1] }, "weight_seeds: expected a list of 2 entries"],
    ["a fraction", { weight_seeds: [1.5, null] }, "weight_seeds: expected null, an integer, [seed, draws]"],
    ["a negative state", { weight_seeds: [[1, -1], null] }, "a state of 0 to 65536 draws, got -1"],
    ["a state without end", { weight_seeds: [[1, 2 ** 40], null] }, "a state of 0 to 65536 draws, got 1099511627776"],
    [
      "values of another length",
      { weight_seeds: [{ values: "AAAA" }, null] },
      "expected the 16 bytes of kernel in base64",
    ],
    ["paths of another length", { weight_seeds: [1, null], weight_paths: ["a"] }, "weight_paths: expected 2 names"],
    ["paths with control characters", { weight_seeds: [1, null], weight_paths: ["a", "b\u001b"] }, "weight_paths: "],
  ])("refuses %s", (_, extra, message) => {
    expect(() => kerasWeights(seededModel(extra), { seed: 0 })).toThrow(message);
  });

  it("gives weights of one path names of their own", () => {
    const extra = { weight_seeds: [1, null], weight_paths: ["a", "a"] };
    expect(kerasWeights(seededModel(extra), { seed: 0 }).map(({ name }) => name)).toEqual([
      "dense/kernel",
      "dense/bias",
    ]);
  });

  it("refuses an unknown order", () => {
    const order = "keras" as "json";
    expect(() => kerasWeights(seededModel({}), { seed: 0, order })).toThrow("order: expected one of code, json");
  });
});
