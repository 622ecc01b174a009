// The variables that Keras's layers save, by class: their names in the order of `vars/0`, `vars/1`, ..., and the layers within.
// Source: keras/src/layers 3.15.1: add_weight calls and save_own_variables; saving_lib.py (_walk_saveable: names of attributes).

import type { Json, JsonObject } from "../parse-json.ts";

/** A layer of a config: its class, name and settings. */
export interface ConfigLayer {
  readonly className: string;
  readonly name: string;
  readonly config: JsonObject;
  /** Layers that several models share are saved once. */
  readonly sharedId: Json | undefined;
}

/** A layer within another: the path of attributes to it, and itself. */
export interface ConfigChild {
  readonly path: string;
  readonly layer: ConfigLayer;
}

/** What a class saves. */
export interface SavedLayer {
  /** Names of its own variables, in the order of the file. A name with a slash is a variable of a layer within. */
  variables?(layer: ConfigLayer): readonly string[];
  children?(layer: ConfigLayer): readonly ConfigChild[];
}

const unset: JsonObject = new Map();

/** Reads a layer from its JSON; undefined if it is none. */
export function configLayer(json: Json | undefined): ConfigLayer | undefined {
  if (!(json instanceof Map)) return undefined;
  const className = json.get("class_name");
  const config = json.get("config");
  if (typeof className !== "string") return undefined;
  const settings = config instanceof Map ? config : unset;
  const name = settings.get("name") ?? json.get("name");
  return {
    className,
    name: typeof name === "string" ? name : snakeCase(className),
    config: Array.isArray(config) ? new Map([["layers", config as Json]]) : settings,
    sharedId: json.get("shared_object_id"),
  };
}

/** Names of Python's classes where the config has another. */
const pythonNames: Readonly<Record<string, string>> = { GroupQueryAttention: "GroupedQueryAttention" };

/** The name of a class as Keras writes it in paths (keras/src/utils/naming.py, to_snake_case). */
export function snakeCase(className: string): string {
  return (pythonNames[className] ?? className)
    .replace(/[^\p{L}\p{N}_]+/gu, "")
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}

const is = (layer: ConfigLayer, key: string, otherwise = true): boolean => {
  const value = layer.config.get(key);
  return value === undefined ? otherwise : value !== false && value !== null;
};

const withBias =
  (...kernels: string[]) =>
  (layer: ConfigLayer): readonly string[] =>
    is(layer, "use_bias") ? [...kernels, "bias"] : kernels;

/** The mode of a quantized layer; its variables differ. */
function quantization({ config }: ConfigLayer): string | undefined {
  const policy = config.get("dtype");
  if (!(policy instanceof Map) || !String(policy.get("class_name")).startsWith("Quantized")) return undefined;
  const settings = policy.get("config");
  return settings instanceof Map ? String(settings.get("mode")) : "unknown";
}

/** Quantized layers add a scale, in int8 only; other modes are not named. */
const quantizable =
  (names: (layer: ConfigLayer) => readonly string[], scaled: string): NonNullable<SavedLayer["variables"]> =>
  (layer) => {
    const mode = quantization(layer);
    if (mode === undefined) return names(layer);
    return mode === "int8" ? [...names(layer), `${scaled}_scale`] : [];
  };

const scaleAndOffset = (layer: ConfigLayer): string[] => [
  ...(is(layer, "scale") ? ["gamma"] : []),
  ...(is(layer, "center") ? ["beta"] : []),
];

function child(path: string, className: string, name: string, config: JsonObject = unset): ConfigChild {
  return { path, layer: { className, name, config, sharedId: undefined } };
}

const convolution: SavedLayer = { variables: withBias("kernel") };
const separable: SavedLayer = { variables: withBias("depthwise_kernel", "pointwise_kernel") };
const recurrentCell: SavedLayer = { variables: withBias("kernel", "recurrent_kernel") };

/** A recurrent layer that makes its cell of its own settings. */
const recurrent = (cell: string): SavedLayer => ({
  children: ({ config }) => [child("cell", cell, snakeCase(cell), config)],
});

/** Layers in a list, named after their classes. */
export function containerOf(path: string, layers: readonly ConfigLayer[]): ConfigChild[] {
  const used = new Map<string, number>();
  return layers.map((layer) => {
    const name = snakeCase(layer.className);
    const count = used.get(name);
    used.set(name, (count ?? -1) + 1);
    return { path: `${path}/${count === undefined ? name : `${name}_${count + 1}`}`, layer };
  });
}

function wrapped(layer: ConfigLayer, key = "layer"): ConfigLayer | undefined {
  return configLayer(layer.config.get(key));
}

