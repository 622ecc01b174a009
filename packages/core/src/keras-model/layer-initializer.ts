// The initializers in a layer's config: their seeds drawn when Keras would, cloned where Keras clones them.
// Source: keras/src/initializers/random_initializers.py (RandomInitializer), layers/core/einsum_dense.py 3.15.1.

import { describeBriefly } from "@fanin/tensor/arguments";
import type { Initializer } from "../initializers/initializer.ts";
import { isRecord, type JsonObject } from "../initializers/json-object.ts";
import { kerasInitializers } from "../initializers/keras-initializers.ts";
import { deserialize, factoryOf } from "../initializers/registry.ts";
import { SeedGenerator } from "../random/seed-generator.ts";
import type { StreamName } from "../random/stream-names.ts";
import { KerasModelError } from "./keras-model-error.ts";
import type { WeightSeed } from "./layer.ts";
import type { Seeds } from "./seeds.ts";

/** An initializer of a layer, its seed drawn. */
export interface LayerInitializer {
  readonly values: Initializer;
  /** `from_config(get_config())`: one without a seed draws another. */
  clone(): LayerInitializer;
  /** The same seed with the axes of an einsum, where the class has axes and was given none. */
  withAxes(inputAxes: readonly number[], outputAxes: readonly number[]): LayerInitializer;
  /** The same distribution from another seed; a constant is the same. */
  withSeed(seed: WeightSeed): LayerInitializer;
}

/** A random initializer whose seed the JSON does not hold. */
export interface UnseededInitializer {
  readonly where: string;
  readonly key: string;
  readonly className: string;
  /** Whether it is what the layer has where the code names none. */
  readonly isDefault: boolean;
  /** The name of its SeedGenerator, if it has one. */
  readonly generator: string | undefined;
}

/** Where an initializer is read: for messages, and for what it draws. */
export interface InitializerPlace {
  readonly where: string;
  readonly key: string;
  /** The name of the layer's default. */
  readonly fallback: string;
  readonly seeds: Seeds;
  readonly stream: StreamName;
  /** Takes each random initializer whose values depend on more than the JSON says. */
  readonly found: (initializer: UnseededInitializer) => void;
}

/** The seed that the initializer has in the end; a serialized generator without a seed draws one too. */
function resolveSeed(seed: unknown, seeds: Seeds): unknown {
  if (seed === undefined || seed === null) return seeds.next();
  if (!isRecord(seed) || seed["class_name"] !== "SeedGenerator") return seed;
  const { seed: initial = null } = isRecord(seed["config"]) ? seed["config"] : {};
  return new SeedGenerator({ seed: (initial ?? seeds.next()) as number });
}

function refusal({ where, key }: InitializerPlace, cause: unknown): KerasModelError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new KerasModelError("E_MODEL_CONFIG", where, `${key}: ${reason}`, { cause });
}

/**
 * The initializer that a layer's config names or holds, as `keras.initializers.get` makes it.
 *
 * @throws KerasModelError for an initializer that Keras does not have, or whose arguments it refuses.
 */
export function layerInitializer(serialized: unknown, place: InitializerPlace): LayerInitializer {
  const { where, key, seeds, stream } = place;
  const object: JsonObject = typeof serialized === "string" ? { class_name: serialized } : (serialized as JsonObject);
  if (!isRecord(object) || typeof object["class_name"] !== "string") {
    const expected = `${key}: expected an initializer, got ${describeBriefly(serialized)}`;
    throw new KerasModelError("E_MODEL_CONFIG", where, expected);
  }
  const config = object["config"] ?? {};
  if (!isRecord(config)) {
    throw new KerasModelError(
      "E_MODEL_CONFIG",
      where,
      `${key}.config: expected an object, got ${describeBriefly(config)}`,
    );
  }
  try {
    const factory = factoryOf(object["class_name"]);
    if (!kerasInitializers.some(({ className }) => className === factory.className)) {
      throw new RangeError(`expected one of Keras's initializers, got ${factory.className}`);
    }
    const takesSeed = factory.optionNames.includes("seed");
    const seed = config["seed"] ?? undefined;
    if (takesSeed && (seed === undefined || isRecord(seed))) {
      const isDefault = describedWithoutSeed(factory.className, config) === describedWithoutSeed(place.fallback, {});
      const { name = undefined } = isRecord(seed) && isRecord(seed["config"]) ? seed["config"] : {};
      const generator = isRecord(seed) ? String(name) : undefined;
      place.found({ where, key, className: factory.className, isDefault, generator });
    }
    const concrete = takesSeed ? { ...config, seed: resolveSeed(seed, seeds) } : config;
    return concreteInitializer(factory.className, concrete, () => layerInitializer(serialized, place), stream);
  } catch (cause) {
    throw cause instanceof KerasModelError ? cause : refusal(place, cause);
  }
}

/** Class and options but for the seed, as text: what two initializers have in common that draw alike. */
function describedWithoutSeed(name: string, config: JsonObject): string {
  const { className, optionNames } = factoryOf(name);
  const seeded = optionNames.includes("seed") ? { ...config, seed: 0 } : config;
  return JSON.stringify([className, deserialize({ class_name: className, config: seeded }).getConfig()]);
}

/** The most draws of a SeedGenerator that a state may count. */
const MAX_DRAWS = 65_536;

/** A generator in the given state. */
function generatorOf([seed, draws]: readonly [bigint, bigint]): SeedGenerator {
  if (draws < 0n || draws > MAX_DRAWS) {
    throw new RangeError(`weight_seeds: expected a state of 0 to ${MAX_DRAWS} draws, got ${draws}`);
  }
  const generator = new SeedGenerator({ seed });
  for (let i = 0n; i < draws; i++) generator.next();
  return generator;
}

function concreteInitializer(
  className: string,
  config: JsonObject,
  clone: () => LayerInitializer,
  stream: StreamName,
): LayerInitializer {
  const initializer = deserialize({ class_name: className, config }, { stream });
  const hasAxes = "input_axes" in initializer.getConfig();
  return {
    values: initializer,
    clone,
    withAxes(inputAxes, outputAxes) {
      const isGiven = (config["input_axes"] ?? null) !== null && (config["output_axes"] ?? null) !== null;
      if (!hasAxes || isGiven) return this;
      const axes = { input_axes: inputAxes, output_axes: outputAxes };
      return concreteInitializer(className, { ...config, ...axes }, clone, stream);
    },
    withSeed(seed) {
      if (!factoryOf(className).optionNames.includes("seed")) return this;
      const own = typeof seed === "bigint" ? seed : generatorOf(seed);
      return concreteInitializer(className, { ...config, seed: own }, clone, stream);
    },
  };
}
