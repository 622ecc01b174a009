// From an initializer to Keras's JSON.
// Source: keras/src/initializers/__init__.py (serialize) 3.15.1.

import type { Config, Initializer } from "./initializer.ts";
import { kerasInitializers } from "./keras-initializers.ts";

/** An initializer as Keras writes it to JSON. */
export interface SerializedInitializer {
  /** Keras's module, or ours for the classes that Keras does not have. */
  readonly module: "keras.initializers" | "fanin.initializers";
  readonly class_name: string;
  readonly config: Config;
  readonly registered_name: null;
}

/**
 * Keras's JSON of an initializer; `deserialize` makes the same one of it.
 *
 * @example
 * serialize(heNormal({ seed: 1 })).class_name; // => 'HeNormal'
 */
export function serialize(initializer: Initializer): SerializedInitializer {
  const { className } = initializer;
  const isKeras = className === "Initializer" || kerasInitializers.some((factory) => factory.className === className);
  return {
    module: isKeras ? "keras.initializers" : "fanin.initializers",
    class_name: className,
    config: initializer.getConfig(),
    registered_name: null,
  };
}
