// From the JSON of a layer to the layer: its class looked up, its options read, its seeds drawn.
// Source: keras/src/saving/serialization_lib.py (deserialize_keras_object), keras/src/dtype_policies 3.15.1.

import { describeBriefly, suggestion } from "@fanin/tensor/arguments";
import { isRecord, type JsonObject } from "../initializers/json-object.ts";
import type { StreamName } from "../random/stream-names.ts";
import { ConfigReader } from "./config-reader.ts";
import { KerasModelError } from "./keras-model-error.ts";
import type { Construction, LayerDefinition, NamedLayer, WeightDType, WeightPlan } from "./layer.ts";
import { layerInitializer } from "./layer-initializer.ts";
import { operation } from "./layers/weightless.ts";
import { formatPartial, type PartialShape } from "./partial-shape.ts";
import type { Seeds } from "./seeds.ts";
import { type ConstructionOrder, isModelClass, makeEvent, type Unit } from "./unit.ts";

/** What all layers of one model share. */
export interface Workshop {
  readonly layers: Readonly<Record<string, LayerDefinition>>;
  readonly seeds: Seeds;
  readonly stream: StreamName;
  readonly order: ConstructionOrder;
  /** Takes every layer of the model and of its submodels, the inner ones first. */
  readonly units: Unit[];
  /** The number of the model's own InputLayer among those that Keras named, to tell which submodels are older. */
  readonly firstInput: number | undefined;
}

/** Where a layer is constructed. */
interface Place {
  readonly path: string;
  readonly parent: Unit | undefined;
  /** The layer of a model that the constructed one is a part of, as a wrapper has parts. */
  readonly whole: Unit | undefined;
  readonly depth: number;
}

const ROOT: Place = { path: "", parent: undefined, whole: undefined, depth: 0 };

/** Models and wrappers nest no deeper than this. */
const MAX_DEPTH = 32;

/** The most elements that one array holds. */
const LONGEST = 2 ** 31 - 1;

const dtypes: ReadonlyMap<string, WeightDType> = new Map([
  ["float32", "float32"],
  ["mixed_float16", "float32"],
  ["mixed_bfloat16", "float32"],
  ["float16", "float16"],
  ["bfloat16", "bfloat16"],
  ["float64", "float64"],
]);

/** Backends that keep a variable of float64 as float32. */
const NARROW: readonly StreamName[] = ["keras/jax", "keras/numpy"];

/** The element type of the weights under a layer's dtype policy. */
function weightDType(config: ConfigReader, stream: StreamName): WeightDType {
  const policy = config.get("dtype");
  const inner = isRecord(policy) && isRecord(policy["config"]) ? policy["config"]["name"] : policy;
  const dtype = dtypes.get(typeof inner === "string" ? inner : policy === undefined ? "float32" : "");
  if (!dtype) return config.fail("dtype", `one of ${[...dtypes.keys()].join(", ")}`, inner, "E_MODEL_LAYER");
  return dtype === "float64" && NARROW.includes(stream) ? "float32" : dtype;
}

/** The definition of a class; one of a module that is not Keras's own is another class of the same name. */
function definitionOf(workshop: Workshop, className: string, json: JsonObject): LayerDefinition {
  const { layers } = workshop;
  const module = json["module"] ?? "keras";
  const registered = json["registered_name"];
  const isOperation = typeof module === "string" && /^keras\.(src\.)?ops(\.|$)/.test(module);
  if (isOperation) return operation;
  const isOwn = typeof module === "string" && /^keras(\.|$)/.test(module);
  const isCustom = !isOwn || (typeof registered === "string" && registered.includes(">"));
  const definition = Object.hasOwn(layers, className) ? layers[className] : undefined;
  if (definition && !isCustom) return definition;
  const what = isCustom
    ? `${describeBriefly(registered ?? className)} of ${describeBriefly(module)}`
    : JSON.stringify(className);
  const near = isCustom ? "" : suggestion(className, Object.keys(layers));
  throw new KerasModelError("E_MODEL_LAYER", "model", `the layer ${what} is not supported${near}`);
}

/**
 * Makes a layer from its JSON.
 *
 * @throws KerasModelError for one that is unknown or malformed; the message names it.
 */
