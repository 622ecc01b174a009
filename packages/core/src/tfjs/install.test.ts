// tfjs-layers's initializers, repaired, and ours inside tfjs-layers.

import * as tf from "@tensorflow/tfjs-core";
import { type LayersModel, layers, models, initializers as official, sequential } from "@tensorflow/tfjs-layers";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { kerasInitializers } from "../initializers/keras-initializers.ts";
import { randomUniform } from "../initializers/random.ts";
import { get } from "../initializers/registry.ts";
import { heNormal, varianceScaling } from "../initializers/variance-scaling.ts";
import { SeedGenerator } from "../random/seed-generator.ts";
import { install } from "./install.ts";
import { register } from "./register.ts";
import { initializerOf, toLayers } from "./to-layers.ts";

type Identifier = "heNormal";

beforeAll(async () => {
  register();
  await tf.setBackend("fanin");
});

function denseWith(kernelInitializer: unknown, inputs = 100, units = 50): LayersModel {
  const layer = layers.dense({ units, inputShape: [inputs], kernelInitializer: kernelInitializer as Identifier });
  return sequential({ layers: [layer] });
}

const kernelOf = (model: LayersModel) => (model.getWeights()[0] as tf.Tensor).dataSync() as Float32Array;

const deviation = (values: Float32Array) =>
  Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);

describe("toLayers", () => {
  it("gives a layer the initializer's own values", () => {
    const initializer = heNormal({ seed: 7 });
    expect(kernelOf(denseWith(toLayers(initializer)))).toEqual(initializer([100, 50]).data);
  });

  it("keeps one generator for two layers", () => {
    const shared = toLayers(heNormal({ seed: new SeedGenerator({ seed: 3 }) }));
    const twin = heNormal({ seed: new SeedGenerator({ seed: 3 }) });
    expect(kernelOf(denseWith(shared))).toEqual(twin([100, 50]).data);
    expect(kernelOf(denseWith(shared))).toEqual(twin([100, 50]).data);
  });

  it("survives a model's JSON, with its options, its stream and a large seed", async () => {
    const seed = 2n ** 63n - 1n;
    const options = { seed, scale: 3, mode: "fan_out", distribution: "untruncated_normal" } as const;
    const initializer = varianceScaling({ ...options });
    const json = denseWith(toLayers(initializer)).toJSON(null, false);
    expect(JSON.stringify(json)).toContain('"class_name":"FaninVarianceScaling"');
    const loaded = await models.modelFromJSON(json as never);
    expect(kernelOf(loaded)).toEqual(initializer([100, 50]).data);
    const again = loaded.toJSON(null, false);
    expect(JSON.parse(JSON.stringify(again)).config.layers).toEqual(JSON.parse(JSON.stringify(json)).config.layers);
  });

  it("survives a constant that is an array", async () => {
    const value = { class_name: "__numpy__", config: { value: [1, 2, 3], dtype: "float32" } };
    const initializer = get({ class_name: "Constant", config: { value } });
    const json = denseWith(toLayers(initializer), 2, 3).toJSON(null, false);
    expect([...kernelOf(await models.modelFromJSON(json as never))]).toEqual([1, 2, 3, 1, 2, 3]);
  });

  it("survives a serialized generator", async () => {
    const initializer = () => heNormal({ seed: new SeedGenerator({ seed: 11 }) });
    const json = denseWith(toLayers(initializer())).toJSON(null, false);
    expect(kernelOf(await models.modelFromJSON(json as never))).toEqual(initializer()([100, 50]).data);
  });

  it.each(kerasInitializers.map((factory) => [factory.className, factory] as const))("takes %s", (_, factory) => {
    const initializer = (factory as (options?: object) => ReturnType<typeof heNormal>)();
    const shape = initializer.className === "STFT" ? [6, 1, 4] : [6, 6];
    const adapter = toLayers(initializer);
    expect(adapter.apply(shape).dataSync()).toEqual(initializer(shape).data);
    const copy = initializerOf(initializer.className, JSON.parse(JSON.stringify(adapter.getConfig())));
    expect(copy.getConfig()).toEqual(initializer.getConfig());
  });

  it("refuses what is no initializer", () => {
    expect(() => toLayers("heNormal" as never)).toThrow('expected an initializer of @fanin/core, got "heNormal"');
  });
});

describe("install", () => {
  let undo: () => void;
  beforeEach(() => {
    undo = install();
  });
  afterEach(() => undo());

  it("accepts Keras's names, snake_case and aliases", () => {
    for (const name of [
      "he_normal",
      "HeNormal",
      "heNormal",
      "LecunNormal",
      "lecun_normal",
      "normal",
      "uniform",
      "one",
    ]) {
      expect(kernelOf(denseWith(name)).length, name).toBe(5000);
    }
  });

  it("gives the normals the variance they claim", () => {
    // The relative standard error of 5,000 values is 1 %; tfjs's own is 12 % too small.
    for (const name of ["heNormal", "he_normal"]) {
      expect(deviation(kernelOf(denseWith(name))) / Math.sqrt(2 / 100)).toBeCloseTo(1, 1);
      expect(Math.abs(deviation(kernelOf(denseWith(name))) / Math.sqrt(2 / 100) - 1)).toBeLessThan(0.05);
    }
  });

  it("draws truncated normals where a config says so", () => {
    const config = { scale: 2, mode: "fanIn", distribution: "truncatedNormal", seed: 5 };
    const expected = varianceScaling({ scale: 2, distribution: "truncated_normal", seed: 5 })([100, 50]).data;
    expect(kernelOf(denseWith({ className: "VarianceScaling", config }))).toEqual(expected);
  });

  it("takes the seed 0, in instances too", () => {
    const expected = get({ class_name: "HeNormal", config: { seed: 0 } })([100, 50]).data;
    expect(kernelOf(denseWith(official.heNormal({ seed: 0 })))).toEqual(expected);
    expect(kernelOf(denseWith({ className: "HeNormal", config: { seed: 0 } }))).toEqual(expected);
  });

  it("keeps a minval of 0", () => {
    const config = { minval: 0, maxval: 1, seed: 1 };
    const expected = randomUniform({ minval: 0, maxval: 1, seed: 1 })([100, 50]).data;
    expect(kernelOf(denseWith({ className: "RandomUniform", config }))).toEqual(expected);
  });

  it("takes class names of models that Keras saved", async () => {
    const json = denseWith("lecun_uniform").toJSON(null, false);
    expect(JSON.stringify(json)).toContain('"class_name":"LecunUniform"');
    expect(kernelOf(await models.modelFromJSON(json as never)).length).toBe(5000);
  });

  it("is undone", () => {
    undo();
    expect(() => denseWith("he_normal").getWeights()).toThrow("Unknown initializer");
    expect(deviation(kernelOf(denseWith("heNormal"))) / Math.sqrt(2 / 100)).toBeLessThan(0.93);
    undo = () => {};
  });
});
