// kerasWeights: the initial weights of a whole Keras model, from its JSON and a seed.
// Source: Keras 3.15.1; which layers draw seeds when, and the order of weights, as in the sources that each layer names.

import { describeBriefly } from "../errors.ts";
import type { Initializer } from "../initializers/initializer.ts";
import { isRecord } from "../initializers/json-object.ts";
import { expectSeedInteger } from "../random/seed.ts";
import { DEFAULT_STREAM, expectStreamName, type StreamName } from "../random/streams.ts";
import { type ArrayOf, elementTypes } from "../tensor/dtype.ts";
import { type Shape, sizeOf } from "../tensor/shape.ts";
import type { Tensor } from "../tensor/tensor.ts";
import { construct } from "./construct.ts";
import { KerasModelError } from "./keras-model-error.ts";
import type { WeightDType, WeightPlan } from "./layer.ts";
import { layers } from "./layers/index.ts";
import { Seeds } from "./seeds.ts";

/** Options of {@link kerasWeights}. */
export interface KerasWeightsOptions {
  /** What `keras.utils.set_random_seed` is given. */
  readonly seed: number | bigint;
  /** The backend that Keras runs on; the default stream unless said. */
  readonly stream?: StreamName | undefined;
}

/**
 * One weight: values of `dtype`, which is float32 unless the layer's policy says otherwise, and a name such as
 * `dense/kernel` or `bidirectional/forward_gru/gru_cell/bias`: Keras's path without the model's own name.
 */
export type KerasWeight = { readonly [D in WeightDType]: Tensor<D> & { readonly name: string } }[WeightDType];

function parse(config: unknown): unknown {
  if (typeof config !== "string") return config;
  try {
    return JSON.parse(config) as unknown;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new KerasModelError("E_MODEL_JSON", "model", `expected the text of model.to_json(), got ${reason}`, {
      cause,
    });
  }
}

function plansOf(config: unknown, seed: bigint, stream: StreamName): readonly WeightPlan[] {
  const json = parse(config);
  const className = isRecord(json) ? (json["class_name"] ?? json["className"]) : undefined;
  if (className !== "Sequential" && className !== "Functional" && className !== "Model") {
    const got = isRecord(json) ? `the class ${describeBriefly(className)}` : describeBriefly(json);
    throw new KerasModelError("E_MODEL_CONFIG", "model", `expected the JSON of a Sequential or Functional, got ${got}`);
  }
  const model = construct(json, { layers, seeds: new Seeds(seed), stream });
  const plans = model.build?.({}) ?? [];
  const names = new Set<string>();
  for (const { name } of plans) {
    if (names.has(name))
      throw new KerasModelError("E_MODEL_GRAPH", model.where, `two weights are named ${describeBriefly(name)}`);
    names.add(name);
  }
  return plans;
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

/**
 * Every weight of a Keras 3 model, in the order of `model.weights`, as it is after `keras.utils.set_random_seed(seed)` and
 * building the model, bit for bit (recurrent kernels, which are orthogonal, to about 1e-6).
 *
 * `config` is what `model.to_json()` returns, as text or parsed. Seeds are drawn in the order in which the layers stand
 * in the JSON; that is the order of the code that made the model, unless its branches were written in another. The global
 * state of `setRandomSeed` is neither used nor changed.
 *
 * @throws TypeError or RangeError for a seed that is no integer or an unknown stream; KerasModelError for JSON that is no
 * such model, a layer that is not supported (it is named), or a shape that does not fit, all before any weight is
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
export function kerasWeights(config: unknown, options: KerasWeightsOptions): readonly KerasWeight[] {
  const seed = expectSeedInteger("seed", options?.seed);
  const stream = expectStreamName(options.stream ?? DEFAULT_STREAM);
  return plansOf(config, seed, stream).map(valuesOf);
}

/** One weight before it has values, which `fill` gives slice by slice: for models larger than memory. */
export interface KerasWeightPlan {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: WeightDType;
  /** Whether a slice costs what it fills; otherwise any slice costs the whole weight. */
  readonly addressable: boolean;
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
export function kerasWeightPlans(config: unknown, options: KerasWeightsOptions): readonly KerasWeightPlan[] {
  const seed = expectSeedInteger("seed", options?.seed);
  const stream = expectStreamName(options.stream ?? DEFAULT_STREAM);
  return plansOf(config, seed, stream).map((plan, index): KerasWeightPlan => {
    const { name, shape, dtype, initializer } = plan;
    if (initializer === null || isStateful(initializer)) {
      return {
        ...{ name, shape, dtype },
        addressable: false,
        fill(out, offset = 0) {
          // A model made anew: a generator gives its first seed once.
          const { data } = valuesOf(plansOf(config, seed, stream)[index] as WeightPlan);
          out.set(data.subarray(offset, offset + out.length));
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
    fill(elementTypes[dtype].allocate(initializer.addressable ? Math.min(1, sizeOf(shape)) : 0));
    return { ...{ name, shape, dtype }, addressable: initializer.addressable, fill };
  });
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
