// SimpleRNN, LSTM and GRU, and the wrappers that hold one layer: Bidirectional and TimeDistributed.
// Source: keras/src/layers/rnn/*.py 3.15.1.

import type { Shape, Tensor } from "@fanin/tensor";
import type { Initializer } from "../../initializers/initializer.ts";
import { isRecord, type JsonObject } from "../../initializers/json-object.ts";
import { KerasModelError } from "../keras-model-error.ts";
import {
  belowName,
  type Construction,
  inputOf,
  type LayerDefinition,
  type NamedLayer,
  prefixed,
  type WeightDType,
} from "../layer.ts";
import { formatPartial, type PartialShape } from "../partial-shape.ts";

/** How the cells differ. */
interface Cell {
  /** The name under which Keras keeps the cell's weights. */
  readonly name: string;
  readonly gates: number;
  /** How many states a step hands on. */
  readonly states: number;
  /** Whether the seed of its dropout is drawn before those of its initializers. */
  readonly drawsFirst?: boolean;
  bias?(construction: Construction, units: number): PartialShape;
  biasValues?(
    construction: Construction,
    units: number,
  ): ((shape: Shape, bias: Initializer) => Tensor<WeightDType>) | undefined;
}

const simpleRnnCell: Cell = { name: "simple_rnn_cell", gates: 1, states: 1, drawsFirst: true };

/** The bias of the forget gate, the second of four, begins at 1. */
const lstmCell: Cell = {
  name: "lstm_cell",
  gates: 4,
  states: 2,
  biasValues({ config, initializer, dtype }, units) {
    if (!config.boolean("unit_forget_bias", true)) return undefined;
    const ones = initializer(null, "ones");
    return (shape, bias) => {
      const whole = ones.values(shape, { dtype });
      const data = whole.data as Float32Array; // of the layer's dtype, which is no integer
      data.set(bias([units], { dtype }).data as Float32Array, 0);
      data.set(bias([2 * units], { dtype }).data as Float32Array, 2 * units);
      return whole;
    };
  },
};

/** One bias for the input and one for the recurrence, unless the reset comes before the product. */
const gruCell: Cell = {
  name: "gru_cell",
  gates: 3,
  states: 1,
  bias: ({ config }, units) => (config.boolean("reset_after", true) ? [2, 3 * units] : [3 * units]),
};

/** kernel (in, gates * units), recurrent_kernel (units, gates * units), bias. */
function recurrent(cell: Cell): LayerDefinition {
  return (construction) => {
    const { config, initializer, weight, computed } = construction;
    const units = config.integer("units");
    const useBias = config.boolean("use_bias", true);
    const returnSequences = config.boolean("return_sequences", false);
    const returnState = config.boolean("return_state", false);
    if (cell.drawsFirst) construction.drawSeed();
    const kernel = initializer("kernel_initializer", "glorot_uniform");
    const recurrentKernel = initializer("recurrent_initializer", "orthogonal");
    const bias = initializer("bias_initializer", "zeros");
    const biasShape = cell.bias?.(construction, units) ?? [cell.gates * units];
    const biasValues = cell.biasValues?.(construction, units);
    if (!cell.drawsFirst) construction.drawSeed();
    return {
      inputNames: ["sequences", "initial_state"],
      build(inputs) {
        const shape = expectSequences(config.where, inputOf(inputs, "sequences"));
        const plans = [
          weight("kernel", [shape[2] ?? null, cell.gates * units], kernel),
          weight("recurrent_kernel", [units, cell.gates * units], recurrentKernel),
        ];
        if (useBias)
          plans.push(biasValues ? computed("bias", biasShape, bias, biasValues) : weight("bias", biasShape, bias));
        return prefixed(cell.name, plans);
      },
      outputs(inputs) {
        const [batch = null, steps = null] = expectSequences(config.where, inputOf(inputs, "sequences"));
        const output = returnSequences ? [batch, steps, units] : [batch, units];
        return returnState ? [output, ...new Array<PartialShape>(cell.states).fill([batch, units])] : [output];
      },
    };
  };
}

