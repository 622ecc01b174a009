// kerasWeights beside its goldens: spellings, purity, and what bad input gets.
// One file: a table of inputs, a line or two each.

import { describe, expect, it } from "vitest";
import { makeDefaultSeed, setRandomSeed } from "../random/default-seed.ts";
import { KerasModelError } from "./keras-model-error.ts";
import { type KerasWeight, kerasWeightPlans, kerasWeights } from "./keras-weights.ts";

type Json = Record<string, unknown>;

const layer = (className: string, config: Json, extra: Json = {}): Json => ({
  class_name: className,
  config: { name: className.toLowerCase(), ...config },
  ...extra,
});
const input = (...shape: (number | null)[]) => layer("InputLayer", { batch_shape: [null, ...shape] });
const sequential = (...layers: unknown[]): Json => ({ class_name: "Sequential", config: { name: "model", layers } });
const tensor = (name: string) => ({ class_name: "__keras_tensor__", config: { keras_history: [name, 0, 0] } });
const from = (...names: string[]) => ({ inbound_nodes: [{ args: names.map(tensor), kwargs: {} }] });
const functional = (...layers: unknown[]): Json => ({
  class_name: "Functional",
  config: { name: "model", layers, input_layers: ["inputlayer", 0, 0], output_layers: ["dense", 0, 0] },
});

const text = (weights: readonly KerasWeight[]) => weights.map(({ name, shape, data }) => [name, shape, [...data]]);