/** The dense layers of an attention layer: the attribute and the name of each. */
const projections =
  (hidden: boolean): NonNullable<SavedLayer["children"]> =>
  ({ config }) => {
    const gate: [string, string][] = config.get("use_gate") === true ? [["_gate_dense", "gate"]] : [];
    const mark = hidden ? "_" : "";
    const parts: [string, string][] = [
      [`${mark}query_dense`, "query"],
      [`${mark}key_dense`, "key"],
      ...gate,
      [`${mark}value_dense`, "value"],
      [`${mark}output_dense`, "attention_output"],
    ];
    return parts.map(([path, name]) => child(path, "Projection", name, config));
  };

const renamed = (layer: ConfigLayer, prefix: string): ConfigLayer => {
  const bare = layer.name.startsWith(prefix) ? layer.name.slice(prefix.length) : layer.name;
  return { ...layer, name: `${prefix}${bare}` };
};

/** Every class that has variables of its own or layers within. Classes of Keras that are not here save nothing. */
export const savedLayers: Readonly<Record<string, SavedLayer>> = {
  Dense: { variables: quantizable(withBias("kernel"), "kernel") },
  EinsumDense: {
    variables: quantizable((layer) => (is(layer, "bias_axes", false) ? ["kernel", "bias"] : ["kernel"]), "kernel"),
  },
  Projection: { variables: withBias("kernel") },
  Embedding: { variables: quantizable(() => ["embeddings"], "embeddings") },
  ReversibleEmbedding: {
    variables: (layer) => ["embeddings", ...(is(layer, "tie_weights") ? [] : ["reverse_embeddings"])],
  },
  Conv1D: convolution,
  Conv2D: convolution,
  Conv3D: convolution,
  Conv1DTranspose: convolution,
  Conv2DTranspose: convolution,
  Conv3DTranspose: convolution,
  DepthwiseConv1D: convolution,
  DepthwiseConv2D: convolution,
  SeparableConv1D: separable,
  SeparableConv2D: separable,
  BatchNormalization: { variables: (layer) => [...scaleAndOffset(layer), "moving_mean", "moving_variance"] },
  LayerNormalization: {
    variables: (layer) => (is(layer, "rms_scaling", false) ? ["gamma"] : scaleAndOffset(layer)),
  },
  GroupNormalization: { variables: scaleAndOffset },
  RMSNormalization: { variables: () => ["scale"] },
  Normalization: {
    variables: (layer) =>
      is(layer, "mean", false) || is(layer, "variance", false) ? [] : ["mean", "variance", "count"],
  },
  PReLU: { variables: () => ["alpha"] },
  // Of keras.applications' ConvNeXt, which gives its variable no name.
  LayerScale: { variables: () => ["variable"] },
  STFTSpectrogram: { variables: () => ["real_kernel", "imag_kernel"] },
  Attention: {
    variables: (layer) => [
      ...(is(layer, "use_scale", false) ? ["scale"] : []),
      ...(layer.config.get("score_mode") === "concat" ? ["concat_score_weight"] : []),
    ],
  },
  AdditiveAttention: { variables: (layer) => (is(layer, "use_scale") ? ["scale"] : []) },
  MultiHeadAttention: { children: projections(false) },
  GroupQueryAttention: { children: projections(true) },
  SimpleRNNCell: recurrentCell,
  LSTMCell: recurrentCell,
  GRUCell: recurrentCell,
  ConvLSTMCell: recurrentCell,
  SimpleRNN: recurrent("SimpleRNNCell"),
  LSTM: recurrent("LSTMCell"),
  GRU: recurrent("GRUCell"),
  ConvLSTM1D: recurrent("ConvLSTMCell"),
  ConvLSTM2D: recurrent("ConvLSTMCell"),
  ConvLSTM3D: recurrent("ConvLSTMCell"),
  RNN: {
    children(layer) {
      const cell = wrapped(layer, "cell");
      return cell ? [{ path: "cell", layer: cell }] : [];
    },
  },
  StackedRNNCells: {
    children({ config }) {
      const cells = config.get("cells");
      const layers = Array.isArray(cells) ? cells.map(configLayer) : [];
      return containerOf(
        "cells",
        layers.filter((layer) => layer !== undefined),
      );
    },
  },
  TimeDistributed: {
    children(layer) {
      const inner = wrapped(layer);
      return inner ? [{ path: "layer", layer: inner }] : [];
    },
  },
  Bidirectional: {
    children(layer) {
      const inner = wrapped(layer);
      if (inner === undefined) return [];
      const backward = wrapped(layer, "backward_layer") ?? renamed(inner, "backward_");
      return [
        { path: "forward_layer", layer: renamed(inner, "forward_") },
        { path: "backward_layer", layer: backward },
      ];
    },
  },
  SpectralNormalization: {
    // Its first variable is the kernel of the layer within, saved a second time.
    variables(layer) {
      const inner = wrapped(layer);
      return [`${inner?.name}/${inner?.className === "Embedding" ? "embeddings" : "kernel"}`, "vector_u"];
    },
    children(layer) {
      const inner = wrapped(layer);
      return inner ? [{ path: "layer", layer: inner }] : [];
    },
  },
};
