// Repairs tfjs-layers's own initializers in place: Keras's names, variances and seeds, and a fast Orthogonal.
// Source: initializers.ts of tfjs-layers 4.22; Keras 3.15.1's classes and aliases.
//
// Two places are repaired. The registry, through which strings and configs go, gets our classes. The six Glorot, He and
// LeCun strings are built into tfjs-layers as `new X()`, so the apply methods of its own classes are replaced as well.

import { type DataType, serialization, type Tensor, tensor } from "@tensorflow/tfjs-core";
import type { InitializerFactory } from "../initializers/initializer.ts";
import { kerasInitializers } from "../initializers/keras-initializers.ts";
import { initializerNames, registeredName } from "../initializers/registry.ts";
import { registerOptimizers } from "./fused-optimizers.ts";
import { defineLayersClass, initializerOf, toLayers } from "./to-layers.ts";

type Entry = [serialization.SerializableConstructor<serialization.Serializable>, unknown];

/** An instance of one of tfjs-layers's own classes. */
interface OfficialInitializer {
  apply(shape: number[], dtype?: DataType): Tensor;
  getConfig(): serialization.ConfigDict;
}

/** tfjs-layers's classes that draw, and the keys of Keras's that their configs have. */
const drawing = ["Orthogonal", "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling"];

/** Names of tfjs-layers beside Keras's own. */
const layersNames: Readonly<Record<string, readonly string[]>> = {
  LecunNormal: ["LeCunNormal", "leCunNormal"],
  LecunUniform: ["LeCunUniform", "leCunUniform"],
};

function registryMap(): Record<string, Entry> {
  const { classNameMap } = serialization.SerializationMap.getMap();
  return classNameMap as unknown as Record<string, Entry>;
}

/** Every name of one factory: Keras's, snake_case, camelCase, aliases. */
function namesOf({ className, aliases }: InitializerFactory<never>): string[] {
  const camel = className.charAt(0).toLowerCase() + className.slice(1);
  return [className, registeredName(className), camel, ...aliases, ...(layersNames[className] ?? [])];
}

/** Makes tfjs-layers's own class `className` draw what Keras draws; returns how to undo it. */
function repairApply(className: string, { prototype }: { prototype: unknown }): () => void {
  const official = prototype as OfficialInitializer;
  const { apply } = official;
  official.apply = function (this: OfficialInitializer, shape: number[], dtype: DataType = "float32"): Tensor {
    // Called on a preset, `this` has the scale, mode and distribution of it.
    return tensor(initializerOf(className, this.getConfig())(shape).data, shape, dtype);
  };
  return () => {
    official.apply = apply;
  };
}

/**
 * Repairs the initializers of tfjs-layers, and returns a function that undoes it.
 *
 * Afterwards every string or config that Keras accepts is accepted, draws the stream keras/tensorflow, has Keras's
 * variance, takes the seed 0, and Orthogonal takes milliseconds; AdamW configs load. What a constructor of tfjs-layers has
 * already lost stays lost: `tf.initializers.randomUniform({ minval: 0 })` keeps its -0.05, the string and the config do not.
 *
 * @throws Error where tfjs-layers was not loaded.
 * @example
 * import * as layers from "@tensorflow/tfjs-layers";
 * install();
 * layers.layers.dense({ units: 10, kernelInitializer: "he_normal" as "heNormal" });
 */
export function install(): () => void {
  const map = registryMap();
  if (!map["VarianceScaling"]) {
    throw new Error("install: expected @tensorflow/tfjs-layers to be loaded, found none of its initializers");
  }
  const undo: (() => void)[] = [];
  const known = new Set(initializerNames());
  for (const className of drawing.filter((name) => known.has(name))) {
    const entry = map[className];
    if (entry) undo.push(repairApply(className, entry[0]));
  }
  for (const factory of kerasInitializers) {
    const cls = defineLayersClass(factory.className, factory.className);
    for (const name of namesOf(factory)) {
      const before = map[name];
      map[name] = [cls, cls.fromConfig];
      undo.push(() => {
        if (before) map[name] = before;
        else delete map[name];
      });
    }
    // So that models with weights by toLayers load too.
    toLayers((factory as InitializerFactory<object>)({}));
  }
  registerOptimizers();
  return () => {
    for (const step of undo.reverse()) step();
  };
}