describe("kerasWeights", () => {
  const expected = text(kerasWeights(sequential(input(3), layer("Dense", { units: 2 })), { seed: 5 }));

  it.each([
    ["text", JSON.stringify(sequential(input(3), layer("Dense", { units: 2 })))],
    ["batchInputShape", sequential(layer("InputLayer", { batchInputShape: [null, 3] }), layer("Dense", { units: 2 }))],
    [
      "batch_input_shape",
      sequential(layer("InputLayer", { batch_input_shape: [null, 3] }), layer("Dense", { units: 2 })),
    ],
    ["batch_input_shape of a layer", sequential(layer("Dense", { units: 2, batch_input_shape: [null, 3] }))],
    ["batchInputShape of a layer", sequential(layer("Dense", { units: 2, batchInputShape: [null, 3] }))],
    [
      "camelCase",
      sequential(input(3), layer("Dense", { units: 2, kernelInitializer: "glorot_uniform", useBias: true })),
    ],
    ["build_config", sequential(layer("Dense", { units: 2 }, { build_config: { input_shape: [null, 3] } }))],
    [
      "a functional of Keras 2",
      {
        class_name: "Model",
        config: {
          name: "model",
          layers: [
            { ...layer("InputLayer", { batch_input_shape: [null, 3] }), inbound_nodes: [] },
            { ...layer("Dense", { units: 2 }), inbound_nodes: [[["inputlayer", 0, 0, {}]]] },
          ],
        },
      },
    ],
    ["a functional", functional(input(3), layer("Dense", { units: 2 }, from("inputlayer")))],
    ["layers out of order", functional(layer("Dense", { units: 2 }, from("inputlayer")), input(3))],
  ])("reads %s", (_, config) => {
    expect(text(kerasWeights(config, { seed: 5 }))).toEqual(expected);
  });

  it("names the weights of nested models by the model", () => {
    const inner = { class_name: "Sequential", config: { name: "inner", layers: [layer("Dense", { units: 4 })] } };
    const weights = kerasWeights(sequential(input(3), inner, layer("Dense", { units: 2 })), { seed: 0 });
    expect(weights.map(({ name, shape }) => `${name} ${shape}`)).toEqual([
      "inner/dense/kernel 3,4",
      "inner/dense/bias 4",
      "dense/kernel 4,2",
      "dense/bias 2",
    ]);
  });

  it.each([
    ["keras/tensorflow", "int64", new BigInt64Array(1)],
    ["keras/jax", "int32", new Int32Array(1)],
    ["keras/torch", "int32", new Int32Array(1)],
    ["keras/numpy", "int32", new Int32Array(1)],
  ] as const)("counts adapted batches of Normalization on %s in %s", (stream, dtype, data) => {
    const weights = kerasWeights(sequential(input(3), layer("Normalization", { dtype: "float16" })), {
      seed: 0,
      stream,
    });
    expect(weights.map((weight) => [weight.name, weight.dtype])).toEqual([
      ["normalization/mean", "float16"],
      ["normalization/variance", "float16"],
      ["normalization/count", dtype],
    ]);
    expect(weights[2]?.data).toEqual(data);
  });

  it.each([
    ["values", `[${"{},".repeat(1_000_000)}{}]`, "of at most 2000000 values"],
    ["depth", `${"[".repeat(201)}${"]".repeat(201)}`, "nested at most 200 deep"],
  ])("refuses text beyond the bound of %s before it is parsed", (_, json, expected) => {
    expect(() => kerasWeights(json, { seed: 0 })).toThrow(`expected JSON ${expected}, got more`);
  });

  it("reads nested models of Keras 2, whose calls are counted from 1", () => {
    const inner = {
      class_name: "Model",
      config: {
        name: "inner",
        layers: [
          { ...layer("InputLayer", { batch_input_shape: [null, 3] }), inbound_nodes: [] },
          { ...layer("Dense", { units: 4 }), inbound_nodes: [[["inputlayer", 0, 0, {}]]] },
        ],
        input_layers: [["inputlayer", 0, 0]],
        output_layers: [["dense", 0, 0]],
      },
    };
    const config = {
      class_name: "Model",
      config: {
        name: "model",
        layers: [
          { ...layer("InputLayer", { batch_input_shape: [null, 3] }), inbound_nodes: [] },
          { ...inner, inbound_nodes: [[["inputlayer", 0, 0, {}]], [["inputlayer", 0, 0, {}]]] },
          layer(
            "Concatenate",
            {},
            {
              inbound_nodes: [
                [
                  ["inner", 1, 0, {}],
                  ["inner", 2, 0, {}],
                ],
              ],
            },
          ),
          layer("Dense", { units: 2 }, { inbound_nodes: [[["concatenate", 0, 0, {}]]] }),
        ],
      },
    };
    const weights = kerasWeights(config, { seed: 0 });
    expect(weights.map(({ name, shape }) => `${name} ${shape}`)).toEqual([
      "inner/dense/kernel 3,4",
      "inner/dense/bias 4",
      "dense/kernel 8,2",
      "dense/bias 2",
    ]);
  });

  it("names the weight for which an initializer has no values", () => {
    const config = sequential(
      input(3, 4),
      layer("Conv1D", { filters: 2, kernel_size: 1, kernel_initializer: "identity" }),
    );
    expect(() => kerasWeights(config, { seed: 0 })).toThrow(/^weight "conv1d\/kernel": Identity .*2D/);
  });

  it("leaves the global seeds alone, and does not use them", () => {
    setRandomSeed(1234);
    expect(text(kerasWeights(sequential(input(3), layer("Dense", { units: 2 })), { seed: 5 }))).toEqual(expected);
    expect(makeDefaultSeed()).toBe(835549144);
  });

  it("takes seeds of any length, and a seed in the config as it is", () => {
    const seeded = layer("Dense", { units: 2, kernel_initializer: { class_name: "HeNormal", config: { seed: 3 } } });
    const [first, second] = [1n, 2n ** 70n].map((seed) => text(kerasWeights(sequential(input(3), seeded), { seed })));
    expect(first).toEqual(second);
  });

  it.each([["1"], [1.5], [undefined], [Number.NaN], [2 ** 60]])("refuses the seed %j", (seed) => {
    expect(() => kerasWeights(sequential(input(3)), { seed: seed as number })).toThrow(/^seed: expected an integer/);
  });

  it("refuses an unknown stream", () => {
    expect(() => kerasWeights(sequential(input(3)), { seed: 0, stream: "keras/mlx" as "keras/jax" })).toThrow(
      /^stream:/,
    );
  });

  const whole = JSON.stringify(sequential(input(3), layer("Dense", { units: 2 })));

  it("refuses the text cut off anywhere", () => {
    for (let end = 0; end < whole.length; end++) {
      expect(() => kerasWeights(whole.slice(0, end), { seed: 0 })).toThrow(KerasModelError);
    }
  });

  const deep = (depth: number): Json => (depth === 0 ? input(3) : { ...sequential(deep(depth - 1)) });
  const merged = (...shapes: number[][]) => ({
    class_name: "Functional",
    config: {
      name: "model",
      layers: [
        ...shapes.map((shape, i) => layer("InputLayer", { name: `i${i}`, batch_shape: [null, ...shape] })),
        layer("Add", {}, { inbound_nodes: [{ args: [shapes.map((_, i) => tensor(`i${i}`))], kwargs: {} }] }),
      ],
    },
  });

  it.each<[string, unknown, string, string]>([
    ["no object", 7, "E_MODEL_CONFIG", "expected the JSON of a Sequential or Functional, got 7"],
    ["a layer alone", layer("Dense", {}), "E_MODEL_CONFIG", 'got the class "Dense"'],
    ["no config", { class_name: "Sequential" }, "E_MODEL_CONFIG", "config: expected an object, got nothing"],
    ["no layers", { class_name: "Sequential", config: { name: "m" } }, "E_MODEL_CONFIG", "layers: expected a list"],
    [
      "an unknown layer",
      sequential(input(3), layer("Desne", {})),
      "E_MODEL_LAYER",
      '"Desne" is not supported; did you mean "Dense"?',
    ],
    [
      "a name of Object.prototype",
      sequential(layer("constructor", {})),
      "E_MODEL_LAYER",
      '"constructor" is not supported',
    ],
    [
      "a layer of another module",
      sequential(layer("Dense", {}, { module: "mine", registered_name: "mine>Dense" })),
      "E_MODEL_LAYER",
      '"mine>Dense" of "mine" is not supported',
    ],
    ["no name", sequential({ class_name: "Dense", config: {} }), "E_MODEL_CONFIG", "Dense: name: expected plain text"],
    [
      "two of one name",
      sequential(input(3), layer("Dense", { units: 1 }), layer("Dense", { units: 1 })),
      "E_MODEL_GRAPH",
      'Dense "dense" twice',
    ],
    [
      "units of text",
      sequential(input(3), layer("Dense", { units: "2" })),
      "E_MODEL_CONFIG",
      'Dense "dense": units: expected an integer of 1 or more, got "2"',
    ],
    [
      "units of none",
      sequential(input(3), layer("Dense", { units: 0 })),
      "E_MODEL_CONFIG",
      "units: expected an integer of 1 or more, got 0",
    ],
    [
      "use_bias of text",
      sequential(input(3), layer("Dense", { units: 1, use_bias: "no" })),
      "E_MODEL_CONFIG",
      "use_bias: expected true or false",
    ],
    [
      "an unknown initializer",
      sequential(input(3), layer("Dense", { units: 1, kernel_initializer: "he_norml" })),
      "E_MODEL_CONFIG",
      'did you mean "he_normal"?',
    ],
    [
      "an initializer's argument",
      sequential(
        input(3),
        layer("Dense", { units: 1, kernel_initializer: { class_name: "HeNormal", config: { sed: 1 } } }),
      ),
      "E_MODEL_CONFIG",
      'kernel_initializer: HeNormal could not be deserialized properly: unknown config key "sed"',
    ],
    [
      "an initializer that Keras lacks",
      sequential(input(3), layer("Dense", { units: 1, kernel_initializer: "kaiming_uniform" })),
      "E_MODEL_CONFIG",
      "kernel_initializer: ",
    ],
    [
      "adapters",
      sequential(input(3), layer("Dense", { units: 1, lora_rank: 2 })),
      "E_MODEL_LAYER",
      "lora_rank: expected nothing (it is not supported), got 2",
    ],
    [
      "a quantized policy",
      sequential(input(3), layer("Dense", { units: 1, dtype: "int8_from_float32" })),
      "E_MODEL_LAYER",
      "dtype: expected one of float32",
    ],
    [
      "no input",
      sequential(layer("Dense", { units: 1 })),
      "E_MODEL_SHAPE",
      'Dense "dense": expected the shape of its input',
    ],
    [
      "an open dimension",
      sequential(input(null), layer("Dense", { units: 1 })),
      "E_MODEL_SHAPE",
      "kernel: the input leaves a dimension of (null, 1) open",
    ],
    [
      "another shape than built for",
      sequential(input(3), layer("Dense", { units: 1 }, { build_config: { input_shape: [null, 4] } })),
      "E_MODEL_SHAPE",
      "input: expected (null, 4), for which it was built, got (null, 3)",
    ],
    [
      "a kernel too large",
      sequential(input(4, 4, 1), layer("Conv2D", { filters: 1, kernel_size: [5, 5] })),
      "E_MODEL_SHAPE",
      "expected 5x5 to fit, got (null, 4, 4, 1)",
    ],
    [
      "another rank",
      sequential(input(4, 4), layer("Conv2D", { filters: 1, kernel_size: 3 })),
      "E_MODEL_SHAPE",
      "input: expected 4 dimensions, got (null, 4, 4)",
    ],
    [
      "groups that do not divide",
      sequential(input(4, 3), layer("Conv1D", { filters: 2, kernel_size: 1, groups: 2 })),
      "E_MODEL_SHAPE",
      "groups: expected a divisor of 3 channels",
    ],
    [
      "a Reshape that does not fit",
      sequential(input(4, 3), layer("Reshape", { target_shape: [5] })),
      "E_MODEL_SHAPE",
      "target_shape: expected the 12 elements",
    ],
    [
      "a weight no array holds",
      sequential(input(100_000), layer("Dense", { units: 100_000 })),
      "E_MODEL_SHAPE",
      "one array holds at most 2147483647",
    ],
    [
      "an axis that is not there",
      sequential(input(3), layer("LayerNormalization", { axis: [5] })),
      "E_MODEL_SHAPE",
      "axis: expected one of (null, 3), got 5",
    ],
    [
      "an equation",
      sequential(input(3), layer("EinsumDense", { equation: "ab->a", output_shape: 1 })),
      "E_MODEL_CONFIG",
      "equation: expected [X],[Y]->[Z]",
    ],
    [
      "Bidirectional of another layer",
      sequential(input(3, 4), layer("Bidirectional", { layer: layer("Dense", { units: 1 }) })),
      "E_MODEL_LAYER",
      "layer: expected SimpleRNN, LSTM, GRU",
    ],
    ["nesting without end", deep(40), "E_MODEL_CONFIG", "at most 32 nested layers"],
    [
      "a loop",
      functional(input(3), layer("Dense", { units: 1 }, from("dense"))),
      "E_MODEL_GRAPH",
      'got none for Dense "dense"',
    ],
    [
      "an input that is not there",
      functional(input(3), layer("Dense", { units: 1 }, from("other"))),
      "E_MODEL_GRAPH",
      'got none for Dense "dense"',
    ],
    [
      "branches that do not fit",
      merged([3, 4], [3, 5]),
      "E_MODEL_SHAPE",
      "expected shapes that fit, got (null, 3, 4), (null, 3, 5)",
    ],
  ])("refuses %s", (_, config, code, message) => {
    let error: unknown;
    try {
      kerasWeights(config, { seed: 0 });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(KerasModelError);
    expect((error as KerasModelError).message).toContain(message);
    expect((error as KerasModelError).code).toBe(code);
  });
});

describe("kerasWeightPlans", () => {
  const generator = { module: "keras.random", class_name: "SeedGenerator", config: { seed: 3, name: "g" } };
  const drawn = { class_name: "RandomNormal", config: { stddev: 1, seed: generator } };
  const model = sequential(
    input(7, 5),
    layer("LSTM", { units: 6, return_sequences: true, name: "lstm", bias_initializer: drawn }),
    layer("BatchNormalization", { name: "norm" }),
    layer("Dense", { units: 9, dtype: "float16", name: "half", kernel_initializer: "he_normal" }),
    layer("Dense", { units: 4, name: "drawn", kernel_initializer: drawn }),
  );

  it.each(["keras/tensorflow", "keras/jax", "keras/torch", "keras/numpy"] as const)(
    "fills in slices what kerasWeights returns on %s",
    (stream) => {
      const options = { seed: 11, stream };
      const weights = kerasWeights(model, options);
      const plans = kerasWeightPlans(model, options);
      expect(plans.map(({ name, shape, dtype }) => [name, shape, dtype])).toEqual(
        weights.map(({ name, shape, dtype }) => [name, shape, dtype]),
      );
      for (const [i, { data }] of weights.entries()) {
        const whole = (data as Float32Array).slice().fill(0);
        // From the end to the start, so that no slice can lean on the one before.
        for (let at = data.length - (data.length % 5 || 5); at >= 0; at -= 5) {
          plans[i]?.fill(whole.subarray(at, at + 5), at);
        }
        expect([weights[i]?.name, ...whole]).toEqual([weights[i]?.name, ...data]);
      }
      const isCounter = stream === "keras/tensorflow" || stream === "keras/jax";
      const randomAccess = Object.fromEntries(plans.map((plan) => [plan.name, plan.randomAccess]));
      expect(randomAccess).toMatchObject({
        "lstm/lstm_cell/kernel": isCounter,
        "lstm/lstm_cell/recurrent_kernel": false,
        "lstm/lstm_cell/bias": false,
        "norm/gamma": true,
        "half/kernel": isCounter,
        "drawn/kernel": false,
      });
    },
  );

  it("refuses what has no values before any is asked for", () => {
    const bad = sequential(input(3), layer("Dense", { units: 2, dtype: "bfloat16", kernel_initializer: "orthogonal" }));
    const flat = sequential(input(3), layer("Dense", { units: 2, bias_initializer: "orthogonal" }));
    expect(() => kerasWeightPlans(flat, { seed: 1 })).toThrow(/weight "dense\/bias": .*at least two-dimensional/);
    expect(() => kerasWeightPlans(bad, { seed: 1 })).toThrow(/weight "dense\/kernel": dtype: expected one of float32/);
  });
});