export function construct(json: unknown, workshop: Workshop, place: Place = ROOT): NamedLayer {
  if (place.depth > MAX_DEPTH) {
    throw new KerasModelError("E_MODEL_CONFIG", "model", `expected at most ${MAX_DEPTH} nested layers`);
  }
  if (!isRecord(json))
    throw new KerasModelError("E_MODEL_CONFIG", "model", `expected a layer, got ${describeBriefly(json)}`);
  const className = json["class_name"] ?? json["className"];
  if (typeof className !== "string") {
    throw new KerasModelError(
      "E_MODEL_CONFIG",
      "model",
      `class_name: expected a string, got ${describeBriefly(className)}`,
    );
  }
  const definition = definitionOf(workshop, className, json);
  const options = json["config"];
  if (!isRecord(options)) {
    throw new KerasModelError(
      "E_MODEL_CONFIG",
      className,
      `config: expected an object, got ${describeBriefly(options)}`,
    );
  }
  const name = options["name"] ?? json["name"];
  // A name goes into files and onto terminals: no control or formatting characters.
  if (typeof name !== "string" || !/^[^/\p{C}]+$/u.test(name)) {
    throw new KerasModelError(
      "E_MODEL_CONFIG",
      className,
      `name: expected plain text without "/", got ${describeBriefly(name)}`,
    );
  }
  const where = `${className} ${JSON.stringify(name)}`;
  const config = new ConfigReader(where, options);
  const { path, parent, whole } = place;
  const unit: Unit = whole ?? { path, parent, className, name, where, json, names: [], initializers: [] };
  unit.names.push({ className, name });
  const make = () => definition(constructionOf({ config, className, name, json }, workshop, place, unit));
  const layer = whole ? make() : workshop.seeds.during(makeEvent(unit), make);
  if (!whole) workshop.units.push(unit);
  return { ...layer, name, className, where, json, unit };
}

type Identity = Pick<Construction, "config" | "className" | "name" | "json">;

function constructionOf(identity: Identity, workshop: Workshop, place: Place, unit: Unit): Construction {
  const { config } = identity;
  const isContainer = place.whole === undefined && isModelClass(identity.className);
  let children = 0;
  const { seeds, stream } = workshop;
  const { where } = config;
  let known: WeightDType | undefined;
  const dtypeOfWeights = (): WeightDType => {
    known ??= weightDType(config, stream);
    return known;
  };
  const computed: Construction["computed"] = (name, shape, initializer, values): WeightPlan => {
    const sizes = expectKnown(where, name, shape);
    return {
      ...{ name, qualifiedName: name, isRooted: false, shape: sizes, dtype: dtypeOfWeights() },
      initializer: null,
      values: () => values(sizes, initializer.values),
      reseeded: (seed) => computed(name, shape, initializer.withSeed(seed), values),
    };
  };
  const weight: Construction["weight"] = (name, shape, initializer, dtype = dtypeOfWeights()): WeightPlan => {
    const sizes = expectKnown(where, name, shape);
    return {
      ...{ name, qualifiedName: name, isRooted: false, shape: sizes, dtype },
      initializer: initializer.values,
      values: () => initializer.values(sizes, { dtype }),
      reseeded: (seed) => weight(name, shape, initializer.withSeed(seed), dtype),
    };
  };
  const readInitializer = (serialized: unknown, key: string, fallback: string) =>
    layerInitializer(serialized, {
      ...{ where, key, fallback, seeds, stream },
      found: (initializer) => unit.initializers.push(initializer),
    });
  return {
    ...identity,
    seeds,
    // Read only where there are weights: an input of int64 has none.
    get dtype() {
      return dtypeOfWeights();
    },
    initializer: (key, fallback) =>
      readInitializer((key === null ? undefined : config.get(key)) ?? fallback, key ?? fallback, fallback),
    constant: (value) => readInitializer({ class_name: "Constant", config: { value } }, "constant", "zeros"),
    // keras.backend.standardize_dtype("int").
    count: (name) =>
      weight(name, [], readInitializer("zeros", name, "zeros"), stream === "keras/tensorflow" ? "int64" : "int32"),
    drawSeed() {
      if (config.get("seed") === undefined) seeds.next();
    },
    weight,
    computed,
    order: workshop.order,
    firstInput: workshop.firstInput,
    construct: (inner) =>
      construct(inner, workshop, {
        path: `${place.path}/${children++}`,
        parent: unit,
        whole: isContainer ? undefined : unit,
        depth: place.depth + 1,
      }),
  };
}

/** A weight's shape, all of whose dimensions must be known and together fit one array. */
function expectKnown(where: string, name: string, shape: PartialShape): readonly number[] {
  const sizes = shape.map((size) => {
    if (size !== null) return size;
    throw new KerasModelError(
      "E_MODEL_SHAPE",
      where,
      `${name}: the input leaves a dimension of ${formatPartial(shape)} open`,
    );
  });
  const count = sizes.reduce((product, size) => product * size, 1);
  if (count <= LONGEST) return sizes;
  const message = `${name}: ${formatPartial(shape)} holds ${count} elements; one array holds at most ${LONGEST}`;
  throw new KerasModelError("E_MODEL_SHAPE", where, message);
}
