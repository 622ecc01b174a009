// Our initializers as tfjs-layers takes them: serializable classes in its registry, made on first use, never on import.
// Source: initializers.ts (getInitializer) and utils/serialization_utils.ts of tfjs-layers 4.22.
//
// tfjs-layers does not export its Initializer class, but makes an instance of any registered class from an object that has
// `className` and `config`; on disk it turns camelCase into snake_case and back, in keys and in strings.

import { camelCase, describeValue, snakeCase } from "@fanin/tensor/arguments";
import { type DataType, serialization, type Tensor, tensor } from "@tensorflow/tfjs-core";
import type { Config, Initializer } from "../initializers/initializer.ts";
import { deserialize } from "../initializers/registry.ts";
import { DEFAULT_STREAM, expectStreamName } from "../random/stream-names.ts";

/** What {@link toLayers} returns: the interface of tfjs-layers's Initializer, and what its registry makes copies from. */
export interface LayersInitializer extends serialization.Serializable {
  readonly className: string;
  readonly config: serialization.ConfigDict;
  apply(shape: (number | null)[], dtype?: DataType): Tensor;
  fromConfigUsesCustomObjects(): boolean;
}

/** A class of the registry, whose instances apply one initializer. */
export interface LayersClass extends serialization.SerializableConstructor<serialization.Serializable> {
  readonly className: string;
  new (initializer: Initializer): LayersInitializer;
}

/** Initializers by the config that went into tfjs-layers, so that an instance keeps its generator and its drawn seed. */
const live = new WeakMap<object, Initializer>();

/** A config value that survives tfjs-layers's JSON, which knows no bigint. */
function layersValue(value: unknown): serialization.ConfigDictValue {
  if (typeof value === "bigint") return value.toString();
  if (Array.isArray(value)) return value.map(layersValue) as serialization.ConfigDictValue;
  if (typeof value === "object" && value !== null) return layersConfig(value as Config);
  return value as serialization.ConfigDictValue;
}

/** Keras's config with keys in camelCase. */
function layersConfig(config: Config): serialization.ConfigDict {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [camelCase(key), layersValue(value)]));
}

/** The classes that configs nest, by what tfjs-layers's changes of case make of them. */
const nested: Readonly<Record<string, string>> = { Numpy: "__numpy__", Tensor: "__tensor__" };

/** What tfjs-layers read, as Keras wrote it. */
function kerasValue(key: string, value: unknown): unknown {
  if (key === "seed" && typeof value === "string" && /^-?\d+$/.test(value)) return BigInt(value);
  if (typeof value === "object" && value !== null && "className" in value && "config" in value) {
    return { class_name: nested[String(value.className)] ?? value.className, config: value.config };
  }
  return typeof value === "string" ? snakeCase(value) : value;
}

/** The initializer of a config that tfjs-layers gives back, or that a user wrote in its style. */
export function initializerOf(className: string, config: serialization.ConfigDict): Initializer {
  const known = live.get(config);
  if (known) return known;
  // tfjs-layers adds customObjects to every config.
  const { customObjects: _, stream, ...rest } = config;
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  const keras = Object.fromEntries(given.map(([key, value]) => [snakeCase(key), kerasValue(key, value)]));
  const options = stream === undefined || stream === null ? {} : { stream: expectStreamName(stream) };
  return deserialize({ class_name: className, config: keras }, options);
}

/** A registry class named `layersName` for Keras's class `className`. */
export function defineLayersClass(layersName: string, className: string): LayersClass {
  return class extends serialization.Serializable implements LayersInitializer {
    static readonly className = layersName;
    readonly className = layersName;
    readonly config: serialization.ConfigDict;
    readonly #initializer: Initializer;

    constructor(initializer: Initializer) {
      super();
      this.#initializer = initializer;
      const { stream } = initializer;
      const named = stream === null || stream === DEFAULT_STREAM ? {} : { stream };
      this.config = { ...layersConfig(initializer.getConfig()), ...named };
      live.set(this.config, initializer);
    }

    static override fromConfig<T extends serialization.Serializable>(
      cls: serialization.SerializableConstructor<T>,
      config: serialization.ConfigDict,
    ): T {
      return new (cls as unknown as new (initializer: Initializer) => T)(initializerOf(className, config));
    }

    /** A new tensor each time: the caller disposes it. */
    apply(shape: (number | null)[], dtype: DataType = "float32"): Tensor {
      const { data } = this.#initializer(shape as number[]);
      return tensor(data, shape as number[], dtype);
    }

    getConfig(): serialization.ConfigDict {
      const { customObjects: _, ...config } = this.config;
      return config;
    }

    fromConfigUsesCustomObjects(): boolean {
      return false;
    }
  };
}

const classes = new Map<string, LayersClass>();

/**
 * An initializer as `tf.layers.*` takes it, for instance as `kernelInitializer`. It survives `model.toJSON()` and
 * `tf.loadLayersModel` in programs that have called `toLayers` or `install` once.
 *
 * @throws TypeError for what is no initializer of this library.
 * @example
 * import * as tf from "@tensorflow/tfjs-layers";
 * import { heNormal } from "@fanin/core";
 * tf.layers.dense({ units: 10, kernelInitializer: toLayers(heNormal({ seed: 0 })) }).getClassName(); // => 'Dense'
 */
export function toLayers(initializer: Initializer): LayersInitializer {
  if (typeof initializer !== "function" || typeof initializer.getConfig !== "function") {
    throw new TypeError(`initializer: expected an initializer of @fanin/core, got ${describeValue(initializer)}`);
  }
  const { className } = initializer;
  const LayersClass = classes.get(className) ?? defineLayersClass(`Fanin${className}`, className);
  if (!classes.has(className)) {
    classes.set(className, LayersClass);
    serialization.registerClass(LayersClass);
  }
  return new LayersClass(initializer);
}
