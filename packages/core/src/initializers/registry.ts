// From names and Keras's JSON to initializers.
// Source: keras/src/initializers/__init__.py (get, deserialize) 3.15.1.

import {
  allocate,
  type DType,
  type ElementArray,
  elementsOf,
  elementTypes,
  expectShape,
  formatShape,
  isTensorLike,
  type Shape,
  type Tensor,
} from "@fanin/tensor";
import { camelCase, describeValue, snakeCase, suggestion } from "@fanin/tensor/arguments";
import { constant } from "../random/distribution.ts";
import { SeedGenerator, type SeedGeneratorConfig } from "../random/seed-generator.ts";
import type { StreamName } from "../random/stream-names.ts";
import { expectArrayValue, type NestedNumbers, type NumberArray } from "./array-value.ts";
import { extensions } from "./extensions.ts";
import { defineConstant, type Initializer, type InitializerFactory } from "./initializer.ts";
import { isRecord } from "./json-object.ts";
import { kerasInitializers } from "./keras-initializers.ts";
import { type InitializerIdentifier, parseCall } from "./parse-initializer.ts";
import { serialize } from "./serialize.ts";

/** Options of {@link get} and {@link deserialize}. */
export interface GetOptions {
  /** The stream of what is made. Defaults to `keras/tensorflow`. */
  readonly stream?: StreamName | undefined;
}

type AnyFactory = InitializerFactory<Record<string, unknown>>;

/** Keras's base class: it can be named and serialized, but has no values. */
const abstractInitializer: InitializerFactory<Record<never, never>> = defineConstant("Initializer", {
  parameters: {},
  distribution: () => constant(Number.NaN),
  fill: () => {
    throw new TypeError("Initializer subclasses must implement the `__call__()` method.");
  },
});

/** `RandomNormal` as Keras names it in lower case: `random_normal`; `STFT` is `stft`. */
export function registeredName(className: string): string {
  return className.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
}

const byName = new Map<string, AnyFactory>(
  [
    ...(kerasInitializers as readonly AnyFactory[]),
    ...(extensions as readonly AnyFactory[]),
    abstractInitializer as AnyFactory,
  ].flatMap((factory) =>
    [factory.className, registeredName(factory.className), ...factory.aliases].map((name) => [name, factory] as const),
  ),
);

/**
 * Every name that `get` accepts, class names first.
 *
 * @example
 * initializerNames().includes("glorot_uniform"); // => true
 */
export function initializerNames(): string[] {
  return [...byName.keys()];
}

/** A seed in a config may itself be a serialized SeedGenerator, of which a fresh one is made. */
function deserializeSeed(seed: unknown): unknown {
  if (!isRecord(seed) || seed instanceof SeedGenerator) return seed;
  if (seed["class_name"] !== "SeedGenerator" || !isRecord(seed["config"])) {
    throw new TypeError(`seed: expected an integer, null or a serialized SeedGenerator, got ${describeValue(seed)}`);
  }
  return SeedGenerator.fromConfig(seed["config"] as unknown as SeedGeneratorConfig);
}

/** A config may hold another initializer, serialized; other serialized objects are the class's own business. */
function isSerialized(value: unknown): boolean {
  return isRecord(value) && typeof value["class_name"] === "string" && byName.has(value["class_name"]);
}

/**
 * The initializer that `serialize` (or Keras) wrote; of a list, a list of them. As in Keras only `class_name` and `config`
 * count, but for a `module` that is null.
 *
 * @throws TypeError for what is not such an object, or a key the class does not have; RangeError for an unknown class.
 * @example
 * deserialize({ class_name: "HeNormal", config: { seed: 1 } }).getConfig(); // => { seed: 1, input_axes: null, output_axes: null }
 */
export function deserialize(serialized: readonly unknown[], options?: GetOptions): Initializer[];
export function deserialize(serialized: unknown, options?: GetOptions): Initializer;
export function deserialize(serialized: unknown, options: GetOptions = {}): Initializer | Initializer[] {
  if (Array.isArray(serialized)) return serialized.map((entry: unknown) => deserialize(entry, options));
  if (!isRecord(serialized)) {
    throw new TypeError(`identifier: expected an object with a class_name, got ${describeValue(serialized)}`);
  }
  if (typeof serialized["class_name"] !== "string") {
    throw new TypeError(`Unknown \`config\` as a \`dict\`, config=${describeValue(serialized)}`);
  }
  if (serialized["module"] === null) {
    throw new TypeError(`Cannot deserialize object of type \`${serialized["class_name"]}\`: its module is null`);
  }
  const factory = factoryOf(serialized["class_name"]);
  const config = serialized["config"] ?? {};
  if (!isRecord(config)) throw new TypeError(`config: expected an object, got ${describeValue(config)}`);
  const keys = factory.optionNames.filter((option) => option !== "stream").map(snakeCase);
  const given: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(config)) {
    if (!keys.includes(key)) {
      const expected = keys.length === 0 ? "no keys" : keys.join(", ");
      throw new TypeError(
        `${factory.className} could not be deserialized properly: unknown config key ${JSON.stringify(key)}; expected ${expected}${suggestion(key, keys)}`,
      );
    }
    if (key === "seed") given["seed"] = deserializeSeed(value);
    else given[camelCase(key)] = isSerialized(value) ? deserialize(value, options) : value;
  }
  if (factory.className === "Constant" && !("value" in config)) {
    throw new TypeError(
      `Constant could not be deserialized properly: expected the key "value", got ${describeValue(config)}`,
    );
  }
  return make(factory, given, options);
}

