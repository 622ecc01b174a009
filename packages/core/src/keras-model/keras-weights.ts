// kerasWeights: the initial weights of a whole Keras model, from its JSON and a seed.
// Source: Keras 3.15.1; which layers draw seeds when, and the order of weights, as in the sources that each layer names.

import { type ArrayOf, elementTypes, type Shape, sizeOf, type Tensor } from "@fanin/tensor";
import { describeBriefly, expectOneOf, jsonBounds, jsonExcess } from "@fanin/tensor/arguments";
import type { Initializer } from "../initializers/initializer.ts";
import { isRecord, type JsonObject } from "../initializers/json-object.ts";
import { expectSeedInteger } from "../random/seed.ts";
import { DEFAULT_STREAM, expectStreamName, type StreamName } from "../random/stream-names.ts";
import { construct } from "./construct.ts";
import { constructionEvents } from "./construction-order.ts";
import { constructionWarnings, type KerasModelWarning } from "./construction-warnings.ts";
import { KerasModelError } from "./keras-model-error.ts";
import type { WeightDType, WeightPlan } from "./layer.ts";
import { layers } from "./layers/index.ts";
import { Seeds, seedTable } from "./seeds.ts";
import { automaticName, type ConstructionOrder, isModelClass, type Unit } from "./unit.ts";

/** Options of {@link kerasWeights}. */
export interface KerasWeightsOptions {
  /** What `keras.utils.set_random_seed` is given. */
  readonly seed: number | bigint;
  /** The backend that Keras runs on. Defaults to `keras/tensorflow`. */
  readonly stream?: StreamName | undefined;
  /**
   * In which order layers draw their seeds: `"json"` as `keras.models.model_from_json` makes them, `"code"` as the code made
   * them, as far as the names in the JSON show. Defaults to `"code"`.
   */
  readonly order?: ConstructionOrder | undefined;
}

/**
 * One weight: values of `dtype`, which is float32 unless the layer's policy says otherwise, and a name such as
 * `dense/kernel` or `bidirectional/forward_gru/gru_cell/bias`: Keras's path without the model's own name.
 */
export type KerasWeight = { readonly [D in WeightDType]: Tensor<D> & { readonly name: string } }[WeightDType];

function parse(config: unknown): unknown {
  if (typeof config !== "string") return config;
  const excess = jsonExcess(config, jsonBounds.values, jsonBounds.depth);
  if (excess !== undefined) {
    const expected =
      excess === "values" ? `of at most ${jsonBounds.values} values` : `nested at most ${jsonBounds.depth} deep`;
    throw new KerasModelError("E_MODEL_JSON", "model", `expected JSON ${expected}, got more`);
  }
  try {
    return JSON.parse(config) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new KerasModelError("E_MODEL_JSON", "model", `expected the text of model.to_json(), got ${reason}`, {
      cause,
    });
  }
}

/** The plans of a model, with what its construction leaves open. */
interface ModelPlans {
  readonly plans: readonly WeightPlan[];
  readonly warnings: readonly KerasModelWarning[];
}

/** The number in the name of the first layer, where it is an InputLayer that Keras named. */
function firstInputOf(json: JsonObject): number | undefined {
  const config = json["config"];
  const [first] = isRecord(config) && Array.isArray(config["layers"]) ? (config["layers"] as unknown[]) : [];
  if (!isRecord(first) || !isRecord(first["config"])) return undefined;
  return automaticName("InputLayer", String(first["config"]["name"]))?.[1];
}

/** Names as Keras has them; the models around a weight are named too where the path alone is not unique. */
function named(plans: readonly WeightPlan[], where: string): readonly WeightPlan[] {
  const counts = new Map<string, number>();
  for (const { name } of plans) counts.set(name, (counts.get(name) ?? 0) + 1);
  const names = new Set<string>();
  let nameless = 0;
  return plans.map((plan) => {
    const path = counts.get(plan.name) === 1 ? plan.name : plan.qualifiedName;
    const name = path.replace(/\/variable$/, (bare) => (nameless++ === 0 ? bare : `${bare}_${nameless - 1}`));
    if (names.has(name)) {
      throw new KerasModelError("E_MODEL_GRAPH", where, `two weights are named ${describeBriefly(name)}`);
    }
    names.add(name);
    return { ...plan, name };
  });
}