function expectSequences(where: string, shape: PartialShape): PartialShape {
  if (shape.length === 3) return shape;
  const message = `input: expected (batch, steps, features), got ${formatPartial(shape)}`;
  throw new KerasModelError("E_MODEL_SHAPE", where, message);
}

export const simpleRnn: LayerDefinition = recurrent(simpleRnnCell);
export const lstm: LayerDefinition = recurrent(lstmCell);
export const gru: LayerDefinition = recurrent(gruCell);

/** What Bidirectional takes. */
const CELLS: readonly string[] = ["SimpleRNN", "LSTM", "GRU"];

/** The config of a layer inside a wrapper. */
function innerConfig(json: unknown): JsonObject {
  const config = isRecord(json) ? json["config"] : undefined;
  return isRecord(config) ? config : {};
}

/** Whether Keras itself made the backward layer from the forward one: it then bears its name. */
function isMirrored(layer: JsonObject, backward: JsonObject): boolean {
  const bare = String(layer["name"]).replace(/^forward_/, "");
  return String(backward["name"]) === `backward_${bare}`;
}

/**
 * The weights of both directions. Code that gives one layer makes three: the given one, and copies of it, forward and then
 * backward. Code that gives a backward layer too, and `model_from_json`, which finds both in the JSON, make the layer, the
 * backward layer, and a copy of the first, forward.
 */
export const bidirectional: LayerDefinition = ({ config, construct, order }) => {
  const layerJson = config.object("layer");
  const backwardJson = config.get("backward_layer") === undefined ? undefined : config.object("backward_layer");
  const merge = config.choice("merge_mode", ["concat", "sum", "mul", "ave"], "concat");
  const rename = (direction: string, json: JsonObject): JsonObject => {
    const inner = innerConfig(json);
    const bare = String(inner["name"]).replace(new RegExp(`^${direction}_`), "");
    return { ...json, config: { ...inner, name: `${direction}_${bare}` } };
  };
  for (const json of [layerJson, backwardJson ?? layerJson]) {
    const className = json["class_name"];
    if (!CELLS.includes(String(className))) config.fail("layer", CELLS.join(", "), className, "E_MODEL_LAYER");
  }
  construct(layerJson);
  let forward: NamedLayer;
  let backward: NamedLayer;
  if (backwardJson && (order === "json" || !isMirrored(innerConfig(layerJson), innerConfig(backwardJson)))) {
    backward = construct(backwardJson);
    forward = construct(rename("forward", layerJson));
  } else {
    forward = construct(rename("forward", layerJson));
    backward = construct(backwardJson ?? rename("backward", layerJson));
  }
  return {
    inputNames: ["sequences", "initial_state"],
    build: (inputs) => [forward, backward].flatMap((layer) => prefixed(layer.name, layer.build?.(inputs) ?? [])),
    outputs(inputs) {
      const [output = [], ...states] = forward.outputs?.(inputs) ?? [];
      const last = output.at(-1) ?? null;
      const concatenated = [...output.slice(0, -1), last === null ? null : 2 * last];
      // null gives both outputs; a missing key means the default.
      if (config.isNull("merge_mode")) return [output, output, ...states, ...states];
      return [merge === "concat" ? concatenated : output, ...states, ...states];
    },
  };
};

/** The weights of the layer that is applied to every step. */
export const timeDistributed: LayerDefinition = ({ config, construct }) => {
  const layer = construct(config.object("layer"));
  const [name = "input"] = layer.inputNames ?? [];
  const child = (shape: PartialShape) => {
    if (shape.length >= 3) return { [name]: [[shape[0] ?? null, ...shape.slice(2)]] };
    const message = `input: expected 3 dimensions or more, got ${formatPartial(shape)}`;
    throw new KerasModelError("E_MODEL_SHAPE", config.where, message);
  };
  return {
    build: (inputs) => belowName(layer, layer.build?.(child(inputOf(inputs))) ?? []),
    outputs(inputs) {
      const shape = inputOf(inputs);
      const inner = child(shape);
      const outputs = layer.outputs ? layer.outputs(inner) : inner[name];
      return outputs?.map(([batch = null, ...rest]) => [batch, shape[1] ?? null, ...rest]);
    },
  };
};