/** The factory of a class name or alias. */
export function factoryOf(name: string): AnyFactory {
  const factory = byName.get(name);
  if (factory) return factory;
  throw new RangeError(
    `Could not interpret initializer identifier: ${describeValue(name)}${suggestion(name, byName.keys())}`,
  );
}

function make(factory: AnyFactory, given: Record<string, unknown>, { stream }: GetOptions): Initializer {
  return factory(stream !== undefined && factory.optionNames.includes("stream") ? { ...given, stream } : given);
}

/** The parameters of a Keras initializer in the order of its arguments, the seed last, as Keras has them. */
function kerasParameters(name: string): string[] {
  const names = Object.keys(make(factoryOf(name), {}, {}).getConfig());
  return [...names.filter((key) => key !== "seed"), ...names.filter((key) => key === "seed")];
}

/**
 * The name and arguments of an initializer that is written as text. Arguments without a key come first and get the keys of
 * `parametersOf` in order; by default these are the parameters of the Keras initializer.
 *
 * @throws RangeError for text that is not a name or a call, is longer than 10,000 characters, or has too many arguments.
 * @example
 * parseInitializer("random_normal(stddev=1)"); // { class_name: "random_normal", config: { stddev: 1 } }
 * parseInitializer("constant(0.5)").config; // => { value: 0.5 }
 */
export function parseInitializer(
  text: string,
  parametersOf: (name: string) => readonly string[] = kerasParameters,
): InitializerIdentifier {
  return parseCall(text, parametersOf);
}

/** A function with the interface of an initializer's call; all that a layer needs. */
export type InitializerFunction = <D extends DType = "float32">(
  shape: Shape,
  options?: { readonly dtype?: D | undefined },
) => Tensor<D>;

/** Copies `array`, cast to the dtype asked for, where its own shape is asked for. */
function copyOf(array: NumberArray): InitializerFunction {
  return <D extends DType = "float32">(shape: Shape, options: { readonly dtype?: D | undefined } = {}): Tensor<D> => {
    if (formatShape(expectShape(shape)) !== formatShape(array.shape)) {
      throw new RangeError(
        `Expected \`shape\` to be ${formatShape(array.shape)} for direct tensor as initializer. Received shape=${formatShape(shape)}`,
      );
    }
    const dtype = options.dtype ?? ("float32" as D);
    const data = allocate(shape, dtype);
    const { encode } = elementTypes[dtype];
    const target = elementsOf(data as ElementArray);
    for (const [i, value] of array.values.entries()) target[i] = encode(value);
    return { shape, dtype, data };
  };
}

/**
 * The initializer that `identifier` names: a string such as `he_normal` or `random_normal(stddev=1)`, Keras's JSON, or a factory. An initializer or any other function is
 * returned as it is, and so is null; a tensor, typed array or list of numbers becomes a function that copies it.
 *
 * @throws RangeError for an unknown name, with the nearest one; TypeError for another kind.
 * @example
 * get("he_normal");
 * get("random_normal(stddev=1)").getConfig(); // => { seed: null, mean: 0, stddev: 1 }
 * get({ class_name: "HeNormal", config: { seed: 1 } });
 * get([[1, 0], [0, 1]])([2, 2]).data; // => Float32Array(4) [ 1, 0, 0, 1 ]
 */
export function get(identifier: null, options?: GetOptions): null;
export function get(identifier: string | Initializer | InitializerFactory<never>, options?: GetOptions): Initializer;
export function get(
  identifier: readonly NestedNumbers[] | ElementArray | Tensor<DType>,
  options?: GetOptions,
): InitializerFunction;
export function get<F extends (shape: Shape) => Tensor<DType>>(identifier: F, options?: GetOptions): F;
export function get(identifier: unknown, options?: GetOptions): Initializer;
export function get(identifier: unknown, options: GetOptions = {}): unknown {
  if (identifier === null) return null;
  if (typeof identifier === "string") {
    // Keras knows names alone; a call is text of a command line or a document.
    if (identifier.includes("(")) return deserialize(parseInitializer(identifier), options);
    return make(factoryOf(identifier), {}, options);
  }
  if (Array.isArray(identifier) || ArrayBuffer.isView(identifier) || isTensorLike(identifier)) {
    return copyOf(expectArrayValue("identifier", identifier));
  }
  if (isRecord(identifier)) return deserialize(identifier, options);
  const factory = [...byName.values()].find((candidate) => candidate === identifier);
  if (factory) return make(factory, {}, options);
  if (typeof identifier === "function") return identifier;
  throw new TypeError(`Could not interpret initializer identifier: ${describeValue(identifier)}`);
}

/**
 * An initializer of the same class, config and stream. As in Keras, one that was given no seed draws a new one, and a
 * SeedGenerator is created again from its initial seed, not shared.
 *
 * @example
 * clone(heNormal({ seed: 1 }))([2, 2]); // what heNormal({ seed: 1 })([2, 2]) gives
 */
export function clone(initializer: Initializer): Initializer {
  const { stream } = initializer;
  return deserialize(serialize(initializer), stream === null ? {} : { stream });
}