function plansOf(config: unknown, { seed, stream, order }: Choices): ModelPlans {
  const json = parse(config);
  const className = isRecord(json) ? (json["class_name"] ?? json["className"]) : undefined;
  if (!isRecord(json) || typeof className !== "string" || !isModelClass(className)) {
    const got = isRecord(json) ? `the class ${describeBriefly(className)}` : describeBriefly(json);
    throw new KerasModelError("E_MODEL_CONFIG", "model", `expected the JSON of a Sequential or Functional, got ${got}`);
  }
  const build = (seeds: Seeds, units: Unit[]) => {
    const model = construct(json, { layers, seeds, stream, order, units, firstInput: firstInputOf(json) });
    return { where: model.where, plans: model.build?.({}) ?? [] };
  };
  // Once to see which layers draw how many seeds, once to draw them.
  const counting = new Seeds();
  const units: Unit[] = [];
  build(counting, units);
  const { events, unproven } = constructionEvents(units, order, counting.counts);
  const { plans, where } = build(new Seeds(seedTable(seed, events, counting.counts)), []);
  const warnings = order === "json" ? [] : constructionWarnings(units, unproven, counting.counts);
  return { plans: named(plans, where), warnings };
}

function refusal(name: string, cause: unknown): KerasModelError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new KerasModelError("E_MODEL_SHAPE", `weight ${JSON.stringify(name)}`, reason, { cause });
}

/** Draws one weight; an initializer may have no values for a shape or an element type. */
function valuesOf(plan: WeightPlan): KerasWeight {
  try {
    return { name: plan.name, ...plan.values() } as KerasWeight;
  } catch (cause) {
    throw refusal(plan.name, cause);
  }
}

/** What {@link kerasWeights} and {@link kerasWeightPlans} return: a list that says how sure its seeds are. */
export interface KerasWeightList<W> extends ReadonlyArray<W> {
  /** What the JSON leaves open about the code that made the model; empty with `order: "json"`, where nothing is open. */
  readonly warnings: readonly KerasModelWarning[];
}

function listed<W>(weights: readonly W[], warnings: readonly KerasModelWarning[]): KerasWeightList<W> {
  return Object.assign([...weights], { warnings });
}

/** The options, checked. */
interface Choices {
  readonly seed: bigint;
  readonly stream: StreamName;
  readonly order: ConstructionOrder;
}

function choicesOf(options: KerasWeightsOptions): Choices {
  const seed = expectSeedInteger("seed", options?.seed);
  const stream = expectStreamName(options.stream ?? DEFAULT_STREAM);
  return { seed, stream, order: expectOneOf("order", options.order ?? "code", ["code", "json"]) };
}

/**
 * Every weight of a Keras 3 model, in the order of `model.weights`, as it is before training, bit for bit (orthogonal
 * kernels to about 1e-6).
 *
 * `config` is what `model.to_json()` returns, as text or parsed. With `order: "json"` the weights are those of
 * `keras.utils.set_random_seed(seed); keras.models.model_from_json(json)`. By default they are those of the code that made
 * the model, as far as the JSON shows its order: names that Keras gave (`dense` is made before `dense_1`) prove another
 * order than the JSON's, as in `Dense(1)(Dense(3)(x))`, and a Bidirectional whose backward layer Keras made itself is made as
 * code makes it. Where nothing proves another order, the two are the same. `warnings` of the result says what stays open;
 * a JSON in which every seed stands, as the script of `fanin model --script` writes it, leaves nothing open.
 *
 * The global state of `setRandomSeed` is neither used nor changed.
 *
 * @throws TypeError or RangeError for a seed that is no integer, an unknown stream or order; KerasModelError for JSON that is
 * no such model, a layer that is not supported (it is named), or a shape that does not fit, all before any weight is
 * allocated; and for an initializer that has no values for its weight.
 * @example
 * // What model.to_json() of Keras says; fetched or read from a file as a rule.
 * const layers = [
 *   { class_name: "InputLayer", config: { batch_shape: [null, 784], dtype: "float32", name: "input" } },
 *   { class_name: "Dense", config: { name: "dense", units: 128, activation: "relu" } },
 * ];
 * const model = { class_name: "Sequential", config: { name: "sequential", layers } };
 * kerasWeights(model, { seed: 42, stream: "keras/jax" }).map(({ name, shape }) => `${name} ${shape}`); // => [ 'dense/kernel 784,128', 'dense/bias 128' ]
 */
export function kerasWeights(config: unknown, options: KerasWeightsOptions): KerasWeightList<KerasWeight> {
  const { plans, warnings } = plansOf(config, choicesOf(options));
  return listed(plans.map(valuesOf), warnings);
}

/** One weight before it has values, which `fill` gives slice by slice: for models larger than memory. */
export interface KerasWeightPlan {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: WeightDType;
  /** Whether a slice costs what it fills; otherwise any slice costs the whole weight. */
  readonly randomAccess: boolean;
  /**
   * Fills `out` with the elements `offset` .. `offset + out.length - 1` of what {@link kerasWeights} returns.
   *
   * @throws KerasModelError where the initializer has no values for the weight.
   */
  fill<A extends ArrayOf[WeightDType]>(out: A, offset?: number): A;
}

/** Whether each call of `initializer` gives other values: it draws its seeds from a generator. */
function isStateful(initializer: Initializer): boolean {
  return isRecord(initializer.getConfig()["seed"]);
}

/**
 * The weights of {@link kerasWeights}, in the same order and of the same bits, without their values.
 *
 * @throws as {@link kerasWeights} does, and KerasModelError for an initializer that has no values for its weight.
 * @example
 * const dense = { class_name: "Dense", config: { name: "dense", units: 128 } };
 * const input = { class_name: "InputLayer", config: { name: "input", batch_shape: [null, 784] } };
 * const config = { class_name: "Sequential", config: { name: "model", layers: [input, dense] } };
 * const [kernel] = kerasWeightPlans(config, { seed: 42 });
 * kernel?.shape; // => [ 784, 128 ]
 * kernel?.fill(new Float32Array(64), 4096); // elements 4096 to 4159, without the others
 */
export function kerasWeightPlans(config: unknown, options: KerasWeightsOptions): KerasWeightList<KerasWeightPlan> {
  const choices = choicesOf(options);
  const { plans, warnings } = plansOf(config, choices);
  const weights = plans.map((plan, index): KerasWeightPlan => {
    const { name, shape, dtype, initializer } = plan;
    if (initializer === null || isStateful(initializer)) {
      return {
        ...{ name, shape, dtype },
        randomAccess: false,
        fill(out, offset = 0) {
          // The model is made again: a generator gives its first seed once.
          const { data } = valuesOf(plansOf(config, choices).plans[index] as WeightPlan);
          // Both are of the weight's dtype.
          (out as Float32Array).set((data as Float32Array).subarray(offset, offset + out.length));
          return out;
        },
      };
    }
    const fill: KerasWeightPlan["fill"] = (out, offset = 0) => {
      try {
        return initializer.fill(out, shape, { offset, dtype });
      } catch (cause) {
        throw refusal(name, cause);
      }
    };
    // What is wrong with shape, dtype or seed shows with the first element; of what is made whole, without any.
    fill(elementTypes[dtype].allocate(initializer.randomAccess ? Math.min(1, sizeOf(shape)) : 0));
    return { ...{ name, shape, dtype }, randomAccess: initializer.randomAccess, fill };
  });
  return listed(weights, warnings);
}

/**
 * The class names of the layers that {@link kerasWeights} knows.
 *
 * @example
 * kerasLayerNames().includes("Dense"); // => true
 */
export function kerasLayerNames(): string[] {
  return Object.keys(layers);
}
